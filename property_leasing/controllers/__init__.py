from . import deposit_ledger, lease_steps, leases, moveouts
