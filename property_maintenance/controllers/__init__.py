from . import equipment, request_kpi
