from . import (
    test_access,
    test_checkins,
    test_handing_in,
    test_kernels,
    test_plans,
    test_results,
    test_rounds,
)
