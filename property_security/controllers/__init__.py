from . import (
    camera_picture,
    field_gates,
    gate,
    gate_guest,
    patrol_heat,
    visitor_field,
    visitor_portal,
    visitor_portal_item,
    visitor_public,
)
