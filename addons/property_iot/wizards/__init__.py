from . import property_meter_connect, property_meter_connect_line
