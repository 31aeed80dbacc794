from . import lease_steps, leases, moveouts
