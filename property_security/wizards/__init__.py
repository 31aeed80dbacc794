from . import property_parking_confirm
