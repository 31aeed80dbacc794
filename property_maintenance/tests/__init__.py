from . import (
    test_certificate,
    test_equipment,
    test_equipment_access,
    test_reading,
    test_upkeep,
    test_upkeep_kernel,
)
