from . import equipment, field_register, portal_request_steps, portal_requests, request_kpi
