"""Classes of vehicle that a parking tariff may tell apart."""

VEHICLE_CLASSES = [
    ("small", "Small car"),
    ("new_energy", "New-energy car"),
    ("large", "Large vehicle"),
    ("motorcycle", "Motorcycle"),
    ("other", "Other"),
]
PLATE_COLORS = [
    ("blue", "Blue"),
    ("green", "Green"),
    ("yellow", "Yellow"),
    ("yellow_green", "Yellow and green"),
    ("white", "White"),
    ("black", "Black"),
    ("other", "Other"),
]
#: Who may see what a stay costs; a guard may not.
MONEY_GROUPS = "property_base.group_cashier,property_base.group_finance,property_base.group_manager"
