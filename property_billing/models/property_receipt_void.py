"""Receipts that are no longer valid: void, lost, and forms spoilt before their use."""

from odoo import api, models
from odoo.exceptions import UserError

from .property_receipt_book import OPEN_STATES

CHECKER_GROUPS = ("property_base.group_finance", "property_base.group_manager")


class PropertyReceipt(models.Model):
    _inherit = "property.receipt"

    def action_void_wizard(self):
        """Ask why the receipt is void or lost."""
        self.ensure_one()
        self._check_may_void()
        title = self.env._("Void or Lost")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "property.receipt.void.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_receipt_id": self.id},
        }

    def action_copies_recovered(self):
        """Note that all parts of void forms were stamped and filed."""
        self._check_may_void()
        if any(receipt.state != "void" for receipt in self):
            raise UserError(self.env._("Only the copies of void receipts are collected."))
        # sudo: nobody writes receipts by hand; the right was checked
        self.sudo().write({"has_copies": True})
        self.env["property.audit"]._log("money", self, after={"action": "copies_recovered"})
        return True

    def action_reissue(self):
        """Issue a new receipt in place of a void one, and show it."""
        self.ensure_one()
        self._check_may_void()
        return self._reissue()._action_form()

    def _action_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.receipt",
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def _check_may_void(self):
        """Raise unless the user issued the receipts, or may check others' work."""
        self.check_access("read")
        if self.env.su or any(self.env.user.has_group(name) for name in CHECKER_GROUPS):
            return
        if not self.env.user.has_group("property_base.group_cashier") or any(
            receipt.cashier_id != self.env.user for receipt in self
        ):
            raise UserError(
                self.env._(
                    "Who issued a receipt voids it, or finance or a site manager. Ask one of them."
                )
            )

    def _void(self, reason, state="void", has_copies=False):
        """Take receipts out of force; their numbers stay taken.

        :param str reason: why, in the user's words
        :param str state: ``void`` or ``lost``
        :param bool has_copies: whether all parts of the forms are back
        :raise UserError: when one is void already or its book was written off
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the receipt is not valid any more."))
        # sudo: nobody writes receipts by hand; callers check the right
        receipts_sudo = self.sudo()
        receipts_sudo._lock_and_reread("state")
        for receipt in receipts_sudo:
            if receipt.state == "void" or receipt.state == state:
                raise UserError(
                    self.env._("Receipt %(receipt)s is not in force already.", receipt=receipt.name)
                )
            if receipt.book_id.state == "written_off":
                raise UserError(
                    self.env._(
                        "Receipt %(receipt)s is in a book that was written off. Leave the payment "
                        "as it is and refund the money instead.",
                        receipt=receipt.name,
                    )
                )
        receipts_sudo.write(
            {
                "state": state,
                "void_reason": reason,
                "void_by_id": self.env.uid,
                "void_on": self._today(),
                "has_copies": has_copies,
            }
        )
        if state == "void":
            receipts_sudo._release_payments()
        self.env["property.audit"]._log(
            "money",
            receipts_sudo,
            before={"state": "issued"},
            after={"state": state},
            reason=reason,
        )

    def _release_payments(self):
        """Let payments of void receipts have another one."""
        payments = self.payment_ids
        valid = payments.receipt_ids.filtered(lambda receipt: receipt.state != "void")
        for payment in payments:
            receipt = (payment.receipt_ids & valid)[:1]
            if payment.receipt_id != receipt:
                payment.receipt_id = receipt

    @api.model
    def _spoil(self, book, numbers, state, reason):
        """Register forms that were spoilt or lost before they were used.

        :param book: `property.receipt.book` in use
        :param numbers: integers of the book that are free
        :param state: ``void`` or ``lost``
        :return: the receipts without money that stand for them
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say what happened to the forms."))
        book._lock()._expect("stock", *OPEN_STATES)
        free = set(book._free(book.number_to - book.number_from + 1, set()))
        if not numbers or not set(numbers) <= free:
            raise UserError(
                self.env._(
                    "Some of these numbers are not free in book %(book)s. Free are: %(left)s.",
                    book=book.name,
                    left=book.left_text or "0",
                )
            )
        today = book._today()
        # sudo: nobody creates receipts by hand; the wizard has checked the right
        receipts_sudo = self.sudo().create(
            [
                {
                    "company_id": book.company_id.id,
                    "site_id": book.site_id.id,
                    "currency_id": book.currency_id.id,
                    "book_id": book.id,
                    "holder_id": book.holder_id.id,
                    "number": number,
                    "name": book._shown(number),
                    "date": today,
                    "issued_on": today,
                    "cashier_id": self.env.uid,
                    "amount_total": 0.0,
                    "is_blank": True,
                    "state": state,
                    "void_reason": reason,
                    "void_by_id": self.env.uid,
                    "void_on": today,
                }
                for number in sorted(numbers)
            ]
        )
        if free == set(numbers) and book.state in OPEN_STATES:
            book._step(state="used")
        self.env["property.audit"]._log(
            "money",
            book,
            after={"action": state, "count": len(receipts_sudo)},
            reason=reason,
        )
        return receipts_sudo
