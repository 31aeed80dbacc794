from . import property_parking_collect
