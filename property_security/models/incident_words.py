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
#: Who may see cameras, for fields of records that others see too.
WATCHERS = "property_base.group_guard,property_base.group_service,property_base.group_engineer"
#: From here on only customer service and managers close an incident.
SERIOUS = ("3", "4")
