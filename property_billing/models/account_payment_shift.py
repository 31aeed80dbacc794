from odoo import fields, models
from odoo.exceptions import UserError


class AccountPayment(models.Model):
    _inherit = "account.payment"

    collection_id = fields.Many2one(
        "property.collection",
        string="Counter Taking",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
    shift_id = fields.Many2one(
        related="collection_id.shift_id", store=True, index="btree_not_null", string="Shift"
    )

    def _get_outstanding_account(self, payment_type):
        """Override of `account`: cash taken at the counter is in the drawer at once."""
        journal = self.journal_id
        if self.collection_id and journal.type == "cash" and journal.default_account_id:
            return journal.default_account_id
        return super()._get_outstanding_account(payment_type)

    def action_draft(self):
        """Override of `account`: money of the counter is given back at the counter."""
        self._property_check_counter()
        return super().action_draft()

    def action_cancel(self):
        """Override of `account`: money of the counter is given back at the counter."""
        self._property_check_counter()
        return super().action_cancel()

    def unlink(self):
        """Override of `account`: what was taken at the counter stays on file."""
        self._property_check_counter()
        return super().unlink()

    def _property_check_counter(self):
        """Raise for payments of the counter, unless its undo is at work.

        :raise UserError: with what to do instead
        """
        # Anybody can send a context; only code that checked the access runs as superuser.
        if self.env.su and self.env.context.get("property_counter_undo"):
            return
        for collection in self.collection_id:
            raise UserError(
                self.env._(
                    "This money was taken at the counter as %(number)s. Undo that taking at the "
                    "counter while its shift is open; after that, refund it.",
                    number=collection.name,
                )
            )
