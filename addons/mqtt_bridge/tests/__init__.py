from . import (
    test_access,
    test_bridge,
    test_dead_letter,
    test_http,
    test_inbox,
    test_kernels,
    test_packets,
    test_setup,
)
