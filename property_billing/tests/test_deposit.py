import random
from datetime import date, timedelta
from decimal import Decimal

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from .balances_common import BalancesCommon


@tagged("post_install", "-at_install")
class TestDeposit(BalancesCommon):
    def booked(self, day=None):
        """Return the balance of the deposits account, as owed."""
        domain = [
            ("account_id", "=", self.company._billing_deposit_account().id),
            ("parent_state", "=", "posted"),
        ]
        if day:
            domain.append(("date", "<=", day))
        lines = self.env["account.move.line"].search(domain)
        return -Decimal(str(round(sum(lines.mapped("balance")), 2)))

    def deduct(self, deposit, amount, **vals):
        return self.approve(
            self.request(deposit_id=deposit.id, kind="deduct", amount=amount, **vals)
        )

    def test_a_deposit_is_owed_back_and_is_no_income_nor_receivable(self):
        deposit = self.take_deposit(2000.0)
        self.assertEqual((deposit.state, deposit.amount_left), ("held", 2000.0))
        self.assertEqual(self.booked(), Decimal("2000.00"))
        self.assertEqual(self.balance(self.owner), Decimal("0.00"))
        account = self.company._billing_deposit_account()
        self.assertEqual((account.account_type, account.reconcile), ("liability_current", True))
        self.assertTrue(account.code.startswith("2241"))
        self.assertEqual(self.company._billing_deposit_account(), account)

    def test_a_deduction_makes_a_bill_and_pays_it_from_the_deposit(self):
        deposit = self.take_deposit(2000.0)
        self.receive(5000.0)
        request = self.deduct(
            deposit, 350.0, item_id=self.repair.id, attachment_ids=self.set_ids(self.form)
        )
        bill = request.charge_id.move_id
        self.assertEqual((bill.amount_total, bill.amount_residual), (350.0, 0.0))
        self.assertEqual((bill.charge_item_id, bill.partner_id), (self.repair, self.owner))
        self.assertEqual(bill.amount_tax, 19.81)
        self.assertIn("As agreed", request.charge_id.explanation)
        self.assertEqual(request.charge_id._derive()["amount"], Decimal("350.00"))
        self.assertEqual((deposit.amount_left, deposit.state), (1650.0, "part"))
        self.assertEqual(self.booked(), Decimal("1650.00"))
        self.assertEqual(self.balance(self.owner), Decimal("-5000.00"))
        row = deposit._statement_rows()[-1]
        self.assertEqual((row["kind"], row["amount"]), ("used", Decimal("-350.00")))
        self.assertIn(self.form, deposit.message_ids.attachment_ids)
        self.assert_books_balance()

    def test_a_deduction_is_not_billed_again_by_a_run(self):
        self.deduct(self.take_deposit(), 100.0, item_id=self.repair.id)
        run = self.new_run(
            date_from=date(2026, 10, 1), date_to=date(2026, 10, 31), items=self.repair
        )
        run.action_compute()
        self.assertFalse(run.charge_ids)
        self.assertFalse(run.problem_ids)

    def test_a_deduction_can_pay_an_open_bill_instead(self):
        bill = self.bill_of(self.bill(self.management), self.unit, self.management)
        deposit = self.take_deposit(200.0)
        self.deduct(deposit, 200.0, bill_id=bill.id)
        self.assertEqual((bill.amount_residual, deposit.amount_left), (100.0, 0.0))
        self.assertEqual(deposit.state, "closed")

    def test_a_deposit_pays_no_bill_of_another_payer(self):
        bill = self.bill_of(self.bill(self.management), self.unit_2, self.management)
        deposit = self.take_deposit(200.0)
        with self.assertRaisesRegex(UserError, "no open bill"):
            self.deduct(deposit, 100.0, bill_id=bill.id)
        with self.assertRaises(UserError):
            deposit._deduct(bill, 100.0)

    def test_the_refund_pays_out_what_is_left(self):
        deposit = self.take_deposit(2000.0)
        self.deduct(deposit, 500.0, item_id=self.repair.id)
        request = self.approve(
            self.request(deposit_id=deposit.id, amount=1500.0, journal_id=self.cash.id), "manager"
        )
        self.assertEqual((deposit.amount_left, deposit.state), (0.0, "closed"))
        self.assertEqual(self.booked(), Decimal("0.00"))
        self.assertEqual(request.payment_id.amount, 1500.0)
        self.assertEqual(request.payment_id.payment_type, "outbound")
        with self.assertRaisesRegex(UserError, "only"):
            self.request(deposit_id=deposit.id, amount=0.01, journal_id=self.cash.id)

    def test_bad_deductions_are_refused_with_the_way_out(self):
        deposit = self.take_deposit(100.0)
        for vals, words in (
            ({"amount": 10.0}, "one of the two"),
            ({"amount": 10.0, "item_id": self.management.id}, "one-off"),
            ({"amount": 101.0, "item_id": self.repair.id}, "less than"),
            ({"amount": 10.0, "item_id": self.repair.id, "reason": " "}, "Say why"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.request(deposit_id=deposit.id, kind="deduct", **vals)

    def test_a_request_is_about_one_deposit_or_one_prepayment(self):
        deposit, prepayment = self.take_deposit(), self.receive(10.0)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.env["property.refund"].create(
                {
                    "deposit_id": deposit.id,
                    "prepayment_id": prepayment.id,
                    "amount": 1.0,
                    "reason": "x",
                }
            )

    def test_types_of_other_sites_are_not_taken(self):
        self.deposit_type.site_id = self.other_site
        with self.assertRaisesRegex(UserError, "not taken"):
            self.take_deposit()

    def test_the_wizard_proposes_the_usual_amount_and_gives_a_receipt(self):
        wizard = (
            self.env["property.deposit.receive"]
            .with_user(self.users["cashier"])
            .create({"unit_id": self.unit.id, "type_id": self.deposit_type.id})
        )
        self.assertEqual((wizard.amount, wizard.partner_id), (2000.0, self.owner))
        deposit = self.env["property.deposit"].browse(wizard.action_confirm()["res_id"])
        self.assertEqual(deposit.type_id, self.deposit_type)
        self.assertTrue(
            self.env["property.receipt"].search([("payment_ids", "in", deposit.payment_id.ids)])
        )
        self.assertEqual(
            deposit.payment_id.receipt_id.line_ids.mapped(lambda line: (line.kind, line.name)),
            [("deposit", "Decoration")],
        )
        with self.assertRaises(AccessError):
            wizard.with_user(self.users["service"]).action_confirm()

    def test_people_with_a_deposit_are_not_anonymised(self):
        self.take_deposit(payer=self.child)
        blockers = self.child._property_anonymise_blockers()
        self.assertIn("pay them back", " ".join(blockers[self.child]))

    def test_the_ledger_ties_to_the_books_on_any_day_of_random_histories(self):
        for seed in range(3):
            self.random_history(random.Random(seed))  # noqa: S311 - a history, no secret
            for offset in range(0, 45, 7):
                day = date(2026, 9, 1) + timedelta(days=offset)
                with self.subTest(seed=seed, day=day):
                    ledger = self.env["property.deposit"]._ledger(self.company, day)
                    self.assertEqual(ledger["total"], ledger["booked"])
                    self.assertEqual(ledger["booked"], self.booked(day))
                    own = self.env["property.deposit"]._ledger(self.company, day, sites=self.site)
                    self.assertEqual(own["total"], own["booked"])
        today = fields.Date.context_today(self.env["property.deposit"])
        ledger = self.env["property.deposit"]._ledger(self.company, today)
        left = self.env["property.deposit"].search([]).mapped("amount_left")
        self.assertEqual(ledger["total"], Decimal(str(round(sum(left), 2))))
        self.assert_books_balance()

    def random_history(self, rng):
        """Take, deduct, refund and hand over deposits on random days, in order."""
        day, deposits = date(2026, 9, 1), []
        for _step in range(12):
            day += timedelta(days=rng.randint(0, 4))
            held = [deposit for deposit in deposits if deposit.amount_left]
            act = rng.choice(["take", "take", "deduct", "refund", "hand_over"]) if held else "take"
            if act == "take":
                unit, payer = rng.choice(
                    [(self.unit, self.owner), (self.other_unit, self.other_owner)]
                )
                deposits.append(
                    self.take_deposit(rng.randint(1, 300000) / 100, unit, payer, day=day)
                )
                continue
            deposit = rng.choice(held)
            amount = rng.randint(1, round(deposit.amount_left * 100)) / 100
            if act == "refund":
                deposit._refund(amount, self.cash, day)
            elif act == "hand_over":
                deposits.append(
                    deposit._hand_over(self.buyer, deposit.unit_id, amount, day)
                    if deposit.partner_id != self.buyer
                    else deposit._hand_over(self.owner, deposit.unit_id, amount, day)
                )
            elif deposit.site_id == self.site:
                charge = self.env["property.charge"]._create_single(
                    deposit.unit_id, self.repair, deposit.partner_id, day, amount, "Repair"
                )
                deposit._deduct(charge._post(), amount, day)
