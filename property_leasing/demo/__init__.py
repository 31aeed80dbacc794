"""Demo data: a mall of shops, and leases of every kind."""
