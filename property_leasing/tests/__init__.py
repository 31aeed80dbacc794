from . import (
    test_lease,
    test_lease_access,
    test_lease_amendment,
    test_lease_billing,
    test_lease_contract,
    test_lease_rent_roll,
    test_lease_reports,
    test_lease_tours,
    test_rent_roll_kernel,
    test_schedule,
    test_schedule_properties,
    test_space,
)
