from . import (
    property_handover_objection,
    property_incident_end,
    property_parking_confirm,
    property_parking_coupon_use,
)
