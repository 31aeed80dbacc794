from . import (
    test_lease,
    test_lease_access,
    test_lease_amendment,
    test_lease_amendment_space,
    test_lease_billing,
    test_lease_contract,
    test_lease_reminder,
    test_lease_tours,
    test_schedule,
    test_space,
    test_space_plan,
    test_space_reshape,
)
