from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    cashier_shift_id = fields.Many2one(
        "property.cashier.shift",
        string="Deposit of Shift",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )

    def button_draft(self):
        """Override of `account`: entries behind the counter follow the counter.

        :raise UserError: for a deposit of a shift that is signed off
        """
        self.origin_payment_id._property_check_counter()
        for shift in self.cashier_shift_id.filtered(lambda shift: shift.state == "signed"):
            raise UserError(
                self.env._(
                    "Shift %(shift)s is signed off, so its deposit stays as it is. Book the "
                    "correction as an entry of its own.",
                    shift=shift.name,
                )
            )
        return super().button_draft()
