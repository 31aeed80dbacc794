from . import lease_steps, leases, moveouts
from . import lease_reports
