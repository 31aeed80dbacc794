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
PASS_KINDS = [
    ("monthly", "Monthly card"),
    ("owner_space", "Owner's space"),
    ("free", "Free"),
    ("staff", "Staff"),
]
#: What a car comes as.
CATEGORIES = [
    ("white", "White list"),
    ("black", "Black list"),
    *PASS_KINDS,
    ("grace", "Card in grace"),
    ("visitor", "Visitor"),
    ("temporary", "Temporary"),
]
#: Who may see what a stay costs; a guard may not.
MONEY_GROUPS = "property_base.group_cashier,property_base.group_finance,property_base.group_manager"
#: Minutes for which a car is thought to wait at the barrier.
WAITING_MINUTES = 15
