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
        # sudo: which bills were paid for elsewhere does not depend on who posts them
        charges_sudo = self.env["property.charge"].sudo()
        past = charges_sudo.search([("past_receipt", "!=", False), ("move_id", "in", self.ids)])
        rest = self - past.move_id.with_env(self.env) if past else self
        return super(AccountMove, rest)._property_apply_prepayments()
