from . import property_request_event, property_request_kpi
