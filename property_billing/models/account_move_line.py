from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.property_base.fields import CopiedMany2one

BILL_SCOPE = frozenset(
    (
        *("unit_id", "site_id", "charge_item_id", "period_from", "period_to"),
        *("is_opening", "site_document"),
    )
)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    unit_id = CopiedMany2one(
        related="move_id.unit_id",
        string="Property Unit",
        store=True,
        index="btree_not_null",
        precompute=True,
    )
    site_id = CopiedMany2one(
        related="move_id.site_id", store=True, index="btree_not_null", precompute=True
    )
    charge_item_id = CopiedMany2one(
        related="move_id.charge_item_id", store=True, index="btree_not_null", precompute=True
    )
    period_from = fields.Date(related="move_id.period_from", store=True, precompute=True)
    period_to = fields.Date(related="move_id.period_to", store=True, precompute=True)

    def write(self, vals):
        """Override of `account`: where an item belongs is said by its entry alone."""
        if not self.env.su and BILL_SCOPE & vals.keys():
            raise UserError(
                self.env._("Change unit, site and period on the entry, not on one of its items.")
            )
        return super().write(vals)
