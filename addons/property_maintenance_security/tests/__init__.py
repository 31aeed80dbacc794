from . import test_incident_requests
