from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyLeaseTerm(models.AbstractModel):
    """A row of what a lease says: open while it is a proposal, closed once it is submitted."""

    _name = "property.lease.term"
    _description = "Term of a Lease"
    _inherit = ["property.scoped"]

    lease_id = fields.Many2one("property.lease", required=True, index=True, ondelete="cascade")
    site_id = fields.Many2one(related="lease_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="lease_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse new terms of a submitted lease."""
        rows = super().create(vals_list)
        rows._check_open()
        return rows

    def write(self, vals):
        """Refuse other terms of a submitted lease."""
        self._check_open()
        result = super().write(vals)
        if "lease_id" in vals:
            self._check_open()
            self.check_access("write")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        self._check_open()

    def _check_open(self):
        if self.env.su:
            return
        closed = self.lease_id.filtered(
            lambda lease: lease.approval_state not in ("draft", "refused")
        )
        if closed:
            raise UserError(
                self.env._(
                    "%(lease)s is submitted or signed: its terms stand. Have it refused, or make "
                    "an amendment.",
                    lease=closed[0].name,
                )
            )
