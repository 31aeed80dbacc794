"""Write-offs and waivers taken back: by a second person, visibly, to the fen."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import BillingStaffCommon
from .late_fee_common import LateFeeMixin


@tagged("post_install", "-at_install")
class TestDecisionUndo(LateFeeMixin, BillingStaffCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_late_fees()

    def decide(self, model, **vals):
        decision = (
            self.env[model]
            .with_user(self.users["finance"])
            .create(
                {
                    "site_id": self.site.id,
                    "bill_ids": [Command.set(self.bill.ids)],
                    "date": self.day(32),
                    "reason": "Company dissolved",
                    **vals,
                }
            )
        )
        self.approve(decision)
        return decision

    def write_off(self, **vals):
        return self.decide("property.write.off", legal_basis="Civil Code 188", **vals)

    def undo(self, decision, approve=True):
        action = decision.with_user(self.users["finance"]).action_request_undo()
        context = {**action["context"], "default_reason": "The debtor pays after all"}
        undos = self.env["property.decision.undo"].with_user(self.users["finance"])
        request = undos.with_context(**context).create({}).with_env(undos.env)
        if approve:
            self.approve(request)
        return request

    def test_undoing_a_write_off_opens_the_bill_and_its_late_fee_again(self):
        before = (self.bill.amount_residual, self.fee(32))
        write_off = self.write_off()
        note = write_off.credit_ids
        self.assertEqual((self.bill.amount_residual, self.fee(32)), (0, 0))
        request = self.undo(write_off)
        self.assertEqual((self.bill.amount_residual, self.fee(32)), before)
        self.assertEqual((note.state, note.credit_of_bill_id), ("cancel", self.bill))
        self.assertEqual((write_off.is_undone, write_off.amount_credited), (True, 0))
        self.assertEqual(request.decided_by_id, self.users["manager"])
        self.assertIn("The debtor pays after all", write_off.message_ids[0].body)
        self.assertEqual(write_off.approval_state, "approved", "what was decided stays on file")

    def test_a_written_off_bill_that_is_owed_again_can_be_paid(self):
        self.undo(self.write_off())
        self.pay_on(10, 300.0)
        self.assertEqual(self.bill.amount_residual, 0)

    def test_part_of_a_bill_written_off_comes_back_as_that_part(self):
        self.pay_on(10, 100.0)
        self.undo(self.write_off(kind="relief"))
        self.assertEqual(self.bill.amount_residual, 200)

    def test_undoing_a_waiver_asks_for_the_late_fee_again(self):
        before = self.fee(32)
        waiver = self.decide("property.late.fee.waiver")
        self.assertEqual(self.fee(32), 0)
        self.assertEqual(waiver.amount_waived, float(before))
        self.undo(waiver)
        self.assertEqual(self.fee(32), before)
        self.assertEqual((waiver.is_undone, waiver.amount_waived), (True, 0))
        self.assertEqual(
            waiver.with_context(active_test=False).relief_ids.mapped("active"), [False]
        )

    def test_undoing_a_waiver_of_a_billed_late_fee_opens_its_bill(self):
        late = self.bill._property_crystallise_late_fees(self.day(32))
        owed = late.amount_residual
        self.assertGreater(owed, 0)
        waiver = self.decide("property.late.fee.waiver")
        self.assertEqual(late.amount_residual, 0)
        self.undo(waiver)
        self.assertEqual((late.amount_residual, self.fee(32)), (owed, 0))

    def test_who_asks_does_not_approve(self):
        request = self.undo(self.write_off(), approve=False)
        request.action_submit()
        with self.assertRaisesRegex(UserError, "Somebody else"):
            request.action_approve()
        self.assertEqual(self.bill.amount_residual, 0)

    def test_nothing_is_undone_twice_nor_before_it_was_approved(self):
        write_off = self.write_off()
        first, second = (self.undo(write_off, approve=False) for _turn in range(2))
        self.approve(first)
        with self.assertRaisesRegex(UserError, "not in force"):
            second.action_submit()
        draft = self.env["property.write.off"].create(
            {"site_id": self.site.id, "reason": "x", "bill_ids": [Command.set(self.bill.ids)]}
        )
        with self.assertRaises(UserError):
            draft.action_request_undo()

    def test_a_bill_undone_meanwhile_is_not_owed_again(self):
        write_off = self.write_off()
        self.bill.property_charge_id._undo()
        with self.assertRaisesRegex(UserError, "undone meanwhile|not in force"):
            self.undo(write_off)

    def test_a_closed_period_stays_closed(self):
        write_off = self.write_off()
        self.company.sudo().fiscalyear_lock_date = write_off.credit_ids.date
        with self.assertRaisesRegex(UserError, "closed"):
            self.undo(write_off)
        self.assertEqual(self.bill.amount_residual, 0)
