from . import (
    test_access,
    test_checkins,
    test_field_access,
    test_field_chain,
    test_field_http,
    test_field_kernels,
    test_handing_in,
    test_kernels,
    test_plans,
    test_results,
    test_rounds,
    test_tours,
)
