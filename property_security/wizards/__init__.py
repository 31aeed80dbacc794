from . import (
    property_gate_open,
    property_handover_objection,
    property_incident_end,
    property_parking_close,
    property_parking_confirm,
    property_parking_coupon_use,
    property_visitor_refusal,
)
