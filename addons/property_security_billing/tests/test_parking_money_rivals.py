"""Those who work on the same stay at the same moment, on real connections: it is paid once."""

from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.tests import BaseCase, tagged

from .rivals_world import ParkingRivalsMixin


@tagged("post_install", "-at_install")
class TestParkingMoneyRivals(ParkingRivalsMixin, BaseCase):
    def setUp(self):
        super().setUp()
        self.build()

    def _pay(self, env, key):
        moment = self.entry + timedelta(minutes=110)

        def pay():
            stay = self.stay(env)
            if known := stay._meet_money(key):
                return known.id
            due = stay._due_at(moment)
            if not due:
                return "paid"
            return stay._add_payment(
                due,
                due,
                key=key,
                quoted_at=moment,
                method="cash",
                journal_id=self.journal_id,
            ).id

        self.stay(env).read(["plate"])
        return pay

    def _amounts(self):
        with self._env() as env:
            return [Decimal(f"{one.amount:.2f}") for one in self.payments(env)]

    def test_two_cashiers_take_the_fee_once(self):
        results = self._together(4, lambda env, index: self._pay(env, f"cash-{index}"))
        self.assertEqual(sum(result != "paid" for result in results), 1)
        self.assertEqual(self._amounts(), [Decimal(10)])

    def test_the_same_message_many_times_is_one_payment(self):
        results = self._together(4, lambda env, index: self._pay(env, "tx-1"))
        self.assertEqual(len(set(results)), 1)
        self.assertEqual(self._amounts(), [Decimal(10)])

    def test_a_message_whose_process_died_before_booking_is_booked_once_by_all_who_find_it(self):
        with self._env() as env:
            self.new_transaction(env, 10)._set_done()
        with self._env() as env:
            transaction = self.stay(env).transaction_ids
            self.assertFalse(transaction.is_post_processed or transaction.payment_id)
            self.assertEqual(self.payments(env).ids, [])

        def catch_up(env, _index):
            self.stay(env).transaction_ids.read(["state", "payment_id"])

            def work():
                env.invalidate_all()
                self.stay(env)._catch_up()

            return work

        results = self._together(3, catch_up)
        self.assertEqual(results, [None] * 3)
        with self._env() as env:
            payment = self.payments(env)
            self.assertEqual((payment.amount, payment.amount_excess), (10, 0))
            money = env["account.payment"].search([("site_id", "=", self.site_id)])
            self.assertEqual(money, payment.account_payment_id)

    def test_a_phone_and_a_cashier_at_once_never_lose_money(self):
        with self._env() as env:
            self.new_transaction(env, 10)._set_done()
            env["property.cashier.shift"]._open(env["property.site"].browse(self.site_id))

        def pay(env, index):
            self.stay(env).read(["plate"])

            def work():
                env.invalidate_all()
                return self.take(env, "cash") if index else self.stay(env)._catch_up()

            return work

        self._together(2, pay)
        with self._env() as env:
            payments = self.payments(env)
            self.assertEqual(sum(payments.mapped("amount")), 10)
            online = payments.filtered("transaction_id")
            self.assertEqual(online.amount_received, 10)
            self.assertEqual(sum(payments.mapped("amount_excess")), 10 * (len(payments) - 1))

    def test_two_exits_that_read_a_paid_car_at_once_let_it_out_once(self):
        with self._env() as env:
            self._pay(env, "before")()

        def leave(env, index):
            self.stay(env).read(["state"])

            def work():
                env.invalidate_all()
                return self.drive_out(env, index).action

            return work

        actions = self._together(2, leave)
        self.assertIn("open", actions)
        with self._env() as env:
            stay = self.stay(env)
            self.assertEqual((stay.state, stay.is_settled), ("left", True))
            left = env["property.parking.session"].search(
                [("site_id", "=", self.site_id), ("state", "=", "left")]
            )
            self.assertEqual(left, stay)

    def test_paying_at_the_moment_of_driving_out_always_ends_outside_and_paid(self):
        def work_of(env, index):
            self.stay(env).read(["state"])

            def work():
                env.invalidate_all()
                if index:
                    return self.drive_out(env, 0).action
                return self._pay(env, "now")()

            return work

        self._together(2, work_of)
        with self._env() as env:
            stay = self.stay(env)
            self.assertEqual((stay.state, stay.amount_open, stay.is_settled), ("left", 0, True))
        self.assertEqual(self._amounts(), [Decimal(10)])

    def test_two_workers_that_book_the_same_day_make_one_invoice(self):
        with self._env() as env:
            self._pay(env, "yesterday")()
            payment = self.payments(env)
            payment.paid_at = payment.paid_at - timedelta(days=2)
            self.assertFalse(payment.move_id)

        def book(env, _index):
            self.payments(env).read(["state"])

            def work():
                env.invalidate_all()
                env["property.parking.payment"]._cron_book_days()

            return work

        self._together(2, book)
        with self._env() as env:
            payment = self.payments(env)
            self.assertEqual((payment.state, payment.booking_problem), ("booked", False))
            moves = env["account.move"].search(
                [("site_id", "=", self.site_id), ("move_type", "=", "out_invoice")]
            )
            self.assertEqual(moves, payment.move_id)
            self.assertEqual(moves.amount_residual, 0)
            self.assertLess(moves.invoice_date, fields.Date.today())


@tagged("post_install", "-at_install")
class TestParkingShiftRivals(ParkingRivalsMixin, BaseCase):
    def setUp(self):
        super().setUp()
        self.build()
        with self._env() as env:
            site = env["property.site"].browse(self.site_id)
            self.shift_id = env["property.cashier.shift"]._open(site, 100).id

    def shift(self, env):
        return env["property.cashier.shift"].browse(self.shift_id)

    def test_handing_over_while_money_is_taken_counts_it_or_refuses_it(self):
        def work_of(env, index):
            self.stay(env).read(["state"])
            self.shift(env).read(["state"])

            def work():
                env.invalidate_all()
                if index:
                    self.shift(env)._close({"100": 1}, {}, {})
                    return "closed"
                return self.take(env, "cash").id

            return work

        results = self._together(2, work_of)
        with self._env() as env:
            shift, payments = self.shift(env), self.payments(env)
            self.assertEqual(shift.state == "closed", not payments, results)
            if payments:
                self.assertEqual(payments.shift_id, shift)
            else:
                self.assertEqual(shift.line_ids.expected, 100)

    def test_two_who_pay_the_same_refund_out_pay_it_once(self):
        with self._env() as env:
            payment = self.take(env, "cash")
            refund = env["property.parking.refund"].create(
                {"payment_id": payment.id, "amount": 5, "reason": "Gate was broken"}
            )
            refund.action_submit()
            refund.requested_by_id = env.ref("base.user_admin")
            refund_id = refund.id

        def approve(env, _index):
            refund = env["property.parking.refund"].browse(refund_id)
            refund.read(["approval_state"])

            def work():
                env.invalidate_all()
                return refund.action_approve()

            return work

        def pay_out(env, _index):
            refund = env["property.parking.refund"].browse(refund_id)
            refund.read(["payout_state"])

            def work():
                env.invalidate_all()
                return refund.action_pay_out()

            return work

        for step in (approve, pay_out):
            results = self._together(3, step)
            self.assertEqual(sum(result is True for result in results), 1, results)
        with self._env() as env:
            refund = env["property.parking.refund"].browse(refund_id)
            self.assertEqual(refund.payout_state, "done")
            notes = env["account.move"].search(
                [("site_id", "=", self.site_id), ("move_type", "=", "out_refund")]
            )
            self.assertEqual(notes, refund.move_id)
            cash = next(one for one in self.shift(env)._figures() if one["is_cash"])
            self.assertEqual(cash["expected"], 105)
