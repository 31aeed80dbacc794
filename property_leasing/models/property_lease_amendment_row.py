from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyLeaseAmendmentRow(models.AbstractModel):
    """A row of what an amendment says: closed once it is submitted."""

    _name = "property.lease.amendment.row"
    _description = "Row of an Amendment"
    _inherit = ["property.scoped"]

    amendment_id = fields.Many2one(
        "property.lease.amendment", required=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(
        related="amendment_id.site_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="amendment_id.company_id", store=True, index=True, precompute=True
    )
    lease_id = fields.Many2one(related="amendment_id.lease_id")

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse other rows of a submitted amendment."""
        rows = super().create(vals_list)
        rows._check_open()
        return rows

    def write(self, vals):
        """Refuse other rows of a submitted amendment."""
        self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        self._check_open()

    def _check_open(self):
        if not self.env.su and any(
            row.amendment_id.approval_state not in ("draft", "refused") for row in self
        ):
            raise UserError(
                self.env._("The amendment is submitted: have it refused to change its rows.")
            )
