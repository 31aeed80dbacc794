from odoo import fields, models
from odoo.exceptions import UserError


class AccountPayment(models.Model):
    _inherit = "account.payment"

    parking_area_id = fields.Many2one(
        "property.parking.area",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
        help="The area whose takings this is.",
    )

    def _get_outstanding_account(self, payment_type):
        """Override of `account`: cash taken at a lane is in the drawer at once."""
        journal = self.journal_id
        if self.parking_area_id and journal.type == "cash" and journal.default_account_id:
            return journal.default_account_id
        return super()._get_outstanding_account(payment_type)

    def _property_check_counter(self):
        """Extend: money for parking is given back by a refund, and stays as it was booked.

        :raise UserError: with what to do instead
        """
        if area := self.parking_area_id[:1]:
            raise UserError(
                self.env._(
                    "This money was taken for parking in %(area)s. Refund the parking payment "
                    "instead.",
                    area=area.name,
                )
            )
        return super()._property_check_counter()
