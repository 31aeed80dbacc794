"""Bookkeeping by lane and day, and that everything ties, whatever happened."""

import random
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.property_security.tests.common import utc

from .common import ParkingMoneyCommon


@tagged("post_install", "-at_install")
class TestParkingDays(ParkingMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.area.booking = "daily"

    def pay_one(self, number, day="2026-02-02", tender=None):
        stay = self.arrive(f"{day} 08:00", f"苏E{number:05d}")
        self.leave(f"{day} 10:30", stay.plate)
        return self.collect(stay, f"{day} 10:33", 15, tender=tender)

    def close_days(self, at):
        cron = type(self.env["ir.cron"])
        with freeze_time(utc(at)), patch.object(cron, "_commit_progress", lambda *a, **k: 60.0):
            self.env["property.parking.payment"]._cron_book_days()

    def days(self):
        self.env.flush_all()
        return self.env["property.parking.day"].search([("area_id", "=", self.area.id)])

    def test_a_lane_s_day_is_one_invoice_and_one_entry_a_journal(self):
        payments = self.pay_one(1) | self.pay_one(2) | self.pay_one(3, tender=self.pos)
        self.assertEqual(set(payments.mapped("state")), {"open"})
        self.assertEqual(payments[0].session_id.is_settled, True)
        self.close_days("2026-02-02 23:30")
        self.assertEqual(set(payments.mapped("state")), {"open"})
        self.close_days("2026-02-03 00:30")
        self.assertEqual(set(payments.mapped("state")), {"booked"})
        invoice = payments.move_id
        self.assertEqual((len(invoice), invoice.amount_total, invoice.amount_residual), (1, 45, 0))
        self.assertEqual(str(invoice.invoice_date), "2026-02-02")
        self.assertEqual(sorted(payments.account_payment_id.mapped("amount")), [15, 30])
        self.close_days("2026-02-03 01:30")
        self.assertEqual(payments.move_id, invoice)

    def test_days_and_lanes_have_invoices_of_their_own(self):
        payments = self.pay_one(1) | self.pay_one(2, "2026-02-03")
        stay = self.arrive("2026-02-03 08:00", "苏E00009")
        self.arrive_money(self.new_transaction(stay, 10, "2026-02-03 10:00"), "2026-02-03 10:00")
        self.close_days("2026-02-04 09:00")
        self.assertEqual(len((payments | stay.payment_ids).move_id), 3)

    def test_a_day_that_cannot_be_booked_says_why_and_is_booked_later(self):
        payment = self.pay_one(1)
        with patch.object(type(payment), "_post_invoice", side_effect=UserError("Locked.")):
            self.close_days("2026-02-03 09:00")
        self.assertEqual((payment.state, payment.booking_problem), ("open", "Locked."))
        self.close_days("2026-02-03 10:00")
        self.assertEqual((payment.state, payment.booking_problem), ("booked", False))

    def test_a_refund_on_the_same_day_books_its_payment_by_itself(self):
        payments = self.pay_one(1) | self.pay_one(2)
        refund = (
            self.env["property.parking.refund"]
            .with_user(self.users["cashier"])
            .create(
                {
                    "payment_id": payments[0].id,
                    "amount": 15,
                    "date": "2026-02-02",
                    "reason": "Wrong car",
                }
            )
        )
        refund.action_submit()
        refund.with_user(self.users["finance"]).action_approve()
        self.assertEqual(payments.mapped("state"), ["refunded", "open"])
        self.close_days("2026-02-03 09:00")
        self.assertEqual(self.money(self.days(), "amount_difference"), 0)

    def test_takings_invoices_and_ledger_tie_after_random_histories(self):
        rng = random.Random(7)  # noqa: S311
        payments = self.env["property.parking.payment"]
        for number in range(14):
            day = f"2026-02-{rng.randrange(2, 5):02d}"
            self.area.booking = rng.choice(("daily", "session"))
            if rng.random() < 0.5:
                payments |= self.pay_one(number, day, rng.choice((self.cash, self.pos)))
                continue
            stay = self.arrive(f"{day} 08:00", f"苏E{number:05d}")
            for _phone in range(rng.choice((1, 1, 2))):
                tx = self.new_transaction(stay, 10, f"{day} 09:59")
                self.arrive_money(tx, f"{day} 10:00")
            payments |= stay.payment_ids
        for payment in payments.filtered(lambda one: one.amount)[::4]:
            refund = self.env["property.parking.refund"].create(
                {
                    "payment_id": payment.id,
                    "amount": rng.choice((3, 5)),
                    "date": "2026-02-08",
                    "reason": "Complaint",
                    "journal_id": self.pos.journal_id.id,
                }
            )
            refund.action_submit()
            refund.with_user(self.users["finance"]).action_approve()
            if refund.payout_state == "to_pay":
                self.open_shift()
                refund.with_user(self.users["cashier"]).action_pay_out()
        self.close_days("2026-02-05 09:00")
        days = self.days()
        self.assertEqual(self.money(days, "amount_difference"), 0)
        self.assertFalse(days.filtered("amount_difference"))
        self.assertEqual(self.money(days, "amount"), self.money(payments))
        self.assertEqual(self.money(days, "amount_invoiced"), self.money(payments))
        self.assertEqual(
            self.money(days, "amount_received"), self.money(payments, "amount_received")
        )
        notes = payments.refund_ids.move_id
        self.assertEqual(
            self.money(payments.move_id, "amount_total") - self.money(notes, "amount_total"),
            self.money(payments, "amount_net"),
        )
        income = self.env["account.move.line"].search(
            [
                ("move_id.parking_area_id", "=", self.area.id),
                ("display_type", "in", ("product", "tax")),
            ]
        )
        self.assertEqual(-self.money(income, "balance"), self.money(payments, "amount_net"))
        self.assertEqual(self.ledger("asset_receivable"), -self.money(payments, "amount_excess"))
