from datetime import date
from decimal import Decimal
from unittest.mock import patch

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .balances_common import BalancesCommon

AFTERWARDS = "2026-10-15 04:00:00"  # the year before it has the month that is billed


@tagged("post_install", "-at_install")
class TestPrepayment(BalancesCommon):
    def test_money_received_is_an_open_credit_of_its_payer(self):
        prepayment = self.receive(1000.0)
        self.assertEqual(
            (prepayment.amount, prepayment.amount_left, prepayment.site_id),
            (1000.0, 1000.0, self.site),
        )
        self.assertIn(prepayment.payment_id.state, ("in_process", "paid"))
        self.assertEqual(self.balance(self.owner), Decimal("-1000.00"))
        self.assertEqual(self.env["property.prepayment"]._open(self.unit), prepayment)

    def test_a_slip_in_day_or_amount_is_no_money(self):
        for day in (date(1900, 1, 1), date(2999, 12, 31)):
            with self.subTest(day), self.assertRaisesRegex(UserError, "years away"):
                self.receive(10.0, day=day)
        with self.assertRaisesRegex(UserError, "more than anybody pays"):
            self.receive(1e12)

    def test_a_run_settles_its_bills_with_it(self):
        prepayment = self.receive(500.0)
        moves = self.bill()
        management = self.bill_of(moves, self.unit, self.management)
        parking = self.bill_of(moves, self.space, self.parking)
        self.assertEqual((management.amount_residual, parking.amount_residual), (0.0, 0.0))
        self.assertEqual(management.payment_state, "paid")
        self.assertEqual(prepayment.amount_left, 500.0 - 300.0 - parking.amount_total)
        self.assert_books_balance()

    def test_it_never_pays_for_somebody_else(self):
        self.receive(5000.0, payer=self.child)
        moves = self.bill()
        self.assertEqual(self.bill_of(moves, self.unit, self.management).amount_residual, 300.0)
        self.assertEqual(self.bill_of(moves, self.unit_2, self.management).amount_residual, 300.0)

    def test_two_households_of_one_payer_are_kept_apart(self):
        second = self.new_unit("301", floor=3)
        self.occupy(second, self.owner, "owner", date(2025, 1, 1))
        prepayment = self.receive(1000.0, unit=second)
        moves = self.bill(self.management)
        self.assertEqual(self.bill_of(moves, self.unit, self.management).amount_residual, 300.0)
        self.assertEqual(self.bill_of(moves, second, self.management).amount_residual, 0.0)
        self.assertEqual(prepayment.amount_left, 700.0)

    def test_money_left_for_a_space_does_not_pay_the_home(self):
        prepayment = self.receive(1000.0, unit=self.space)
        moves = self.bill()
        self.assertEqual(self.bill_of(moves, self.unit, self.management).amount_residual, 300.0)
        self.assertEqual(self.bill_of(moves, self.space, self.parking).amount_residual, 0.0)
        self.assertLess(prepayment.amount_left, 1000.0)

    def test_earmarked_money_only_pays_its_item_and_goes_first(self):
        general = self.receive(100.0, day=date(2026, 1, 1))
        parking = self.receive(50.0, item=self.parking, day=date(2026, 5, 1))
        moves = self.bill()
        self.assertEqual(
            parking.amount_left,
            50.0 - min(50.0, self.bill_of(moves, self.space, self.parking).amount_total),
        )
        self.assertEqual(self.bill_of(moves, self.space, self.parking).amount_residual, 0.0)
        self.assertEqual(general.amount_left, 0.0)
        self.assertEqual(self.bill_of(moves, self.unit, self.management).amount_residual, 200.0)

    def test_the_oldest_money_is_used_first(self):
        old = self.receive(200.0, day=date(2026, 3, 1))
        new = self.receive(200.0, day=date(2026, 6, 1))
        self.bill(self.management)
        self.assertEqual((old.amount_left, new.amount_left), (0.0, 100.0))

    def test_an_undone_run_gives_it_back_and_the_next_uses_it_again(self):
        prepayment = self.receive(300.0)
        run = self.new_run(items=self.management)
        run.action_compute()
        run.action_post()
        self.assertEqual(prepayment.amount_left, 0.0)
        run.action_undo()
        self.assertEqual(prepayment.amount_left, 300.0)
        self.bill(self.management)
        self.assertEqual(prepayment.amount_left, 0.0)
        self.assertEqual(self.balance(self.owner), Decimal("0.00"))

    def test_posting_asks_twice_when_there_is_nothing_and_not_per_bill(self):
        for number in range(10):
            unit = self.new_unit(f"9{number:02}", floor=9)
            self.occupy(unit, self.buyer, "owner", date(2025, 1, 1))
        moves = self.bill(self.management)
        self.env.flush_all()
        with self.assertQueryCount(2):  # prepayments, and bills paid elsewhere
            moves._property_apply_prepayments()
        units = self.env["property.unit"].search(
            [("room", "=like", "9__"), ("site_id", "=", self.site.id)]
        )
        for unit in units[:2]:
            self.receive(300.0, unit=unit, payer=self.buyer)
        counts = []
        for some in (units[:2], units[2:]):
            for unit in some - units[:2]:
                self.receive(300.0, unit=unit, payer=self.buyer)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count if hasattr(self.env.cr, "sql_log_count") else 0
            applied = moves.filtered(lambda m, some=some: m.unit_id in some)
            applied = applied._property_apply_prepayments()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual(set(applied.values()), {Decimal("300.00")})
            self.assertEqual(len(applied), len(some))
        self.assertLess(counts[1], counts[0] + 25, "queries grow with the number of bills")

    def test_what_is_left_is_read_and_found_in_few_queries(self):
        for _n in range(12):
            self.receive(10.0)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(5):
            found = self.env["property.prepayment"].search(
                [("amount_left", ">", 0), ("unit_id", "=", self.unit.id)]
            )
            self.assertEqual(found.mapped("amount_left"), [10.0] * 12)
        self.assertFalse(
            self.env["property.prepayment"].search(
                [("amount_left", "=", 0), ("unit_id", "=", self.unit.id)]
            )
        )

    def test_the_statement_tells_every_use_and_ends_with_what_is_left(self):
        prepayment = self.receive(1000.0)
        moves = self.bill(self.management)
        self.approve(
            self.request(prepayment_id=prepayment.id, amount=200.0, journal_id=self.cash.id)
        )
        request = self.request(
            prepayment_id=prepayment.id, kind="hand_over", amount=100.0, to_partner_id=self.buyer.id
        )
        self.approve(request)
        rows = prepayment._statement_rows()
        self.assertEqual(
            [(row["kind"], row["amount"]) for row in rows],
            [
                ("received", Decimal("1000.00")),
                ("used", Decimal("-300.00")),
                ("refunded", Decimal("-200.00")),
                ("handed_over", Decimal("-100.00")),
            ],
        )
        self.assertEqual(rows[-1]["balance"], Decimal("400.00"))
        self.assertEqual(rows[1]["document"], self.bill_of(moves, self.unit, self.management).name)
        self.assertEqual(prepayment.amount_left, 400.0)
        self.assertIn("400.00", str(prepayment.statement_html))
        heir = self.env["property.prepayment"].search([("origin_id", "=", prepayment.id)])
        self.assertEqual((heir.partner_id, heir.amount_left), (self.buyer, 100.0))
        self.assertEqual(request.sudo().heir_name, heir.name)
        self.assertEqual(self.balance(self.buyer), Decimal("200.00"), "300 billed, 100 taken over")
        self.assert_books_balance()

    def test_handed_over_money_pays_the_bills_of_its_new_unit(self):
        prepayment = self.receive(400.0)
        request = self.request(
            prepayment_id=prepayment.id,
            kind="hand_over",
            amount=350.0,
            to_partner_id=self.buyer.id,
            to_unit_id=self.unit_2.id,
        )
        self.approve(request)
        moves = self.bill(self.management)
        self.assertEqual(self.bill_of(moves, self.unit_2, self.management).amount_residual, 0.0)
        self.assertEqual(self.bill_of(moves, self.unit, self.management).amount_residual, 250.0)

    def test_nobody_approves_his_own_refund(self):
        prepayment = self.receive(100.0)
        request = self.request(
            "finance", prepayment_id=prepayment.id, amount=100.0, journal_id=self.cash.id
        )
        with self.assertRaises(UserError):
            self.approve(request, "finance")
        self.approve(request, "manager")
        self.assertEqual(prepayment.amount_left, 0.0)
        self.assertEqual(request.sudo().payment_id.payment_type, "outbound")
        self.assertEqual(self.balance(self.owner), Decimal("0.00"))

    def test_money_used_meanwhile_is_not_paid_back(self):
        prepayment = self.receive(300.0)
        request = self.request(prepayment_id=prepayment.id, amount=300.0, journal_id=self.cash.id)
        self.bill(self.management)
        with self.assertRaises(UserError):
            self.approve(request)
        self.assertEqual(self.balance(self.owner), Decimal("0.00"))

    def test_bad_requests_are_refused_with_the_way_out(self):
        prepayment = self.receive(100.0)
        bad = (
            ({"amount": 100.01, "journal_id": self.cash.id}, "less than"),
            ({"amount": 10.0}, "journal"),
            ({"amount": 10.0, "kind": "hand_over"}, "another payer"),
            ({"amount": 10.0, "kind": "deduct", "item_id": self.repair.id}, "deposit"),
            (
                {
                    "amount": 10.0,
                    "kind": "hand_over",
                    "to_partner_id": self.buyer.id,
                    "to_unit_id": self.other_unit.id,
                },
                "another site",
            ),
            ({"amount": 10.0, "journal_id": self.cash.id, "date": date(2026, 7, 31)}, "later one"),
            ({"amount": 10.0, "journal_id": self.company._billing_journal().id}, "cash or bank"),
        )
        for vals, words in bad:
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.env["property.refund"].create(
                    {"prepayment_id": prepayment.id, "reason": "x", **vals}
                ).action_submit()
        self.assertEqual(prepayment.amount_left, 100.0)

    def test_bad_money_is_refused(self):
        public = self.env["property.unit"].create(
            {
                "site_id": self.site.id,
                "code": "LOBBY",
                "type_id": self.env["property.unit.type"]
                .search([("kind", "=", "public")], limit=1)
                .id,
            }
        )
        far = self.new_item("FX", "one_off", 0.0, 6, site_id=self.other_site.id)
        for args in (
            {"amount": 0.0},
            {"amount": -5.0},
            {"amount": 1.005},
            {"amount": 10.0, "unit": public},
            {"amount": 10.0, "item": far},
        ):
            with self.subTest(str(args)), self.assertRaises(UserError):
                self.receive(**args)
        with self.assertRaises(UserError):
            self.env["property.prepayment"]._receive(
                self.unit, self.env["res.partner"], 10.0, self.cash
            )

    def test_a_cancelled_payment_leaves_nothing(self):
        prepayment = self.receive(100.0)
        prepayment.payment_id.action_draft()
        self.assertEqual(prepayment.amount_left, 0.0)
        self.assertFalse(self.env["property.prepayment"]._open(self.unit))
        self.assertEqual(prepayment._statement_rows(), [])
        moves = self.bill(self.management)
        self.assertEqual(self.bill_of(moves, self.unit, self.management).amount_residual, 300.0)

    def test_a_booked_prepayment_is_neither_edited_nor_deleted(self):
        prepayment = self.receive(100.0)
        with self.assertRaises(AccessError):
            prepayment.with_user(self.users["finance"]).write({"amount": 1.0})
        with self.assertRaises(UserError):
            prepayment.unlink()

    def test_open_bills_are_settled_on_demand(self):
        moves = self.bill(self.management)
        prepayment = self.receive(120.0)
        result = prepayment.with_user(self.users["cashier"]).action_apply()
        self.assertIn("120", result["params"]["message"])
        self.assertEqual(self.bill_of(moves, self.unit, self.management).amount_residual, 180.0)
        with self.assertRaises(AccessError):
            prepayment.with_user(self.users["service"]).action_apply()

    @freeze_time(AFTERWARDS)
    def test_the_cap_of_the_site_warns_the_cashier(self):
        self.bill(self.management)
        self.site.write({"prepayment_cap_months": 12, "prepayment_cap_basis": "Rule 30"})
        wizard = (
            self.env["property.prepayment.receive"]
            .with_user(self.users["cashier"])
            .create({"unit_id": self.unit_2.id, "amount": 3600.0, "journal_id": self.cash.id})
        )
        self.assertEqual((wizard.partner_id, wizard.amount_monthly), (self.buyer, 300.0))
        self.assertFalse(wizard.warning)
        wizard.amount = 4000.0
        self.assertIn("13.3", wizard.warning)
        self.assertIn("Rule 30", wizard.warning)
        action = wizard.action_confirm()
        prepayment = self.env["property.prepayment"].browse(action["res_id"])
        self.assertEqual(prepayment.amount, 4000.0)
        self.assertTrue(
            self.env["property.receipt"].search([("payment_ids", "in", prepayment.payment_id.ids)])
        )

    def test_the_wizard_says_when_the_payer_does_not_hold_the_home(self):
        wizard = self.env["property.prepayment.receive"].create(
            {
                "unit_id": self.unit.id,
                "partner_id": self.child.id,
                "amount": 10.0,
                "journal_id": self.cash.id,
            }
        )
        self.assertIn("neither owns nor rents", wizard.warning)

    @freeze_time(AFTERWARDS)
    def test_a_low_balance_is_reminded_once_until_money_comes(self):
        self.bill(self.management)
        self.site.prepayment_reminder_months = 2
        self.buyer.email = "buyer@example.com"
        low = self.receive(500.0, unit=self.unit_2, payer=self.buyer)
        enough = self.receive(900.0)
        cron = self.env["property.prepayment"]
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 1.0):
            cron._cron_remind()
            today = fields.Date.context_today(cron)
            self.assertEqual((low.reminded_on, enough.reminded_on), (today, False))
            mails = self.env["mail.mail"].search(
                [("model", "=", "property.prepayment"), ("res_id", "=", low.id)]
            )
            self.assertEqual(len(mails), 1)
            self.assertIn("500.00", mails.body_html)
            cron._cron_remind()
            self.assertEqual(
                self.env["mail.mail"].search_count(
                    [("model", "=", "property.prepayment"), ("res_id", "=", low.id)]
                ),
                1,
            )
            again = self.receive(10.0, unit=self.unit_2, payer=self.buyer)
            self.buyer.email = False
            cron._cron_remind()
        self.assertEqual(again.reminded_on, today)
        self.assertEqual(len(again.activity_ids), 1)
