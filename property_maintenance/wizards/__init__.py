from . import (
    property_equipment_state_change,
    property_upkeep_copy,
)
