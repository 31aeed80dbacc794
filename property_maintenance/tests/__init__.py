from . import (
    test_certificate,
    test_equipment,
    test_equipment_access,
    test_equipment_label,
    test_inspection,
    test_reading,
    test_upkeep,
    test_upkeep_kernel,
)
