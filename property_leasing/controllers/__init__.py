from . import deposit_ledger, lease_reports, lease_steps, leases, moveouts
