from . import (
    camera_picture,
    gate,
    gate_guest,
    patrol_heat,
    visitor_field,
    visitor_portal,
    visitor_portal_item,
    visitor_public,
)
from . import field_gates
