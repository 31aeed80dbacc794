from . import (
    test_matching,
    test_prospect,
    test_prospect_access,
    test_prospect_tours,
    test_reservation,
)
