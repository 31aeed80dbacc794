from . import (
    test_lease,
    test_lease_access,
    test_lease_amendment,
    test_lease_billing,
    test_lease_contract,
    test_lease_portal,
    test_lease_tours,
    test_moveout,
    test_schedule,
    test_space,
    test_turnover,
    test_turnover_kernel,
)
