"""Money of the payment page goes back through its provider: once, and what it says is followed."""

from contextlib import suppress
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import ParkingMoneyCommon

REFUSAL = "Balance too low"


@tagged("post_install", "-at_install")
class TestParkingRefundProvider(ParkingMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sent = []

    def setUp(self):
        super().setUp()
        self.sent = []
        self.answer = "done"
        self.support = "partial"
        self.startPatcher(
            patch.object(
                type(self.env["property.parking.payment"]),
                "_provider_refunds",
                lambda payment: self.support if payment.sudo().transaction_id else "none",
            )
        )
        self.startPatcher(
            patch.object(
                type(self.env["payment.transaction"]),
                "_send_refund_request",
                lambda transaction: self.provider_answers(transaction),
            )
        )
        self.startPatcher(patch.object(type(self.env["ir.cron"]), "_commit_progress", self.commit))
        self.commits = []
        self.stay = self.arrive()
        tx = self.new_transaction(self.stay, 10, "2026-02-02 10:00")
        self.arrive_money(tx, "2026-02-02 10:01")
        self.payment = self.stay.payment_ids

    def commit(self, *args, **kwargs):
        self.env.flush_all()
        refunds = self.env["property.parking.refund"].search([])
        self.commits.append((len(self.sent), refunds.mapped("payout_state")))
        return 60.0

    def provider_answers(self, transaction):
        self.sent.append((transaction.reference, transaction.amount))
        if self.answer == "error":
            raise ValidationError(REFUSAL)
        if self.answer == "cut":
            raise KeyboardInterrupt
        if self.answer == "done":
            transaction._set_done()
        if self.answer == "pending":
            transaction._set_pending()
        if self.answer == "cancel":
            transaction._set_canceled("Closed")

    def ask(self, amount=10, **vals):
        refund = (
            self.env["property.parking.refund"]
            .with_user(self.users["cashier"])
            .create(
                {
                    "payment_id": self.payment.id,
                    "amount": amount,
                    "date": "2026-02-03",
                    "reason": "Gate was broken",
                    **vals,
                }
            )
        )
        refund.action_submit()
        return refund

    def approved(self, amount=10, **vals):
        refund = self.ask(amount, **vals)
        refund.with_user(self.users["finance"]).action_approve()
        return refund.sudo()

    def run_jobs(self):
        self.env["property.parking.refund"]._cron_send()

    def test_it_is_sent_after_the_approval_has_been_stored_and_booked_when_it_is_done(self):
        refund = self.approved()
        self.assertEqual((refund.way, refund.payout_state, self.sent), ("provider", "to_send", []))
        self.run_jobs()
        self.assertEqual(self.sent, [(refund.transaction_ids.reference, -10)])
        self.assertIn((0, ["sending"]), self.commits)
        self.assertEqual(refund.payout_state, "done")
        money = refund.account_payment_id
        self.assertEqual((money.payment_type, money.amount), ("outbound", 10))
        self.assertEqual(money.journal_id, self.provider.journal_id)
        self.assertEqual(money.payment_transaction_id, refund.transaction_ids)
        self.assertEqual((refund.move_id.amount_residual, self.ledger("asset_receivable")), (0, 0))
        self.assertEqual(self.payment.state, "refunded")

    def test_parts_go_back_one_after_the_other_and_never_more_than_came(self):
        for amount in (4, 6):
            self.approved(amount)
            self.run_jobs()
        self.assertEqual([amount for _reference, amount in self.sent], [-4, -6])
        self.assertEqual((self.payment.amount_net, self.ledger("asset_receivable")), (0, 0))
        with self.assertRaisesRegex(UserError, "Only"):
            self.ask(0.01)

    def test_running_the_jobs_again_or_a_message_again_gives_nothing_back_twice(self):
        refund = self.approved()
        self.run_jobs()
        self.run_jobs()
        refund.transaction_ids._set_done()
        refund.transaction_ids._post_process()
        refund._receive_answer(refund.transaction_ids)
        self.assertEqual(len(self.sent), 1)
        self.assertEqual(len(refund.transaction_ids), 1)
        outbound = self.env["account.payment"].search(
            [("parking_area_id", "=", self.area.id), ("payment_type", "=", "outbound")]
        )
        self.assertEqual(outbound, refund.account_payment_id)

    def test_a_failure_is_shown_and_tried_again_under_the_same_number(self):
        self.answer = "error"
        refund = self.approved()
        self.run_jobs()
        self.assertEqual((refund.payout_state, refund.payout_message), ("failed", REFUSAL))
        self.assertEqual(refund.activity_ids.user_id, self.users["finance"])
        self.run_jobs()
        self.assertEqual(len(self.sent), 1)
        self.answer = "done"
        with self.assertRaises(UserError):
            refund.with_user(self.users["cashier"]).action_try_again()
        refund.with_user(self.users["finance"]).action_try_again()
        self.run_jobs()
        self.assertEqual(refund.payout_state, "done")
        self.assertFalse(refund.payout_message or refund.activity_ids)
        self.assertEqual(len({reference for reference, _amount in self.sent}), 1)

    def test_what_the_provider_closed_for_good_is_asked_under_a_new_number(self):
        self.answer = "cancel"
        refund = self.approved()
        self.run_jobs()
        self.assertEqual((refund.payout_state, refund.payout_message), ("failed", "Closed"))
        self.answer = "done"
        refund.with_user(self.users["manager"]).action_try_again()
        self.run_jobs()
        self.assertEqual(len({reference for reference, _amount in self.sent}), 2)
        self.assertEqual(refund.payout_state, "done")

    def test_an_answer_that_comes_later_is_followed(self):
        self.answer = "pending"
        refund = self.approved()
        self.run_jobs()
        self.assertEqual(refund.payout_state, "sent")
        self.assertFalse(refund.account_payment_id)
        refund.transaction_ids._set_done()
        self.assertEqual(refund.payout_state, "sent")
        refund.transaction_ids._post_process()
        self.assertEqual((refund.payout_state, self.ledger("asset_receivable")), ("done", 0))

    def test_a_process_that_dies_while_sending_leaves_a_refund_that_a_person_looks_at(self):
        self.answer = "cut"
        refund = self.approved()
        with suppress(KeyboardInterrupt):  # no savepoint: what was committed stays
            self.run_jobs()
        self.assertEqual(len(self.sent), 1)
        self.assertEqual(refund.payout_state, "sending")
        self.answer = "done"
        self.run_jobs()
        self.assertEqual((refund.payout_state, len(self.sent)), ("failed", 1))
        self.assertIn("No answer", refund.payout_message)
        refund.with_user(self.users["finance"]).action_try_again()
        self.run_jobs()
        self.assertEqual(refund.payout_state, "done")
        self.assertEqual(len({reference for reference, _amount in self.sent}), 1)

    def test_cash_instead_of_a_failure_is_not_given_twice_when_the_provider_answers_late(self):
        self.answer = "error"
        refund = self.approved()
        self.run_jobs()
        refund.with_user(self.users["finance"]).action_pay_in_cash()
        self.assertEqual((refund.way, refund.payout_state), ("cash", "to_pay"))
        refund.transaction_ids._set_done()
        refund.transaction_ids._post_process()
        self.assertEqual((refund.way, refund.payout_state), ("provider", "done"))
        self.open_shift()
        with self.assertRaisesRegex(UserError, "not possible now"):
            refund.with_user(self.users["cashier"]).action_pay_out()
        self.assertEqual(self.ledger("asset_receivable"), 0)

    def test_money_that_left_twice_is_in_the_books_and_somebody_is_told(self):
        self.answer = "error"
        refund = self.approved()
        self.run_jobs()
        refund.with_user(self.users["finance"]).action_pay_in_cash()
        self.open_shift(amount_float=100)
        refund.with_user(self.users["cashier"]).action_pay_out()
        refund.transaction_ids._set_done()
        refund.transaction_ids._post_process()
        self.assertEqual(refund.payout_state, "done")
        self.assertEqual(refund.activity_ids.user_id, self.users["finance"])
        self.assertEqual(self.ledger("asset_receivable"), 10)

    def test_a_provider_that_cannot_refund_parts_is_not_asked_for_one(self):
        self.support = "full_only"
        with self.assertRaisesRegex(UserError, "another way"):
            self.ask(4)
        self.support = "none"
        self.assertEqual(self.ask(4, journal_id=self.pos.journal_id.id).way, "transfer")

    def test_the_button_of_stock_payments_does_not_go_round_the_approval(self):
        with self.assertRaisesRegex(UserError, "ask for the refund there"):
            self.payment.transaction_id.action_refund(5)
        self.assertEqual(self.sent, [])

    def test_nobody_writes_where_the_money_is(self):
        refund = self.approved()
        for role in ("cashier", "finance", "manager", "director"):
            with self.subTest(role=role), self.assertRaises(UserError):
                refund.with_user(self.users[role]).write({"payout_state": "done"})


@tagged("post_install", "-at_install")
class TestParkingRefundSupport(ParkingMoneyCommon):
    def test_what_can_be_given_back_is_what_both_provider_and_method_can(self):
        stay = self.arrive()
        tx = self.new_transaction(stay, 10, "2026-02-02 10:00")
        self.arrive_money(tx, "2026-02-02 10:01")
        payment, provider = stay.payment_ids, type(self.provider)
        method = tx.primary_payment_method_id
        for by_provider, by_method, expected in (
            ("none", "partial", "none"),
            ("partial", "none", "none"),
            ("full_only", "partial", "full_only"),
            ("partial", "partial", "partial"),
        ):
            method.support_refund = by_method
            with patch.object(
                provider, "_compute_feature_support_fields", self.supports(by_provider)
            ):
                self.env.invalidate_all()
                self.assertEqual(payment._provider_refunds(), expected)
        self.provider.state = "disabled"
        self.assertEqual(payment._provider_refunds(), "none")

    @staticmethod
    def supports(level):
        def compute(providers):
            providers.update({"support_refund": level})

        return compute
