from odoo import fields, models


class PropertyLeaseReport(models.AbstractModel):
    """A row of a report that belongs to a lease, and the way to it."""

    _name = "property.lease.report"
    _description = "Report of Leases"

    lease_id = fields.Many2one("property.lease", readonly=True)
    trade = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", string="Leasing Agent", readonly=True)

    def action_view_lease(self):
        """Open the lease of the row."""
        self.ensure_one()
        self.check_access("read")
        self.lease_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.lease",
            "res_id": self.lease_id.id,
            "views": [(False, "form")],
        }
