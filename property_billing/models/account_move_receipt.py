"""Entries behind receipts: taking one back voids the paper that confirmed it."""

from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _property_is_late_fee(self):
        """Tell whether a bill is the late fee of another one."""
        self.ensure_one()
        return bool(self.late_fee_bill_id)

    def button_draft(self):
        """Override of `account`: a payment whose entry is taken back has no valid receipt."""
        result = super().button_draft()
        self.origin_payment_id._property_void_receipts()
        return result

    def button_cancel(self):
        """Override of `account`: a payment whose entry is cancelled has no valid receipt."""
        result = super().button_cancel()
        self.origin_payment_id._property_void_receipts()
        return result

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Override of `account`: a payment whose entry is reversed has no valid receipt."""
        reverses = super()._reverse_moves(default_values_list, cancel=cancel)
        self.origin_payment_id._property_void_receipts()
        return reverses

    def _property_apply_prepayments(self):
        """Override: bills an earlier system was paid for take no money of today."""
        rest = self - self._property_paid_elsewhere()
        return super(AccountMove, rest)._property_apply_prepayments()

    def _property_paid_elsewhere(self):
        """Return the bills of the recordset that an earlier system was paid for.

        Each is looked up by itself, whatever is known about the table: a list of thousands of ids
        makes PostgreSQL read all charges there are.
        """
        self.env["property.charge"].flush_model(["move_id", "past_receipt"])
        self.env.cr.execute(
            """
            SELECT given.id FROM unnest(%s::int[]) AS given (id)
              CROSS JOIN LATERAL (SELECT past_receipt FROM property_charge charge
                                   WHERE charge.move_id = given.id OFFSET 0) charge
             WHERE charge.past_receipt <> ''
            """,
            [self.ids],
        )
        return self.browse(move_id for (move_id,) in self.env.cr.fetchall())
