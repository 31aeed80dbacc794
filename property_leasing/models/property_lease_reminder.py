from odoo import fields, models


class PropertyLeaseReminder(models.Model):
    """A reminder that was given: the database keeps it from being given twice."""

    _name = "property.lease.reminder"
    _description = "Reminder of a Lease"
    _inherit = ["property.scoped"]
    _order = "date, days desc, id"

    lease_id = fields.Many2one(
        "property.lease", required=True, readonly=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="lease_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="lease_id.company_id", store=True, index=True, precompute=True
    )
    kind = fields.Selection(
        [("end", "End of the lease"), ("step", "Step of the rent"), ("option", "Option")],
        required=True,
        readonly=True,
    )
    date = fields.Date(string="Day", required=True, readonly=True, help="What it reminds of.")
    days = fields.Integer(string="Days Ahead", required=True, readonly=True, aggregator=False)
    user_id = fields.Many2one("res.users", string="Reminded", readonly=True)

    _once = models.Constraint(
        "UNIQUE(lease_id, kind, date, days)", "This reminder was given already."
    )
