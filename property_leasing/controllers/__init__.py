from . import lease_reports
