from . import (
    test_failures,
    test_kernels,
    test_layout,
    test_records,
    test_resource,
    test_security,
)
