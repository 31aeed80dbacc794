from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestUndo(BillingCommon):
    def _posted(self, items=None):
        run = self.new_run(items=items)
        run.action_compute()
        run.action_post()
        return run

    def test_an_unpaid_run_is_cancelled_and_its_days_are_free_again(self):
        run = self._posted()
        moves = run.charge_ids.move_id
        names = moves.mapped("name")
        run.action_undo()
        self.assertEqual(run.state, "undone")
        self.assertEqual(set(moves.mapped("state")), {"cancel"})
        self.assertEqual(moves.mapped("name"), names)
        self.assertEqual(set(run.charge_ids.mapped("state")), {"cancelled"})
        again = self._posted()
        self.assertEqual(self.billed(again), self.billed(run))
        self.assertFalse(set(again.charge_ids.move_id.mapped("name")) & set(names))

    def test_a_paid_bill_gets_a_credit_note_and_the_money_stays_the_payers(self):
        run = self._posted(self.management)
        charge = run.charge_ids.filtered(lambda row: row.unit_id == self.unit)
        payment = self.pay(charge.move_id)
        run.action_undo()
        self.assertEqual(charge.state, "reversed")
        self.assertEqual(charge.move_id.state, "posted")
        self.assertEqual(charge.move_id.payment_state, "reversed")
        credit = charge.move_id.reversal_move_ids
        self.assertEqual((credit.move_type, credit.amount_total), ("out_refund", charge.amount))
        self.assertEqual(credit.unit_id, self.unit)
        self.assertEqual(set((run.charge_ids - charge).mapped("state")), {"cancelled"})
        if payment.move_id:
            receivable = payment.move_id.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            self.assertEqual(receivable.amount_residual, -charge.amount)
        again = self._posted(self.management)
        self.assertEqual(len(again.charge_ids), 2)
        bill = again.charge_ids.filtered(lambda row: row.unit_id == self.unit).move_id
        self.assertEqual(bill.amount_residual, 0, "nobody pays twice for what is billed anew")

    def test_a_hashed_bill_gets_a_credit_note(self):
        self.site._billing_journal().restrict_mode_hash_table = True
        run = self._posted(self.management)
        self.assertTrue(all(run.charge_ids.move_id.mapped("inalterable_hash")))
        run.action_undo()
        self.assertEqual(set(run.charge_ids.mapped("state")), {"reversed"})
        self.assertEqual(set(run.charge_ids.move_id.mapped("payment_state")), {"reversed"})

    def test_a_bill_in_a_locked_period_gets_a_credit_note_after_it(self):
        run = self._posted(self.management)
        self.company.sudo().hard_lock_date = date(2026, 9, 30)
        run.action_undo()
        self.assertEqual(set(run.charge_ids.mapped("state")), {"reversed"})
        credit = run.charge_ids.move_id.reversal_move_ids
        self.assertTrue(all(move.date > date(2026, 9, 30) for move in credit))

    def test_a_draft_run_loses_its_drafts(self):
        run = self.new_run()
        run.action_compute()
        run.action_undo()
        self.assertFalse(run.charge_ids)
        self.assertEqual(run.state, "undone")

    def test_a_credit_note_made_by_hand_frees_the_charge(self):
        run = self._posted(self.management)
        charge = run.charge_ids[0]
        refund = charge.move_id._reverse_moves([{"invoice_date": date(2026, 10, 2)}])
        refund.action_post()
        self.assertEqual(charge.state, "reversed")

    def test_a_bill_cannot_be_reset_behind_its_charge(self):
        run = self._posted(self.management)
        with self.assertRaises(UserError):
            run.charge_ids[0].move_id.button_draft()
        with self.assertRaises(UserError):
            run.charge_ids[0].move_id.button_cancel()

    def test_a_cancelled_bill_never_comes_back_beside_the_one_that_replaced_it(self):
        run = self._posted(self.management)
        bill = run.charge_ids[0].move_id
        run.action_undo()
        self.assertEqual(bill.state, "cancel")
        self.assertFalse(bill.show_reset_to_draft_button)
        with self.assertRaisesRegex(UserError, "belongs to a charge"):
            bill.with_user(self.env.ref("base.user_admin")).button_draft()
        with self.assertRaisesRegex(UserError, "belongs to a charge"):
            bill.with_user(self.env.ref("base.user_admin")).write({"state": "draft"})

    def test_only_what_can_be_reset_shows_the_button_for_it(self):
        bill = self._posted(self.management).charge_ids[0].move_id
        entry = self.env["account.move"].create({"move_type": "entry"})
        entry.button_cancel()
        self.assertEqual(
            (bill.show_reset_to_draft_button, entry.show_reset_to_draft_button), (False, True)
        )

    def test_undoing_is_logged(self):
        run = self._posted(self.management)
        run.action_undo()
        entries = self.env["property.audit"].search(
            [("event", "=", "money"), ("model", "=", run._name), ("res_id", "=", run.id)]
        )
        self.assertGreaterEqual(len(entries), 2)

    def test_opening_bills_are_undone_and_made_again(self):
        row = {
            "unit_id": self.unit.id,
            "item_id": self.management.id,
            "date_from": date(2026, 1, 1),
            "date_to": date(2026, 6, 30),
            "amount": 1800.0,
        }
        charges = self.env["property.charge"]
        charge = charges._create_opening_bills([row])
        self.assertEqual(charge.payer_id, self.owner)
        self.assertEqual(charge.move_id.invoice_date, date(2026, 6, 30))
        self.assertEqual(charges._create_opening_bills([row]), charge)
        corrected = charges._create_opening_bills([{**row, "amount": 1500.0}])
        self.assertEqual((charge.state, corrected.amount), ("cancelled", 1500.0))
        run = self.new_run(date(2026, 6, 1), date(2026, 6, 30), self.management)
        run.action_compute()
        self.assertEqual(run.charge_ids.unit_id, self.unit_2)
