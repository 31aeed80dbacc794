from . import (
    test_access,
    test_alarms,
    test_connect,
    test_gateways,
    test_kernels,
    test_readings,
    test_telegrams,
    test_tours,
    test_uninstall,
)
