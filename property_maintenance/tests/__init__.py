from . import (
    test_board,
    test_board_tour,
    test_dispatch,
    test_escalation,
    test_pool_rivals,
    test_raise,
    test_request_access,
    test_request_clock,
    test_request_kernels,
    test_request_report,
    test_steps,
)
