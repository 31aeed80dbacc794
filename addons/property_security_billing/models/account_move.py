from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    parking_area_id = fields.Many2one(
        "property.parking.area",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
        help="The area whose takings this books.",
    )

    def button_draft(self):
        """Override of `account`: what drivers have paid is not taken out of the books again.

        :raise UserError: for an invoice or credit note of parking takings
        """
        for move in self.filtered("parking_area_id"):
            raise UserError(
                self.env._(
                    "%(move)s books parking fees that have been paid. Refund the parking payment "
                    "instead.",
                    move=move.name or "",
                )
            )
        return super().button_draft()
