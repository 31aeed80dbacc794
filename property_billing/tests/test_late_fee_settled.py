from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BillingStaffCommon
from .late_fee_common import LateFeeMixin

LOGGER = "odoo.addons.property_billing.models.account_move_late_fee_settled"


@tagged("post_install", "-at_install")
class TestLateFeeOfSettled(LateFeeMixin, BillingStaffCommon):
    """The bill of the unit is 300.00 and due on 30 September 2026; 0.15 a day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_late_fees()
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )

    def night(self):
        with self.enter_registry_test_mode():
            self.env.ref("property_billing.ir_cron_late_fees_of_settled").method_direct_trigger()
        self.env.invalidate_all()
        return self.bill.late_fee_move_ids

    def bank_line(self, number, amount, bill=None):
        """Let a bank statement bring money on a day, reconciled with a bill."""
        bill = bill or self.bill
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": self.day(number),
                "payment_ref": "Transfer",
                "partner_id": bill.partner_id.id,
                "amount": amount,
            }
        )
        receivable = bill._property_receivable_lines()
        suspense = line._seek_for_lines()[1]
        suspense.account_id = receivable.account_id
        (suspense + receivable).reconcile()

    def test_a_bank_statement_that_settles_a_bill_late_makes_its_late_fee_a_bill_by_morning(self):
        self.bank_line(32, 300.0)
        self.assertEqual(self.bill.amount_residual, 0)
        # shown at once on bill and household, exact to the day of payment whatever day it is
        self.assertEqual(self.bill.amount_late_fee, 4.80)
        self.assertEqual(self.unit.amount_late_fee, 4.80)
        late = self.night()
        self.assertEqual(late.mapped("amount_total"), [4.80])
        self.assertEqual(late.late_fee_bill_id, self.bill)
        self.assertIn("32", late.property_charge_id.explanation)
        self.assertEqual(late.amount_residual, 4.80)
        self.assertEqual(self.bill.amount_late_fee, 0)
        self.assertFalse(self.charge_of(late)._underivable())

    def charge_of(self, move):
        return move.property_charge_id

    def test_every_day_bears_what_was_open_that_morning(self):
        self.bank_line(7, 100.0)
        self.assertFalse(self.night(), "a bill that is open goes on being late")
        self.pay_on(20, 50.5)
        self.bank_line(41, 149.5)
        amounts = [300.0] * 7 + [200.0] * 13 + [149.5] * 21
        exact = sum(Decimal(str(amount)) * Decimal("0.0005") for amount in amounts)
        self.assertEqual(exact.quantize(Decimal("0.01")), Decimal("3.92"))
        self.assertEqual(self.night().mapped("amount_total"), [3.92])

    def test_what_a_run_billed_before_is_not_billed_again(self):
        self.bill._property_crystallise_late_fees(self.day(10))
        self.bank_line(12, 300.0)
        self.assertEqual(sorted(self.night().mapped("amount_total")), [0.30, 1.50])

    def test_a_second_night_finds_nothing_left(self):
        self.bank_line(32, 300.0)
        self.assertEqual(self.night(), self.night())

    def test_a_bill_paid_in_time_or_credited_bears_none(self):
        self.bank_line(0, 300.0)
        self.bill_2._property_credit(
            {self.bill_2: Decimal(str(self.bill_2.amount_residual))}, "Wrong", day=self.day(20)
        )
        self.night()
        self.assertFalse((self.bill | self.bill_2).late_fee_move_ids)

    def test_a_policy_can_leave_it_to_late_fee_runs(self):
        self.policy.is_billed_at_settlement = False
        self.bank_line(32, 300.0)
        self.assertFalse(self.night())
        self.assertEqual(self.bill.amount_late_fee, 4.80)

    def test_what_somebody_took_back_does_not_return_by_itself(self):
        self.bank_line(32, 300.0)
        self.night().property_charge_id._undo()
        self.night()
        self.assertFalse(self.bill._property_open_late_fees())
        self.assertEqual(self.bill.amount_late_fee, 4.80)

    def test_what_was_waived_is_not_billed(self):
        self.bank_line(32, 300.0)
        waiver = (
            self.env["property.late.fee.waiver"]
            .with_user(self.users["finance"])
            .create(
                {
                    "site_id": self.site.id,
                    "bill_ids": [(6, 0, self.bill.ids)],
                    "date": fields.Date.today(),
                    "mode": "all",
                    "reason": "The bank was slow",
                }
            )
        )
        self.approve(waiver)
        self.assertFalse(self.night())

    def test_money_that_bounced_makes_the_bill_late_again_from_the_day_it_was_paid(self):
        payments = self.pay_on(32, 300.0)
        self.assertEqual(self.night().mapped("amount_total"), [4.80])
        payments.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(self.bill.amount_residual, 300.0)
        later = fields.Date.today() + timedelta(days=2)  # after the last billed day anywhere
        days = (later - self.day(0)).days
        self.assertEqual(
            self.bill._property_late_fees(later)[self.bill.id],
            Decimal("0.15") * days - Decimal("4.80"),
        )

    @mute_logger(LOGGER)
    def test_one_that_cannot_be_billed_holds_up_nobody_and_says_why(self):
        self.bank_line(32, 300.0)
        self.bank_line(32, self.bill_2.amount_residual, self.bill_2)
        model = self.env.registry["account.move"]
        real = model._property_crystallise_late_fees

        def failing(bills, *args, **kwargs):
            if self.bill in bills:
                raise UserError("The books are locked")  # pylint: disable=translation-required
            return real(bills, *args, **kwargs)

        with patch.object(model, "_property_crystallise_late_fees", failing):
            self.assertFalse(self.night())
        self.assertTrue(self.bill_2.late_fee_move_ids)
        self.assertIn("The books are locked", self.bill.message_ids[0].body)
        self.assertTrue(self.night())

    def test_the_number_of_queries_does_not_grow_with_the_bills_that_are_looked_at(self):
        self.bank_line(0, 300.0)
        moves = self.env["account.move"]
        moves._property_settled_late_ids()
        with self.assertQueryCount(8):
            self.assertEqual(moves._property_settled_late_ids(), [])
        self.bank_line(32, self.bill_2.amount_residual, self.bill_2)
        with self.assertQueryCount(8):
            self.assertEqual(moves._property_settled_late_ids(), self.bill_2.ids)
