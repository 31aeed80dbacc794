from . import (
    test_access,
    test_bridge,
    test_dead_letter,
    test_http,
    test_inbox,
    test_kernels,
    test_liveness,
    test_overview,
    test_secrets,
    test_sequences,
    test_setup,
    test_template,
)
