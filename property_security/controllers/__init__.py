from . import patrol_heat
from . import visitor_field, visitor_portal, visitor_portal_item, visitor_public
from . import gate, gate_guest
from . import camera_picture
