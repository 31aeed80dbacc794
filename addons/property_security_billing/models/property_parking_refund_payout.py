"""Where refunded money is: in the drawer, at the provider, or with the driver."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .property_parking_session import TAKER_GROUP

TODO = "mail.mail_activity_data_todo"


class PropertyParkingRefund(models.Model):
    _inherit = "property.parking.refund"

    def init(self):
        """Say of refunds approved before their money was followed that it has been given back."""
        self.env.cr.execute(
            "UPDATE property_parking_refund SET payout_state = 'done', paid_at = decided_at"
            " WHERE approval_state = 'approved' AND payout_state = 'none'"
        )

    # Cash -------------------------------------------------------------------------------------

    def action_pay_out(self):
        """Hand the cash out from the drawer of the user's open shift.

        :raise UserError: when there is no open shift, too little in the drawer, or nothing to pay
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(TAKER_GROUP):
            raise AccessError(self.env._("Only a cashier pays cash out. Call one."))
        shift = self.env["property.cashier.shift"]._mine(self.site_id)
        if not shift:
            raise UserError(
                self.env._(
                    "Open your shift on %(site)s before you pay money out.", site=self.site_id.name
                )
            )
        shift._expect_open_for_taking(self.site_id)
        # sudo: a second person has approved it; the cashier's own shift pays
        refund_sudo = self.sudo()._expect_payout("to_pay")
        cash = next(figure for figure in shift._figures() if figure["is_cash"])
        if self.currency_id.compare_amounts(self.amount, cash["expected"]) > 0:
            raise UserError(
                self.env._(
                    "There are only %(amount)s in the drawer.",
                    amount=self.currency_id.format(cash["expected"]),
                )
            )
        method_sudo = cash["method"].sudo()
        day = max(self.date, fields.Date.context_today(self))
        money_sudo = refund_sudo._post_money(method_sudo.journal_id, day)
        refund_sudo._pay_back(money_sudo, shift_id=shift.id, tender_id=method_sudo.id)
        self._log_payout("paid_out")
        return True

    # Provider ---------------------------------------------------------------------------------

    def action_try_again(self):
        """Ask the provider again; a request without an answer keeps its number."""
        self._check_checker()
        for refund in self:
            refund.sudo()._expect_payout("failed")._wait_for_sending()
            refund._log_payout("sent_again")
        return True

    def action_pay_in_cash(self):
        """Give back in cash what the provider could not."""
        self._check_checker()
        for refund in self:
            refund_sudo = refund.sudo()._expect_payout("failed")
            refund_sudo.write({"way": "cash", "payout_state": "to_pay"})
            refund_sudo.activity_unlink([TODO])
            refund._log_payout("cash_instead")
        return True

    def _wait_for_sending(self):
        """Have the money asked back outside this transaction: what is sent cannot be rolled back.

        An answer that gets lost between the provider and the books must not send it twice.
        """
        self.write({"payout_state": "to_send", "payout_message": False})
        self.activity_unlink([TODO])
        self.env.ref("property_security_billing.ir_cron_send_refunds")._trigger()

    @api.model
    def _cron_send(self):
        """Ask the providers for what is to go back, one by one: noted, committed, then sent."""
        cron = self.env["ir.cron"]
        # nobody else sends: what is on its way now was cut off by the end of a process
        self.search([("payout_state", "=", "sending")])._note_no_answer()
        waiting = self.search([("payout_state", "=", "to_send")], order="id")
        for number, refund in enumerate(waiting, 1):
            locked = refund.try_lock_for_update()
            if locked.filtered(lambda one: one.payout_state == "to_send"):
                transaction = refund._begin_sending()
                cron._commit_progress(0)
                refund._send(transaction)
            if not cron._commit_progress(1, remaining=len(waiting) - number):
                return

    def _note_no_answer(self):
        for refund in self:
            refund._fail(
                self.env._(
                    "No answer came. Look at the provider whether it went through; trying again "
                    "sends the same number."
                )
            )

    def _fail(self, why):
        """Note that the provider has given nothing back, and tell who approved it."""
        self.write({"payout_state": "failed", "payout_message": why})
        self.activity_schedule(
            TODO,
            user_id=self.decided_by_id.id or self.env.uid,
            summary=self.env._("Refund failed at the provider"),
            note=why,
        )

    def _begin_sending(self):
        """Return the transaction that is sent; one without a final answer is sent again.

        :return: payment.transaction
        """
        self.ensure_one()
        transaction = self.transaction_ids.sorted("id")[-1:]
        if transaction.state == "error":  # a time-out looks like that, too
            transaction._update_state(("error",), "draft", False)
        if not transaction or transaction.state == "cancel":
            transaction = self.payment_id.transaction_id._create_child_transaction(
                self.amount, is_refund=True, parking_refund_id=self.id
            )
        self.payout_state = "sending"
        return transaction

    def _send(self, transaction):
        """Ask the provider; what it answers is noted, and is followed up when it comes later.

        :param transaction: payment.transaction of the refund
        """
        if transaction.state == "draft":
            try:
                with self.env.cr.savepoint():
                    transaction._send_refund_request()
            except (UserError, OSError) as error:
                transaction._set_error(str(error))
        if self.payout_state == "sending":
            self._follow(transaction)
        if transaction.state == "done" and not transaction.is_post_processed:
            transaction._post_process()

    def _follow(self, transaction):
        """Note where the money is, as its transaction tells."""
        self.ensure_one()
        if self.payout_state in ("done", "none", "to_pay"):
            return
        if transaction.state in ("error", "cancel"):
            self._fail(transaction.state_message or self.env._("The provider did not say why."))
        else:
            self.write({"payout_state": "sent", "payout_message": False})

    def _receive_answer(self, transaction):
        """Book what the provider has given back, once.

        :return: account.payment
        """
        self.ensure_one()
        self._lock_and_reread("payout_state", "account_payment_id")
        if self.account_payment_id.payment_transaction_id == transaction:
            return self.account_payment_id
        money = self._post_money(
            transaction._parking_journal(), payment_transaction_id=transaction.id
        )
        if self.account_payment_id:
            self._warn_paid_twice(transaction)
        else:  # also where cash was to be paid instead, and has not been yet
            self._pay_back(money, way="provider")
            self.activity_unlink([TODO])
        return money

    def _warn_paid_twice(self, transaction):
        self.message_post(
            body=self.env._(
                "The provider has given %(amount)s back as %(reference)s, and it had been paid "
                "before: it has left twice. Look into it.",
                amount=self.currency_id.format(self.amount),
                reference=transaction.reference,
            )
        )
        self.activity_schedule(
            TODO,
            user_id=self.decided_by_id.id or self.env.uid,
            summary=self.env._("Refund given back twice"),
        )

    # Helpers ----------------------------------------------------------------------------------

    def _expect_payout(self, state):
        """Return the locked refund; somebody else may be at it.

        :raise UserError: when its money is somewhere else
        """
        self.ensure_one()
        if not self.try_lock_for_update():
            raise UserError(self.env._("This request is being worked on. Try again in a moment."))
        self.invalidate_recordset(["payout_state", "approval_state"])
        if self.payout_state != state:
            labels = dict(self._fields["payout_state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(refund)s: the money is %(state)s, so this step is not possible now.",
                    refund=self.display_name,
                    state=labels[self.payout_state],
                )
            )
        return self

    def _log_payout(self, action):
        self.env["property.audit"]._log(
            "money", self, after={"action": action, "amount": f"{self.amount:.2f}"}
        )
