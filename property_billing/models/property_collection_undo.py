from odoo import fields, models
from odoo.exceptions import UserError

from .property_charge import NO_MAIL

CHECKER_GROUPS = ("property_base.group_finance", "property_base.group_manager")


class PropertyCollection(models.Model):
    _inherit = "property.collection"

    def _undo(self, reason):
        """Take a taking back within its shift: payments cancelled, receipts void, bills open.

        :param str reason: why, in the cashier's words
        :raise UserError: when the shift is closed, the reason missing, or money already used
        """
        self.ensure_one()
        self.check_access("read")
        self._check_may_undo()
        reason = (reason or "").strip() if isinstance(reason, str) else ""
        if len(reason) < 2:
            raise UserError(self.env._("Say why this is undone; the reason stays on file."))
        # sudo: the shift, the state and the reconciliations follow from the checks above
        collection_sudo = self.sudo()
        if not collection_sudo.try_lock_for_update():
            raise UserError(self.env._("This taking is being worked on. Try again in a moment."))
        collection_sudo.invalidate_recordset()
        if collection_sudo.state != "done":
            raise UserError(self.env._("%(number)s has been undone already.", number=self.name))
        if collection_sudo.shift_id:
            collection_sudo.shift_id._expect_open_for_taking(self.site_id)
        collection_sudo._check_undoable()
        collection_sudo._undo_books(reason)
        collection_sudo.write(
            {
                "state": "undone",
                "undone_by_id": self.env.uid,
                "undone_at": fields.Datetime.now(),
                "undo_reason": reason[:500],
            }
        )
        self.env["property.audit"]._log(
            "money",
            collection_sudo,
            before={"amount": f"{self.amount:.2f}"},
            after={"cancelled": self.name},
            reason=reason[:500],
        )

    def _check_may_undo(self):
        user = self.env.user
        if self.env.su or self.user_id == user:
            return
        if not any(user.has_group(group) for group in CHECKER_GROUPS):
            raise UserError(
                self.env._(
                    "%(cashier)s took this money. Ask that cashier, or finance, to undo it.",
                    cashier=self.user_id.name,
                )
            )

    def _check_undoable(self):
        """Raise when money has gone on: used, refunded, paid online, or in a locked period."""
        if self.payment_ids.payment_transaction_id:
            raise UserError(
                self.env._(
                    "This money was paid online. Refund it through the payment provider, or keep "
                    "it as a prepayment."
                )
            )
        self.line_ids.prepayment_id.invalidate_recordset(["amount_left"])
        for line in self.line_ids.filtered("prepayment_id"):
            kept = line.prepayment_id
            if line.currency_id.compare_amounts(kept.amount_left, line.amount):
                raise UserError(
                    self.env._(
                        "Of the prepayment %(amount)s some is used already. Refund what is left "
                        "instead of undoing this taking.",
                        amount=line.currency_id.format(line.amount),
                    )
                )
        entries = self.payment_ids.move_id | self.discount_ids
        if entries.filtered("inalterable_hash"):
            raise UserError(
                self.env._(
                    "The entries of this taking are sealed and cannot be cancelled. Refund the "
                    "money instead."
                )
            )

    def _undo_books(self, reason):
        partials = self.env["account.partial.reconcile"].browse(self.used_partials or [])
        partials.exists().unlink()
        payments = self.payment_ids.with_context(
            property_counter_undo=True, property_void_reason=reason
        )
        lines = payments.move_id.line_ids
        lines.remove_move_reconcile()
        # cancelled from posted: the entries stay on file with their numbers
        payments.action_cancel()
        # what was granted for paying is no longer granted
        notes = self.discount_ids.with_context(**NO_MAIL)
        notes.filtered(lambda note: note.state == "posted").button_draft()
        notes.filtered(lambda note: note.state == "draft").button_cancel()
        self.env["account.move"].invalidate_model(["amount_residual", "payment_state"])
