"""Choices that several models of visitors share."""

KINDS = [
    ("visitor", "Visitor"),
    ("delivery", "Delivery"),
    ("contractor", "Contractor"),
]
RULE_KINDS = [*KINDS, ("item", "Item release")]
APPROVALS = [
    ("none", "Not needed"),
    ("waiting", "Waiting"),
    ("approved", "Approved"),
    ("refused", "Refused"),
]
#: Who sees telephone numbers in full: guards see them masked.
PHONE_GROUPS = "property_base.group_service"
