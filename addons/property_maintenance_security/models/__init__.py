from . import maintenance_request, property_incident
