from . import property_lease
