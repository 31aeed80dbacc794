from . import (
    property_equipment_state_change,
    property_request_event,
    property_request_kpi,
    property_request_quotation_answer,
    property_route_fill,
    property_upkeep_copy,
)
