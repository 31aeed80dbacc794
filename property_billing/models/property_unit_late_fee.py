from odoo import fields, models
from odoo.fields import Domain

from .property_unit import DEBT_GROUPS


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    amount_late_fee = fields.Monetary(
        compute="_compute_amount_late_fee",
        string="Late Fee Today",
        groups=DEBT_GROUPS,
        help="Late fees up to today of all bills of the unit that are not bills of their own yet.",
    )

    def _compute_amount_late_fee(self):
        # sudo: like the open amount, a sum shown to staff who may not open the bills
        bills_sudo = self.env["account.move"].sudo()
        bills_sudo = bills_sudo.search(
            bills_sudo._property_late_fee_domain() & Domain("unit_id", "in", self.ids)
        )
        fees = bills_sudo._property_late_fees()
        by_unit = bills_sudo.grouped("unit_id")
        for unit in self:
            own = by_unit.get(unit._origin.sudo(), bills_sudo.browse())
            unit.amount_late_fee = float(sum(fees[bill.id] for bill in own))
