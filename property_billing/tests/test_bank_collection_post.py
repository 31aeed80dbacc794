from dataclasses import replace
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import payment_lane, property_bank_collection_post
from .bank_common import BankMandatesCommon
from .invariants import broken, unbalanced


@tagged("post_install", "-at_install")
class TestBankCollectionPost(BankMandatesCommon):
    def test_what_the_bank_collected_is_booked_and_the_rest_stays_owed(self):
        owed = {home: self.owed(home) for home in self.homes}
        batch = self.sent_batch()
        part = batch.line_ids[2]
        self.answered(batch, line_1=("余额不足", 0), line_3=("部分扣款", 50.0))
        batch.action_post()
        self.assertEqual((batch.state, batch.posted_count, batch.failed_count), ("done", 11, 1))
        self.assertEqual(self.owed(self.homes[0]), owed[self.homes[0]])
        self.assertEqual(
            sum(
                self.env["account.move"]
                .search([("unit_id", "=", self.homes[2].id), ("amount_residual", ">", 0)])
                .mapped("amount_residual")
            ),
            round(owed[self.homes[2]] - 50, 2),
        )
        self.assertFalse(self.open_bills(self.homes[1]))
        payment = part.payment_id
        self.assertEqual((payment.amount, payment.date), (50.0, self.day))
        self.assertEqual((payment.site_id, payment.unit_id), (self.site, self.homes[2]))
        self.assertIn(part.agreement, payment.memo)
        self.assertFalse(broken(self.env))
        self.assertFalse(unbalanced(self.env, self.company, self.day))

    def test_most_payments_go_as_a_set_and_the_batch_says_how_many(self):
        batch = self.sent_batch()
        self.answered(batch)
        with patch.object(payment_lane.PaymentLane.pay, "__defaults__", (0,)):
            batch.action_post()
        self.assertEqual((batch.fast_count, batch.orm_count), (12, 0), batch.lane_note)
        self.assertGreater(batch.lane_cells, 1000)
        numbers = batch.line_ids.payment_id.mapped("move_id.sequence_number")
        self.assertEqual(sorted(numbers), list(range(min(numbers), min(numbers) + 12)))

    def collected(self):
        """Return what the collection rate counts as collected on the site."""
        self.env.flush_all()
        report = self.env["property.report.collection"]
        ((amount,),) = report._read_group(
            [("site_id", "=", self.site.id)], [], ["amount_collected:sum"]
        )
        return amount or 0.0

    def test_the_collection_rate_counts_it(self):
        batch = self.sent_batch()
        before = self.collected()
        self.answered(batch, line_1=("余额不足", 0))
        with patch.object(payment_lane.PaymentLane.pay, "__defaults__", (0,)):
            batch.action_post()
        self.assertEqual((batch.fast_count, batch.orm_count), (11, 0))
        self.assertAlmostEqual(self.collected() - before, batch.amount_collected, 2)

    def test_posting_twice_does_nothing(self):
        batch = self.sent_batch()
        self.answered(batch)
        batch.action_post()
        payments = batch.line_ids.payment_id
        with self.assertRaises(UserError):
            batch.action_post()
        self.assertFalse(batch._post_chunk(batch._new_lane()))
        self.assertEqual(batch.line_ids.payment_id, payments)

    def test_nothing_is_booked_when_a_bill_is_settled_otherwise_than_it_was_to_be(self):
        batch = self.sent_batch()
        self.answered(batch)
        owed = sum(self.owed(home) for home in self.homes)
        pay = payment_lane.PaymentLane.pay

        def forgets_a_bill(lane, orders):
            one, *others = orders
            amount = one.amount - one.parts[-1][1]
            return pay(lane, [replace(one, parts=one.parts[:-1], amount=amount), *others])

        with (
            patch.object(payment_lane.PaymentLane, "pay", forgets_a_bill),
            self.assertRaises(UserError) as refused,
        ):
            batch.action_post()
        self.assertIn("settled exactly", str(refused.exception))
        self.assertFalse(batch.line_ids.payment_id)
        self.assertEqual(sum(self.owed(home) for home in self.homes), owed)

    def test_a_crash_in_the_middle_is_resumed(self):
        batch = self.sent_batch()
        self.answered(batch)
        batch.state = "posting"
        owed = sum(self.owed(home) for home in self.homes)
        real = type(batch)._link_payments
        calls = []

        def dies_second(self, *args):
            calls.append(1)
            if len(calls) == 2:
                raise MemoryError
            return real(self, *args)

        with (
            patch.object(property_bank_collection_post, "POST_CHUNK", 5),
            patch.object(payment_lane.PaymentLane.pay, "__defaults__", (0,)),
            patch.object(type(batch), "_link_payments", dies_second),
        ):
            batch._post_chunk(batch._new_lane())
            with self.assertRaises(MemoryError), self.env.cr.savepoint():
                batch._post_chunk(batch._new_lane())
            self.env.invalidate_all()
            self.assertEqual(batch.posted_count, 5)
            while batch._post_chunk(batch._new_lane()):
                pass
        self.assertEqual((batch.state, batch.posted_count), ("done", 12))
        self.assertEqual(round(sum(batch.line_ids.payment_id.mapped("amount")), 2), round(owed, 2))
        self.assertFalse(sum(self.owed(home) for home in self.homes))
        self.assertFalse(broken(self.env))

    def test_a_batch_too_large_for_one_go_is_finished_by_the_cron(self):
        batch = self.sent_batch()
        self.answered(batch)
        with patch.object(property_bank_collection_post, "POST_CHUNK", 5):
            batch.action_post()
            self.assertEqual((batch.state, batch.posted_count), ("posting", 0))
            with patch("odoo.addons.base.models.ir_cron.IrCron._commit_progress", return_value=1e9):
                self.env["property.bank.collection"]._cron_post()
        self.assertEqual((batch.state, batch.posted_count), ("done", 12))

    def test_what_was_paid_otherwise_meanwhile_becomes_a_prepayment(self):
        batch = self.sent_batch()
        all_paid, part_paid = batch.line_ids[0], batch.line_ids[1]
        for bill in all_paid.bill_ids.bill_id:
            self.pay(bill)
        self.pay(part_paid.bill_ids[0].bill_id)
        surplus = part_paid.bill_ids[0].amount
        self.answered(batch)
        with patch.object(payment_lane.PaymentLane.pay, "__defaults__", (0,)):
            batch.action_post()
        self.assertEqual(all_paid.amount_surplus, all_paid.amount)
        self.assertEqual(part_paid.amount_surplus, surplus)
        self.assertEqual(batch.amount_surplus, round(all_paid.amount + surplus, 2))
        for line in (all_paid, part_paid):
            kept = self.env["property.prepayment"]._open(line.unit_id, line.partner_id)
            self.assertEqual(
                (kept.amount_left, kept.payment_id), (line.amount_surplus, line.payment_id)
            )
        self.assertEqual((batch.fast_count, batch.orm_count), (10, 2))
        self.assertFalse(broken(self.env))
        self.assertFalse(unbalanced(self.env, self.company, self.day))

    def test_late_fees_are_asked_for_and_booked_with_the_money(self):
        self.management.late_fee_policy_id = self.env["property.late.fee.policy"].create(
            {
                "name": "Contract",
                "site_id": self.site.id,
                "legal_basis": "Clause 7",
                "rate_ids": [(0, 0, {"date_from": "2020-01-01", "rate": 0.0005})],
            }
        )
        batch = self.sent_batch()
        line, failed = batch.line_ids[0], batch.line_ids[1]
        bills = line.bill_ids.bill_id
        fee = round(sum(line.bill_ids.mapped("amount_late_fee")), 2)
        self.assertGreater(fee, 0)
        self.assertEqual(line.amount, round(sum(bills.mapped("amount_residual")) + fee, 2))
        kept = self.env["property.prepayment"]._receive(
            bills[0].unit_id, bills[0].commercial_partner_id, 80.0, batch.journal_id
        )
        self.answered(batch, line_2=("余额不足", 0))
        batch.action_post()
        self.assertEqual(kept.amount_left, 80.0, "the bank's money pays the late fees")
        late = bills.late_fee_move_ids
        self.assertEqual(round(sum(late.mapped("amount_total")), 2), fee)
        self.assertEqual(set((bills | late).mapped("payment_state")), {"paid"})
        self.assertFalse(line.amount_surplus)
        self.assertFalse(
            failed.bill_ids.bill_id.late_fee_move_ids, "nothing came, nothing is fixed"
        )
        self.assertFalse(broken(self.env))

    def test_every_payment_gets_a_receipt_when_asked(self):
        batch = self.sent_batch(is_receipted=True)
        self.answered(batch, line_1=("余额不足", 0))
        batch.action_post()
        payments = batch.line_ids.payment_id
        self.assertEqual(len(payments.receipt_id), 11)
        for payment in payments:
            receipt = payment.receipt_id
            self.assertEqual((receipt.payment_ids, receipt.amount_total), (payment, payment.amount))
            self.assertEqual(len(receipt.line_ids), 3)
        numbers = payments.receipt_id.mapped("number")
        self.assertEqual(sorted(numbers), list(range(min(numbers), min(numbers) + 11)))
