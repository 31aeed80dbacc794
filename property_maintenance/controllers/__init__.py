from . import request_kpi
