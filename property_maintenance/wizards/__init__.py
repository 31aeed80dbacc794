from . import property_request_event
