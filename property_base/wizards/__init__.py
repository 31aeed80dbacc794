from . import property_transfer, property_unmask
