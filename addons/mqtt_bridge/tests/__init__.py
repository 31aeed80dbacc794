from . import (
    test_access,
    test_actions,
    test_bridge,
    test_command,
    test_dead_letter,
    test_event,
    test_http,
    test_inbox,
    test_kernels,
    test_outbox,
    test_role_tours,
    test_setup,
)
