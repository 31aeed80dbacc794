from odoo import api, fields, models
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

    @api.depends("origin_payment_id.collection_id", "cashier_shift_id.state")
    def _compute_show_reset_to_draft_button(self):
        """Override of `account`: offer no button that is refused anyway."""
        result = super()._compute_show_reset_to_draft_button()
        # sudo: whoever sees the entry need not see shifts
        for move, move_sudo in zip(self, self.sudo(), strict=True):
            if (
                move_sudo.origin_payment_id.collection_id
                or move_sudo.cashier_shift_id.state == "signed"
            ):
                move.show_reset_to_draft_button = False
        return result
