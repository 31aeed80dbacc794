"""The process beside Odoo, and the inbox that it shares with Odoo."""
