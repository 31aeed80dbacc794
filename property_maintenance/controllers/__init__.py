from . import portal_request_steps, portal_requests, request_kpi
