from . import (
    test_access,
    test_alarms,
    test_bridge,
    test_dead_letter,
    test_http,
    test_inbox,
    test_kernels,
    test_rule_kernels,
    test_rule_rivals,
    test_rules,
    test_setup,
    test_tours,
)
