from odoo import fields, models
from odoo.exceptions import UserError


class PropertyLateFeeRelief(models.Model):
    """A late fee that is not asked for: waived, written off, or fixed by what the payer saw."""

    _name = "property.late.fee.relief"
    _description = "Late Fee Relief"
    _inherit = ["property.made.by.methods"]
    _order = "id desc"
    _rec_name = "bill_id"

    bill_id = fields.Many2one("account.move", required=True, index=True, ondelete="restrict")
    site_id = fields.Many2one(related="bill_id.site_id", store=True, index="btree_not_null")
    company_id = fields.Many2one(related="bill_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="bill_id.currency_id")
    unit_id = fields.Many2one(related="bill_id.unit_id")
    date = fields.Date(required=True, default=fields.Date.context_today)
    amount = fields.Monetary(required=True)
    reason = fields.Char(required=True)
    waiver_id = fields.Many2one(
        "property.late.fee.waiver", index="btree_not_null", ondelete="restrict"
    )
    write_off_id = fields.Many2one(
        "property.write.off", index="btree_not_null", ondelete="restrict"
    )

    active = fields.Boolean(
        default=True, readonly=True, help="Off: the decision was undone, and it is asked for again."
    )

    _amount_positive = models.Constraint("CHECK(amount > 0)", "A relief has a positive amount.")

    def write(self, vals):
        """Keep what was decided."""
        if not self.env.su:
            raise UserError(self.env._("A relief stays as it was decided. Ask for a new waiver."))
        return super().write(vals)
