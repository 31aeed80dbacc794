from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import BillingStaffCommon
from .late_fee_common import LateFeeMixin


@tagged("post_install", "-at_install")
class TestLateFeeRelief(LateFeeMixin, BillingStaffCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_late_fees()

    def new_waiver(self, number=32, bills=None, **vals):
        return (
            self.env["property.late.fee.waiver"]
            .with_user(self.users["finance"])
            .create(
                {
                    "site_id": self.site.id,
                    "bill_ids": [Command.set((bills or self.bill).ids)],
                    "date": self.day(number),
                    "reason": "Leak in the roof",
                    **vals,
                }
            )
        )

    def new_write_off(self, bills=None, **vals):
        return (
            self.env["property.write.off"]
            .with_user(self.users["finance"])
            .create(
                {
                    "site_id": self.site.id,
                    "bill_ids": [Command.set((bills or self.bill).ids)],
                    "date": self.day(32),
                    "reason": "Company dissolved",
                    "legal_basis": "Civil Code 188",
                    **vals,
                }
            )
        )

    # Waivers ------------------------------------------------------------------------------------

    def test_a_waiver_of_all_lowers_the_live_late_fee_to_nothing_and_later_days_still_count(self):
        waiver = self.new_waiver()
        self.assertEqual((waiver.amount_due, waiver.amount_waived), (4.80, 4.80))
        self.approve(waiver)
        self.assertEqual(self.fee(32), 0)
        self.assertEqual(self.fee(33), Decimal("0.15"))
        self.assertEqual(waiver.relief_ids.amount, 4.80)
        self.assertIn("-4.80", waiver.impact_text)

    def test_a_waiver_in_per_cent_is_rounded_bill_by_bill(self):
        bills = self.bill | self.bill_2
        waiver = self.new_waiver(number=1, bills=bills, mode="percent", percent=50)
        self.approve(waiver)
        self.assertEqual(waiver.relief_ids.mapped("amount"), [0.08, 0.08])
        self.assertEqual(self.fee(1), Decimal("0.07"))

    def test_a_waiver_of_an_amount_is_shared_out(self):
        bills = self.bill | self.bill_2
        waiver = self.new_waiver(bills=bills, mode="amount", amount=1.01)
        self.approve(waiver)
        self.assertEqual(sorted(waiver.relief_ids.mapped("amount")), [0.50, 0.51])

    def test_a_waiver_credits_what_is_billed_and_it_does_not_come_back(self):
        late = self.bill._property_crystallise_late_fees(self.day(20))
        waiver = self.new_waiver()
        self.assertEqual(waiver.amount_waived, 4.80)
        self.approve(waiver)
        self.assertEqual((late.amount_residual, waiver.credit_ids.amount_total), (0, 3.00))
        self.assertEqual(self.fee(32), 0)
        self.assertEqual(self.fee(34), Decimal("0.30"))

    def test_a_late_fee_that_was_corrected_is_not_billed_a_second_time(self):
        late = self.bill._property_crystallise_late_fees(self.day(20))
        correction = (
            self.env["property.adjustment"]
            .with_user(self.users["finance"])
            .create(
                {
                    "charge_id": late.property_charge_id.id,
                    "kind": "correction",
                    "new_amount": 3.01,
                    "reason_code": "other",
                    "reason": "Counted again",
                }
            )
        )
        self.approve(correction)
        again = correction.new_charge_id.move_id
        self.assertEqual((again.late_fee_bill_id, again.amount_total), (self.bill, 3.01))
        self.assertEqual(self.fee(20), 0)
        self.assertEqual(self.fee(22), Decimal("0.29"))
        more = self.bill._property_crystallise_late_fees(self.day(22))
        self.assertEqual(more.amount_total, 0.29)
        self.assertEqual(more.period_from, self.day(21))

    def test_what_is_paid_already_is_not_waived(self):
        late = self.bill._property_crystallise_late_fees(self.day(20))
        self.pay(late)
        waiver = self.new_waiver()
        self.assertEqual(waiver.amount_waived, 1.80)

    def test_who_asks_does_not_approve(self):
        waiver = self.new_waiver()
        waiver.action_submit()
        with self.assertRaises(UserError):
            waiver.action_approve()

    def test_an_effect_that_changed_is_not_approved(self):
        waiver = self.new_waiver()
        waiver.action_submit()
        self.bill._property_waive_late_fee({self.bill: Decimal("1.00")}, "Meanwhile")
        with self.assertRaises(UserError):
            waiver.with_user(self.users["manager"]).action_approve()
        self.assertEqual(self.fee(32), Decimal("3.80"))

    def test_a_waiver_that_waives_nothing_is_refused_with_the_reason(self):
        self.management.late_fee_policy_id = False
        with self.assertRaises(UserError):
            self.new_waiver().action_submit()

    def test_days_to_come_are_not_waived(self):
        with self.assertRaises(UserError):
            self.new_waiver(number=4000).action_submit()

    def test_bills_of_another_site_are_not_waived(self):
        foreign = self.bill.copy({"unit_id": self.other_unit.id, "site_id": self.other_site.id})
        with self.assertRaises(AccessError):
            self.new_waiver(bills=self.bill | foreign)
        waiver = self.new_waiver()
        waiver.sudo().bill_ids |= foreign
        with self.assertRaises(UserError):
            waiver.with_user(self.users["director"]).action_submit()

    def test_the_household_fills_in_its_late_bills(self):
        form = self.env["property.late.fee.waiver"].new({"unit_id": self.unit.id})
        form._onchange_unit_id()
        self.assertEqual((form.site_id, form.bill_ids._origin), (self.site, self.bill))

    # Write-offs ---------------------------------------------------------------------------------

    def test_a_bad_debt_becomes_an_expense_and_the_charge_stays(self):
        self.pay_on(10, 100.0)
        write_off = self.new_write_off()
        self.assertEqual(write_off.amount_open, 200.0)
        self.approve(write_off)
        note = write_off.credit_ids
        self.assertEqual((note.amount_total, note.amount_tax), (200.0, 0))
        self.assertEqual(note.invoice_line_ids.account_id, self.company.write_off_account_id)
        self.assertEqual(note.credit_of_bill_id, self.bill)
        self.assertEqual((note.site_id, note.unit_id), (self.site, self.unit))
        self.assertEqual(self.bill.amount_residual, 0)
        self.assertEqual(self.bill.property_charge_id.state, "posted")
        self.assertEqual(self.fee(400), 0)

    def test_a_bill_written_off_whole_keeps_its_charge(self):
        self.approve(self.new_write_off())
        self.assertEqual(self.bill.amount_residual, 0)
        self.assertEqual(self.bill.property_charge_id.state, "posted")
        again = self.new_run(items=self.management)
        again.action_compute()
        self.assertFalse(again.charge_ids)

    def test_a_relief_takes_income_and_vat_back(self):
        write_off = self.new_write_off(kind="relief", legal_basis=False)
        self.approve(write_off)
        note = write_off.credit_ids
        self.assertEqual(note.amount_tax, self.bill.amount_tax)
        self.assertEqual(note.invoice_line_ids.account_id, self.bill.invoice_line_ids.account_id)

    def test_a_bad_debt_needs_a_legal_basis(self):
        with self.assertRaises(UserError):
            self.new_write_off(legal_basis=False).action_submit()

    def test_a_bill_paid_meanwhile_is_not_written_off(self):
        write_off = self.new_write_off()
        write_off.action_submit()
        self.pay_on(10, 300.0)
        with self.assertRaises(UserError):
            write_off.with_user(self.users["manager"]).action_approve()
        self.assertFalse(write_off.credit_ids)

    def test_undoing_a_written_off_charge_credits_no_fen_twice(self):
        self.pay_on(10, 100.0)
        self.approve(self.new_write_off())
        self.bill.property_charge_id._undo()
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.owner.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        self.assertEqual(self.company.currency_id.round(sum(lines.mapped("balance"))), -100.0)

    # Forms --------------------------------------------------------------------------------------

    def test_an_empty_waiver_can_be_begun(self):
        waiver = self.env["property.late.fee.waiver"].with_user(self.users["finance"]).new({})
        self.assertEqual((waiver.amount_due, waiver.amount_waived), (0, 0))
