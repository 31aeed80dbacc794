from datetime import date
from decimal import Decimal
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import ExclusionViolation

from .turnover_common import TurnoverCommon

TODAY = "2026-10-20"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestTurnover(TurnoverCommon):
    def follow(self):
        """Run the daily job."""
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60.0):
            self.env["property.lease.turnover"]._cron_follow()

    def test_signing_asks_for_every_month_of_the_term(self):
        lease = self.sign(self.new_turnover_lease(date_to="2026-12-15"))
        rows = lease.turnover_ids.sorted("date_from")
        self.assertEqual(len(rows), 6)
        self.assertEqual(
            [str(rows[-1][name]) for name in ("date_from", "date_to", "due_date")],
            ["2026-12-01", "2026-12-15", "2026-12-25"],
        )
        self.assertEqual(rows.partner_id, self.cafe)
        self.assertEqual(
            rows.filtered("is_late").mapped(lambda row: row.date_from.month), [7, 8, 9]
        )
        found = self.env["property.lease.turnover"].search(
            [("lease_id", "=", lease.id), ("is_late", "=", True)]
        )
        self.assertEqual(found, rows[:3].sorted("date_from", reverse=True))

    def test_a_confirmed_month_is_billed_by_the_next_run_with_its_explanation(self):
        lease = self.sign(self.new_turnover_lease(lines=[{"tax_id": self.vat9.id}]))
        self.declare(lease, jul=260000)
        settlement = lease.settlement_ids
        self.assertEqual((settlement.amount, settlement.state), (19000.0, "due"))
        run = self.bill_turnover("2026-10-01", "2026-10-31")
        charge = run.charge_ids
        self.assertEqual((charge.amount, charge.payer_id), (19000.0, self.cafe))
        self.assertEqual(charge.category, "turnover")
        for words in ("260,000.00", "200,000.00", "= 16,000.00", "10%", "3,000.00", "19,000.00"):
            self.assertIn(words, charge.explanation)
        self.assertEqual(sum(charge.line_ids.mapped("amount")), 19000.0)
        self.assertFalse(charge._underivable())
        self.assertEqual(charge.move_id.amount_tax, 1568.8)
        self.assertEqual(settlement.state, "billed")
        self.assertFalse(self.bill_turnover("2026-10-01", "2026-10-31").charge_ids)

    def test_vat_on_top_is_on_top_of_turnover_rent_too(self):
        lease = self.sign(
            self.new_turnover_lease(lines=[{"tax_id": self.vat9.id}], is_vat_included=False)
        )
        self.declare(lease, jul=260000)
        self.assertEqual(
            (lease.settlement_ids.amount_rent, lease.settlement_ids.amount), (19000.0, 20710.0)
        )
        charge = self.bill_turnover("2026-10-01", "2026-10-31").charge_ids
        self.assertEqual((charge.amount, charge.move_id.amount_untaxed), (20710.0, 19000.0))
        self.assertFalse(charge._underivable())

    def test_the_database_refuses_a_second_settlement_of_a_day(self):
        lease = self.sign(self.new_turnover_lease())
        self.declare(lease, jul=260000)
        twin = lease.settlement_ids.sudo().copy_data()[0]
        twin.update(date_from="2026-07-31", date_to="2026-08-31")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(ExclusionViolation),
            self.env.cr.savepoint(),
        ):
            self.env["property.lease.turnover.settlement"].create(twin)

    def test_what_the_base_rent_exceeds_is_owed_by_nobody(self):
        lease = self.sign(self.new_turnover_lease())
        self.declare(lease, jul=30000)
        self.assertEqual(
            (lease.settlement_ids.amount, lease.settlement_ids.state), (0.0, "nothing")
        )
        self.assertFalse(self.bill_turnover("2026-10-01", "2026-10-31").charge_ids)

    def test_a_quarter_waits_for_its_last_month(self):
        lease = self.sign(self.new_turnover_lease(term={"months": "3"}))
        self.declare(lease, jul=260000, sep=30000)
        self.assertFalse(lease.settlement_ids)
        self.declare(lease, aug=30000)
        # 8 % of 320,000; the breakpoint of three months is 600,000; the base rent 9,000
        self.assertEqual(lease.settlement_ids.amount, 16600.0)

    def true_up(self, **december):
        """Settle the half-year to December, of which July was strong, and bill it."""
        lease = self.sign(self.new_turnover_lease(tiers=((0, 8),), date_to="2026-12-31"))
        with freeze_time("2027-01-05"):
            self.declare(lease, jul=100000)
            self.bill_turnover("2026-08-01", "2026-08-31")
            self.declare(lease, aug=10000, sep=10000, oct=10000, nov=10000)
            self.declare(lease, **december)
        return lease, lease.settlement_ids.sorted("date_from")[-1]

    def test_the_last_settlement_of_a_year_credits_what_was_settled_too_high(self):
        lease, last = self.true_up(dec=60000)
        # July cost 5,000 more than its base; the half-year costs 16,000, less than 18,000
        self.assertEqual((last.amount, last.state, last.is_true_up), (-5000.0, "credit", True))
        july = lease.settlement_ids.sorted("date_from")[0]
        bill = july.charge_id.move_id
        with freeze_time("2027-01-06"):
            last.action_credit()
        self.assertEqual((last.state, july.state), ("credited", "credited"))
        self.assertEqual(bill.amount_residual, 0.0)
        with self.assertRaisesRegex(UserError, "not to be credited"):
            last.action_credit()
        with freeze_time("2027-01-07"):
            self.assertFalse(self.bill_turnover("2027-01-01", "2027-01-31").charge_ids)

    def test_a_true_up_credits_a_part_and_keeps_what_was_paid(self):
        lease, last = self.true_up(dec=110000)
        # the half-year: 8 % of 250,000 = 20,000, beyond 18,000: 2,000; July paid 5,000
        self.assertEqual(last.amount, -3000.0)
        bill = lease.settlement_ids.sorted("date_from")[0].charge_id.move_id
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        ).create({"payment_date": "2027-01-05"})._create_payments()
        with freeze_time("2027-01-06"):
            last.action_credit()
        kept = self.env["property.prepayment"].search([("unit_id", "=", self.shop.id)])
        self.assertEqual(kept.amount_left, 3000.0)

    def test_a_true_up_may_owe_more(self):
        _lease, last = self.true_up(dec=300000)
        self.assertEqual(last.amount, Decimal("12200"))  # 8 % of 440,000 less 18,000 less 5,000

    def test_a_correction_is_charged_or_credited_with_its_history(self):
        lease = self.sign(self.new_turnover_lease(term={"is_trued_up": False}))
        row = self.declare(lease, jul=100000)
        charge = self.bill_turnover("2026-10-01", "2026-10-31").charge_ids
        self.assertEqual(charge.amount, 5000.0)
        with self.assertRaisesRegex(UserError, "Say why"):
            row._correct(120000, " ")
        row._correct(120000, "Till report of the terrace was missing")
        more = self.env["property.charge"].search(
            [("unit_id", "=", self.shop.id), ("category", "=", "rent"), ("amount", "=", 1600.0)]
        )
        self.assertEqual((more.state, more.payer_id), ("posted", self.cafe))
        self.assertIn("terrace", more.explanation)
        row._correct(110000, "Counted twice")
        self.assertEqual(lease.settlement_ids.amount_difference, 800.0)
        self.assertEqual(charge.move_id.amount_residual, 4200.0)
        audit = self.env["property.audit"].search(
            [("model", "=", row._name), ("res_id", "=", row.id)], order="id"
        )
        self.assertEqual(
            audit.mapped("reason")[-2:], ["Till report of the terrace was missing", "Counted twice"]
        )
        self.assertFalse(self.bill_turnover("2026-10-01", "2026-10-31").charge_ids)

    def test_a_correction_before_the_bill_changes_the_settlement_alone(self):
        lease = self.sign(self.new_turnover_lease())
        row = self.declare(lease, jul=100000)
        row._correct(200000, "Typing error")
        self.assertEqual(
            (lease.settlement_ids.amount, lease.settlement_ids.amount_difference), (13000.0, 0.0)
        )

    def test_a_month_is_estimated_only_where_the_lease_says_so(self):
        waits = self.sign(self.new_turnover_lease(unit=self.shop_2, partner_id=self.baker.id))
        lease = self.sign(self.new_turnover_lease(term={"estimate": "mean"}))
        self.declare(lease, jul=62000)
        self.follow()
        self.follow()
        states = lease.turnover_ids.sorted("date_from").mapped("state")
        self.assertEqual(states[:4], ["confirmed", "estimated", "estimated", "open"])
        august = lease.settlement_ids.filtered(lambda one: one.date_from.month == 8)
        self.assertEqual((august.turnover, august.is_estimated), (62000.0, True))
        known = lease.settlement_ids.filtered(lambda one: one.date_from.month == 7)
        self.assertFalse(known.is_estimated)
        self.assertEqual(set(waits.turnover_ids.mapped("state")), {"open"})
        self.bill_turnover("2026-10-01", "2026-10-31")
        self.declare(lease, aug=60000)
        self.assertEqual(august.amount_difference, -160.0)
        self.assertFalse(august.is_estimated)

    def test_tenants_are_reminded_and_leasing_is_told_once(self):
        self.cafe.email = "cafe@example.com"
        lease = self.sign(self.new_turnover_lease())
        self.follow()
        self.follow()
        late = lease.turnover_ids.filtered("is_late")
        self.assertEqual(len(late), 3)
        self.assertEqual(len(late.activity_ids), 3)
        self.assertEqual(late.activity_ids.user_id, lease.user_id)
        notices = self.env["mail.message"].search(
            [
                ("model", "=", late._name),
                ("res_id", "in", late.ids),
                ("partner_ids", "in", self.cafe.ids),
            ]
        )
        self.assertEqual(len(notices), 3)

    def test_a_running_month_and_a_confirmed_one_are_not_declared(self):
        lease = self.sign(self.new_turnover_lease())
        rows = lease.turnover_ids.sorted("date_from")
        with self.assertRaisesRegex(UserError, "ends on"):
            rows[3]._declare(1)
        self.declare(lease, jul=1)
        with self.assertRaisesRegex(UserError, "is confirmed"):
            rows[0]._declare(2)
        with self.assertRaisesRegex(UserError, "Only months that are declared"):
            rows[1].action_confirm()

    def test_an_early_end_closes_the_year_and_an_assignment_begins_another(self):
        lease = self.sign(self.new_turnover_lease(tiers=((0, 8),)))
        self.amend(lease, kind="tenant", date="2026-11-16", partner_id=self.baker.id)
        rows = lease.turnover_ids.sorted("date_from")
        self.assertEqual(
            [(str(row.date_from), row.partner_id) for row in rows[4:6]],
            [("2026-11-01", self.cafe), ("2026-11-16", self.baker)],
        )
        self.amend(lease, kind="term", date_to="2027-01-31")
        rows = lease.turnover_ids.sorted("date_from")
        self.assertEqual(rows[-1].date_to, date(2027, 1, 31))
        self.assertEqual(lease.turnover_term_ids.fee_id.date_to, date(2027, 1, 31))
        first, last = lease.turnover_term_ids._year_of(rows[0]), rows[-1]
        self.assertFalse(first)
        self.assertEqual(last.partner_id, self.baker)

    def test_only_finance_confirms(self):
        lease = self.sign(self.new_turnover_lease())
        row = lease.turnover_ids.sorted("date_from")[0]
        row._declare(5)
        agent = self.new_staff("agent.turnover", self.new_job("leasing"), self.site)
        with self.assertRaises(AccessError):
            row.with_user(agent).action_confirm()
        wizard = self.env["property.lease.turnover.enter"].with_user(agent)
        wizard.create({"turnover_id": row.id, "amount": 7}).action_confirm()
        self.assertEqual((row.amount, row.state), (7.0, "declared"))
        clerk = self.new_staff("finance.turnover", self.new_job("finance"), self.site)
        row.with_user(clerk).action_confirm(row._versions())
        self.assertEqual(row.confirmed_by_id, clerk)
        with self.assertRaises(AccessError):
            wizard.create({"turnover_id": row.id, "amount": 8, "reason": "x"}).action_confirm()

    def test_finance_confirms_the_declaration_it_has_seen_and_no_later_one(self):
        lease = self.sign(self.new_turnover_lease())
        row = lease.turnover_ids.sorted("date_from")[0]
        row._declare(100000)
        seen = row._versions()
        row._declare(10000)
        for call in (
            lambda: row.action_confirm(seen),
            lambda: row.with_context(turnover_version=seen[str(row.id)]).action_confirm(),
            lambda: row.action_confirm(),
        ):
            with self.assertRaisesRegex(UserError, "declared anew.*10,000.00"):
                call()
        self.assertEqual(row.state, "declared")
        self.assertFalse(lease.settlement_ids)
        row.with_context(turnover_version=row.version).action_confirm()
        self.assertEqual((row.state, row.amount), ("confirmed", 10000.0))

    def test_months_confirmed_together_are_those_the_list_showed(self):
        lease = self.sign(self.new_turnover_lease())
        rows = lease.turnover_ids.sorted("date_from")[:2]
        for row in rows:
            row._declare(5000)
        action = (rows | lease.turnover_ids).action_review()
        wizards = self.env[action["res_model"]].with_context(**action["context"])
        stale = wizards.create({})
        self.assertEqual((stale.turnover_ids, stale.amount_total), (rows, 10000.0))
        rows[0]._declare(6000)
        with self.assertRaisesRegex(UserError, "6,000.00"):
            stale.action_confirm()
        self.assertEqual(set(rows.mapped("state")), {"declared"})
        wizards.create({}).action_confirm()
        self.assertEqual(set(rows.mapped("state")), {"confirmed"})
        with self.assertRaisesRegex(UserError, "Only months that are declared"):
            rows.action_review()


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestLeaseLateFee(TurnoverCommon):
    def test_the_late_fee_of_a_lease_goes_before_that_of_the_item(self):
        plain, own = self.env["property.late.fee.policy"].create(
            [
                {
                    "name": name,
                    "company_id": self.company.id,
                    "rate_ids": [(0, 0, {"date_from": "2020-01-01", "rate": rate})],
                }
                for name, rate in (("Plain", 0.0003), ("Lease", 0.001))
            ]
        )
        self.rent.late_fee_policy_id = plain
        lease = self.sign(self.new_lease(late_fee_policy_id=own.id))
        other = self.sign(self.new_lease(unit=self.shop_2, partner_id=self.baker.id))
        self.bill("2026-07-01", "2026-07-31")
        bills = [one.instalment_ids[0].charge_id.move_id for one in (lease, other)]
        fees = (bills[0] + bills[1])._property_late_fees(date(2026, 7, 11))
        self.assertEqual([fees[bill.id] for bill in bills], [Decimal("30.00"), Decimal("9.00")])
        self.rent.late_fee_policy_id = False
        fees = (bills[0] + bills[1])._property_late_fees(date(2026, 7, 11))
        self.assertEqual([fees[bill.id] for bill in bills], [Decimal("30.00"), Decimal("0.00")])
        found = (bills[0] + bills[1]).filtered_domain(
            self.env["account.move"]._property_late_fee_domain()
        )
        self.assertEqual(found, bills[0])
        charged = bills[0]._property_crystallise_late_fees(date(2026, 7, 11))
        self.assertEqual(charged.amount_total, 30.0)

    def test_an_option_is_open_until_its_deadline(self):
        lease = self.new_lease(
            option_ids=[
                (0, 0, {"date": "2027-01-31", "notice_months": 3}),
                (0, 0, {"kind": "renewal", "date": "2026-12-31", "notice_months": 3}),
            ]
        )
        early, late = lease.option_ids.sorted("date", reverse=True)
        self.assertEqual(
            (str(early.deadline), early.is_open, str(late.deadline), late.is_open),
            ("2026-10-31", True, "2026-09-30", False),
        )
        self.assertEqual(lease.next_option_date, date(2026, 10, 31))
        options = self.env["property.lease.option"]
        mine = [("lease_id", "=", lease.id)]
        self.assertEqual(options.search([*mine, ("is_open", "=", True)]), early)
        self.assertEqual(options.search([*mine, ("is_open", "=", False)]), late)
        self.assertEqual(lease._notice_date(date(2026, 10, 20)), date(2027, 1, 20))
