"""Words that several models of incidents share."""

SEVERITIES = [
    ("1", "Minor"),
    ("2", "Ordinary"),
    ("3", "Serious"),
    ("4", "Critical"),
]
STATES = [
    ("reported", "Reported"),
    ("handling", "Being Handled"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
OPEN_STATES = ("reported", "handling")
#: From here on only customer service and managers close an incident.
SERIOUS = ("3", "4")
