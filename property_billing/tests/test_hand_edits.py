from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import BillingStaffCommon


@tagged("post_install", "-at_install")
class TestHandEdits(BillingStaffCommon):
    """What was billed cannot be edited behind the back of its evidence, by any door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.billing_run = cls.new_run(items=cls.management)
        cls.billing_run.action_compute()
        cls.billing_run.action_post()
        cls.charge = cls.billing_run.charge_ids.filtered(lambda row: row.unit_id == cls.unit)
        cls.bill = cls.charge.move_id

    def test_nobody_makes_edits_or_deletes_charges_by_hand(self):
        values = {
            "fee_id": self.charge.fee_id.id,
            "unit_id": self.unit.id,
            "item_id": self.management.id,
            "payer_id": self.owner.id,
            "date_from": "2031-01-01",
            "date_to": "2031-01-31",
            "amount": 5.0,
        }
        for role in ("cashier", "finance", "manager", "director"):
            charge = self.charge.with_user(self.users[role])
            for vals in (
                {"state": "cancelled"},
                {"state": "draft", "move_id": False},
                {"amount": 1.0},
                {"run_id": False},
                {"is_opening": True},
            ):
                with self.subTest(f"{role} {vals}"), self.assertRaises(UserError):
                    charge.write(vals)
            with self.subTest(f"{role} create"), self.assertRaises(AccessError):
                charge.create(values)
            with self.subTest(f"{role} line"), self.assertRaises(AccessError):
                charge.line_ids.write({"amount": 1.0})
            with self.subTest(f"{role} unlink"), self.assertRaises(AccessError):
                charge.unlink()

    def test_finance_and_manager_still_compute_post_and_undo(self):
        for number, role in enumerate(("finance", "manager"), start=1):
            run = self.env["property.billing.run"].with_user(self.users[role])
            run = run.create(
                {
                    "site_ids": [Command.set(self.site.ids)],
                    "item_ids": [Command.set(self.management.ids)],
                    "date_from": f"2026-0{number}-01",
                    "date_to": f"2026-0{number}-28",
                }
            )
            run.action_compute()
            run.action_compute()
            run.action_post()
            run.charge_ids[:1].action_undo()
            run.action_undo()
            self.assertEqual(run.state, "undone")

    def test_a_cashier_does_not_undo_a_charge(self):
        with self.assertRaises(AccessError):
            self.charge.with_user(self.users["cashier"]).action_undo()

    def test_the_state_of_a_run_follows_its_steps_only(self):
        run = self.billing_run.with_user(self.users["finance"])
        for state in ("draft", "undone", "computed"):
            with self.subTest(state), self.assertRaises(UserError):
                run.write({"state": state})
        with self.assertRaises(UserError):
            run.create(
                {
                    "site_ids": [Command.set(self.site.ids)],
                    "date_from": "2026-01-01",
                    "date_to": "2026-01-31",
                    "state": "posted",
                }
            )

    def test_a_bill_is_not_brought_back_to_draft_by_any_door(self):
        for role in ("cashier", "finance", "director"):
            bill = self.bill.with_user(self.users[role])
            attempts = {
                "context": lambda bill=bill: bill.with_context(property_undo=True).button_draft(),
                "draft": lambda bill=bill: bill.write({"state": "draft"}),
                "cancel": lambda bill=bill: bill.write({"state": "cancel"}),
                "cancel in context": lambda bill=bill: bill.with_context(
                    property_undo=True
                ).button_cancel(),
            }
            for door, attempt in attempts.items():
                with self.subTest(f"{role} {door}"), self.assertRaises(UserError):
                    attempt()
            self.assertEqual(self.bill.state, "posted")

    def test_an_invoice_by_hand_cannot_claim_a_charge(self):
        moves = self.env["account.move"].with_user(self.users["finance"])
        values = {"move_type": "out_invoice", "partner_id": self.owner.id}
        for claim in (
            {"property_charge_id": self.charge.id},
            {"billing_run_id": self.billing_run.id},
        ):
            with self.subTest(claim), self.assertRaises(UserError):
                moves.create({**values, **claim})
            with self.subTest(f"write {claim}"), self.assertRaises(UserError):
                moves.create(values).write(claim)

    def test_a_journal_item_is_not_moved_away_from_its_entry(self):
        line = self.bill.line_ids[:1].with_user(self.users["cashier"])
        with self.assertRaises(UserError):
            line.write({"site_id": self.other_site.id, "unit_id": False})
        self.assertEqual(line.site_id, self.site)

    def test_a_credit_note_of_someone_else_does_not_free_the_days(self):
        note = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.tenant.id,
                "reversed_entry_id": self.bill.id,
                "invoice_date": "2026-10-05",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Note",
                            "quantity": 1,
                            "price_unit": self.bill.amount_total,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        note.action_post()
        self.assertEqual(self.charge.state, "posted")

    def test_undo_after_a_partial_credit_note_gives_back_no_more_than_the_bill(self):
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=self.bill.ids)
            .create({"journal_id": self.bill.journal_id.id, "date": "2026-10-05"})
        )
        wizard.reverse_moves()
        note = wizard.new_move_ids
        note.invoice_line_ids.price_unit = 100.0
        note.action_post()
        (note.line_ids | self.bill.line_ids).filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()
        self.assertEqual(self.charge.state, "posted")
        self.charge.action_undo()
        notes = self.bill.reversal_move_ids.filtered(lambda move: move.state == "posted")
        self.assertEqual(sum(notes.mapped("amount_total")), self.bill.amount_total)
        self.assertEqual(self.charge.state, "reversed")
        self.assertEqual(self.bill.amount_residual, 0.0)
        self.assertEqual(sum(notes.mapped("amount_residual")), 0.0)

    def test_a_run_over_senseless_dates_is_refused_in_words(self):
        for date_from, date_to in (("0001-01-01", "9999-12-31"), ("2026-01-01", "2099-12-31")):
            with self.subTest(date_to), self.assertRaises(UserError):
                self.billing_run.copy({"date_from": date_from, "date_to": date_to})

    def test_nobody_prints_the_statement_that_another_asked_for(self):
        wizard = (
            self.env["property.statement.wizard"]
            .with_user(self.users["finance"])
            .create({"scope": "household", "unit_id": self.unit.id})
        )
        self.assertTrue(wizard.read(["scope"]))
        with self.assertRaises(AccessError):
            wizard.with_user(self.users["cashier"]).read(["scope"])
