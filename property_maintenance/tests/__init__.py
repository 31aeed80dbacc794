from . import (
    test_desk_kernels,
    test_front_desk,
    test_portal_requests,
    test_portal_requests_abuse,
    test_quotations,
)
