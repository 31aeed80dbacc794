"""Kinds of goods, percentages that change on a day, and amendments of both."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .turnover_common import TurnoverCommon

TODAY = "2026-10-20"


class ChangeCommon(TurnoverCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.food, cls.toys = cls.env["property.lease.goods"].create(
            [{"name": name, "company_id": cls.company.id} for name in ("Food", "Toys")]
        )

    def tiers(self, *rows):
        """Return commands of percentages: (kind of goods, turnover above, per cent)."""
        return [
            (0, 0, {"goods_id": goods and goods.id, "above": above, "percent": percent})
            for goods, above, percent in rows
        ]

    def declare_kind(self, lease, goods, month, amount):
        row = lease.turnover_ids.filtered(
            lambda one: one.goods_id == goods and one.date_from.month == month
        )
        row._declare(amount)
        row.action_confirm(row._versions())
        lease.settlement_ids.invalidate_recordset(["charge_id", "state"])


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestTurnoverKinds(ChangeCommon):
    def two_kinds(self, **term):
        tiers = self.tiers((self.food, 0, 8), (self.toys, 50000, 12))
        return self.new_lease(turnover_term_ids=[(0, 0, {"tier_ids": tiers, **term})])

    def test_every_kind_is_declared_on_its_own_and_all_are_settled_together(self):
        lease = self.sign(self.two_kinds())
        july = lease.turnover_ids.filtered(lambda row: row.date_from == date(2026, 7, 1))
        self.assertEqual(july.goods_id, self.food | self.toys)
        self.declare_kind(lease, self.food, 7, 60000)
        self.assertFalse(lease.settlement_ids)
        self.declare_kind(lease, self.toys, 7, 70000)
        # food 8 % of 60,000 = 4,800; toys 12 % of 20,000 = 2,400; the base rent is 3,000 once
        settlement = lease.settlement_ids
        self.assertEqual((settlement.turnover, settlement.amount_percentage), (130000.0, 7200.0))
        self.assertEqual((settlement.amount_base, settlement.amount), (3000.0, 4200.0))
        for words in ("Food", "60,000.00", "Toys", "70,000.00", "12%", "20,000.00", "7,200.00"):
            self.assertIn(words, settlement.explanation)
        charge = self.bill_turnover("2026-10-01", "2026-10-31").charge_ids
        self.assertEqual(charge.line_ids.mapped("amount"), [4800.0, 2400.0, -3000.0])
        self.assertIn("Food", charge.line_ids[0].name)
        self.assertIn("Toys", charge.line_ids[1].name)
        self.assertFalse(charge._underivable())

    def test_a_kind_that_is_late_is_estimated_from_its_own_months(self):
        lease = self.sign(self.two_kinds(estimate="mean"))
        self.declare_kind(lease, self.food, 7, 31000)
        self.declare_kind(lease, self.toys, 7, 62000)
        self.declare_kind(lease, self.food, 8, 31000)
        late = lease.turnover_ids.filtered(
            lambda row: row.goods_id == self.toys and row.date_from.month == 8
        )
        late._estimate()
        self.assertEqual((late.amount, late.state), (62000.0, "estimated"))
        self.assertEqual(len(lease.settlement_ids), 2)

    def test_a_day_of_a_kind_is_declared_once(self):
        lease = self.sign(self.two_kinds())
        rows = lease.turnover_ids.filtered(lambda row: row.date_from == date(2026, 7, 1))
        self.assertEqual(len(rows), 2)
        lease.turnover_term_ids._expect_declarations()
        self.assertEqual(len(lease.turnover_ids), 24)

    def test_the_same_breakpoint_of_a_kind_is_refused_and_of_another_is_not(self):
        lease = self.two_kinds()
        term = lease.turnover_term_ids
        self.assertEqual(len(term.tier_ids), 2)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            term.tier_ids.create({"term_id": term.id, "goods_id": self.food.id, "percent": 9})

    def test_percentages_agreed_for_later_years_hold_from_their_day(self):
        change = {"date_from": "2026-09-01", "tier_ids": self.tiers((None, 0, 20))}
        term = {"tier_ids": self.tiers((None, 0, 10)), "change_ids": [(0, 0, change)]}
        lease = self.new_lease(turnover_term_ids=[(0, 0, term)])
        self.assertIn("2026-09-01", lease.turnover_term_ids.display_name)
        copy = lease.copy()
        self.assertEqual(copy.turnover_term_ids.change_ids.tier_ids.percent, 20.0)
        self.assertEqual(copy.turnover_term_ids.tier_ids.percent, 10.0)
        self.sign(lease)
        self.declare(lease, aug=50000, sep=50000)
        rows = lease.settlement_ids.sorted("date_from")
        self.assertEqual(rows.mapped("amount"), [2000.0, 7000.0])

    def test_later_percentages_are_said_or_end(self):
        lease = self.two_kinds()
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            lease.turnover_term_ids.change_ids.create(
                {"term_id": lease.turnover_term_ids.id, "date_from": "2027-01-01"}
            )


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestTurnoverAmendment(ChangeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lease = cls.sign(cls.new_turnover_lease(tiers=((0, 10),)))

    def change(self, day, *rows, **vals):
        return self.amend(
            self.lease,
            kind="turnover",
            date=day,
            tier_ids=self.tiers(*(rows or [(None, 0, 20)])),
            **vals,
        )

    def test_other_percentages_hold_from_their_day_and_settled_months_stay(self):
        self.declare(self.lease, jul=100000, aug=100000)
        self.bill_turnover("2026-10-01", "2026-10-31")
        with self.assertRaisesRegex(UserError, "billed until 2026-08-31"):
            self.change("2026-08-15")
        amendment = self.change("2026-09-01")
        self.assertEqual(amendment.approval_state, "approved")
        rows = self.lease.settlement_ids.sorted("date_from")
        self.assertEqual(rows.mapped("amount"), [7000.0, 7000.0])
        self.assertFalse(any(rows.mapped("amount_difference")))
        self.declare(self.lease, sep=100000)
        rows = self.lease.settlement_ids.sorted("date_from")
        self.assertEqual(rows.mapped("amount"), [7000.0, 7000.0, 17000.0])
        self.assertEqual(rows.mapped("state"), ["billed", "billed", "due"])
        self.assertEqual(self.lease.turnover_term_ids.change_ids.amendment_id, amendment)

    def test_what_a_year_is_expected_to_owe_is_shown_before_and_after(self):
        self.declare(self.lease, jul=100000, aug=100000, sep=100000)
        amendment = self.env["property.lease.amendment"].create(
            {
                "lease_id": self.lease.id,
                "kind": "turnover",
                "date": "2026-10-01",
                "reason": "Better location",
                "tier_ids": self.tiers((None, 0, 20)),
            }
        )
        rows = amendment._changes()
        self.assertTrue(all(row["is_expected"] and not row["is_billed"] for row in rows))
        october = rows[0]
        # October is expected to sell what 31 mean days of the quarter sold
        sold = round(300000 / 92 * 31, 2)
        self.assertAlmostEqual(october["before"], sold * 0.1 - 3000, 2)
        self.assertAlmostEqual(october["after"], sold * 0.2 - 3000, 2)
        self.assertIn("2026-10-01", amendment.changes_html)
        self.assertEqual(amendment.amount_billed_difference, 0.0)
        self.assertGreater(amendment.amount_future_difference, 50000.0)
        amendment.action_submit()
        self.assertRegex(amendment.impact_text, r"^\d+ ")

    def test_a_change_within_a_settled_quarter_is_shared_by_days(self):
        lease = self.sign(self.new_turnover_lease(self.shop_2, tiers=((0, 10),)))
        self.amend(lease, kind="turnover", date="2026-07-16", tier_ids=self.tiers((None, 0, 20)))
        self.declare(lease, jul=31000)
        # 15 days at 10 % of 1,000, 16 days at 20 %: 1,500 + 3,200 beside a base rent of 3,000
        self.assertEqual(lease.settlement_ids.amount, 1700.0)
        for words in ("2026-07-15", "2026-07-16"):
            self.assertIn(words, lease.settlement_ids.explanation)

    def test_kinds_of_goods_are_introduced_from_a_day_on(self):
        self.change("2026-11-01", (self.food, 0, 8), (self.toys, 0, 15))
        asked = self.lease.turnover_ids.filtered(lambda row: row.date_from >= date(2026, 11, 1))
        self.assertEqual(asked.goods_id, self.food | self.toys)
        self.assertEqual(len(asked), 16)
        before = self.lease.turnover_ids - asked
        self.assertFalse(before.goods_id)
        self.assertEqual(max(before.mapped("date_to")), date(2026, 10, 31))

    def test_kinds_are_not_introduced_into_months_that_are_declared_without(self):
        self.declare(self.lease, sep=100000)
        with self.assertRaisesRegex(UserError, "declared already, by other kinds"):
            self.change("2026-09-01", (self.food, 0, 8))
        self.change("2026-10-01", (self.food, 0, 8))

    def test_turnover_rent_ends_on_a_day(self):
        self.amend(self.lease, kind="turnover", date="2026-11-16", turnover_end=True)
        last = max(self.lease.turnover_ids.mapped("date_to"))
        self.assertEqual(last, date(2026, 11, 15))
        with freeze_time("2026-12-20"):
            self.declare(self.lease, nov=50000)
        november = self.lease.settlement_ids
        # 5,000 of the half month beside the base rent of the half month
        self.assertEqual((november.amount_base, november.amount), (1500.0, 3500.0))

    def test_turnover_rent_begins_by_an_amendment(self):
        lease = self.sign(self.new_lease(self.shop_2))
        with self.assertRaisesRegex(UserError, "owes no turnover rent"):
            self.amend(lease, kind="turnover", date="2026-08-01", turnover_end=True)
        self.amend(
            lease,
            kind="turnover",
            date="2026-09-01",
            turnover_mode="addition",
            turnover_cap=4000,
            tier_ids=self.tiers((None, 0, 10)),
        )
        self.assertEqual(min(lease.turnover_ids.mapped("date_from")), date(2026, 9, 1))
        self.declare(lease, sep=50000)
        self.assertEqual(lease.settlement_ids.amount, 4000.0)
        self.assertEqual(self.bill_turnover("2026-10-01", "2026-10-31").charge_ids.amount, 4000.0)

    def test_an_amendment_needs_percentages_and_a_day_after_the_last_change(self):
        with self.assertRaisesRegex(UserError, "Enter the percentages"):
            self.amend(self.lease, kind="turnover", date="2026-11-01")
        self.change("2027-01-01")
        with self.assertRaisesRegex(UserError, "change on 2027-01-01 already"):
            self.change("2026-12-01")
        self.change("2027-01-01", (None, 0, 15))
        changes = self.lease.turnover_term_ids.change_ids
        self.assertEqual(changes.tier_ids.percent, 15.0)

    def test_percentages_in_force_are_proposed_to_be_changed(self):
        self.change("2026-11-01", (None, 1000, 12), turnover_cap=9000)
        form = self.env["property.lease.amendment"].new(
            {"lease_id": self.lease.id, "kind": "turnover"}
        )
        form._onchange_turnover()
        self.assertEqual(form.tier_ids.mapped("percent"), [12.0])
        self.assertEqual(form.turnover_cap, 9000.0)

    def test_a_yearly_true_up_counts_each_day_by_its_own_percentages(self):
        self.declare(self.lease, jul=100000, aug=10000, sep=10000)
        self.change("2026-10-01")
        with freeze_time("2027-01-20"):
            self.declare(self.lease, oct=10000, nov=10000, dec=10000)
        rows = self.lease.settlement_ids.sorted("date_from")
        # 12,000 of the first three months, 6,000 of the last: 18,000, as much as the base rent
        self.assertEqual(rows[-1].amount_percentage, 18000.0)
        self.assertEqual(sum(rows.mapped("amount")), 0.0)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestForecastAhead(ChangeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.space, cls.space_2 = cls.env["property.space"].create(
            [
                {"unit_id": unit.id, "price": 3100.0, "pricing": "month"}
                for unit in (cls.shop, cls.shop_2)
            ]
        )
        cls.company.write({"lease_relet_days": 30, "lease_turnover_assumption": "mean3"})
        cls.lease = cls.sign(cls.new_turnover_lease(tiers=((0, 10),)))

    def sums(self, first, last, **more):
        domain = [("site_id", "=", self.site.id), ("date", ">=", first), ("date", "<=", last)]
        domain += [(name, "=", value) for name, value in more.items()]
        (found,) = self.env["property.lease.report.forecast"]._read_group(
            domain, [], ["amount:sum", "amount_turnover:sum", "amount_relet:sum"]
        )
        return tuple(round(float(one or 0.0), 2) for one in found)

    def test_nothing_is_expected_of_a_shop_that_never_declared(self):
        self.assertFalse(self.lease.turnover_term_ids.expected_ids)
        self.assertEqual(self.sums("2026-11-01", "2027-06-30", lease_id=self.lease.id)[1], 0.0)

    def test_turnover_is_expected_from_what_was_declared_beside_the_contracted_rent(self):
        before = self.sums("2026-11-01", "2028-10-31", basis="contract")
        self.declare(self.lease, jul=92000, aug=92000, sep=92000)
        self.assertEqual(self.sums("2026-11-01", "2028-10-31", basis="contract"), before)
        # a mean day sells 3,000; November owes 9,000 less its base rent of 3,000
        november = self.lease.turnover_term_ids.expected_ids.filtered(
            lambda one: one.date_from == date(2026, 11, 1)
        )
        self.assertEqual((november.turnover, november.amount), (90000.0, 6000.0))
        self.assertEqual(november.assumption, "mean3")
        self.assertEqual(
            self.sums("2026-12-01", "2026-12-31", basis="expected"), (0.0, 6000.0, 0.0)
        )
        settled = self.sums("2026-10-01", "2026-10-31", basis="settled")
        self.assertEqual(settled, (0.0, 18600.0, 0.0))

    def test_a_declared_month_is_settled_and_not_expected_any_more(self):
        self.declare(self.lease, jul=92000, aug=92000)
        expected = self.lease.turnover_term_ids.expected_ids
        self.assertIn(date(2026, 9, 1), expected.mapped("date_from"))
        self.declare(self.lease, sep=0)
        expected = self.lease.turnover_term_ids.expected_ids
        self.assertNotIn(date(2026, 9, 1), expected.mapped("date_from"))

    def test_another_assumption_changes_what_is_expected(self):
        self.declare(self.lease, jul=31000, aug=31000, sep=300000)
        means = sum(self.lease.turnover_term_ids.expected_ids.mapped("turnover"))
        self.company.lease_turnover_assumption = "season"
        rows = self.lease.turnover_term_ids.expected_ids
        self.assertEqual(set(rows.mapped("assumption")), {"season"})
        # July and August are not repeated before the lease ends: the mean of all months stands
        self.assertAlmostEqual(sum(rows.mapped("turnover")), means, 0)

    def test_spaces_are_let_anew_after_their_leases_and_the_days_vacant(self):
        # the shop is let until 30 June 2027: from 31 July on it earns its asking rent
        self.assertEqual(
            self.sums("2027-07-01", "2027-07-31", unit_id=self.shop.id), (0.0, 0.0, 100.0)
        )
        self.assertEqual(self.sums("2027-08-01", "2027-08-31", unit_id=self.shop.id)[2], 3100.0)
        # the other one stands empty today: from 19 November on
        november = self.sums("2026-11-01", "2026-11-30", unit_id=self.shop_2.id)
        self.assertEqual(november, (0.0, 0.0, 1240.0))
        last = self.sums("2028-09-01", "2028-12-31", unit_id=self.shop_2.id)
        self.assertEqual(last[2], 3100.0)

    def test_no_space_is_let_anew_where_the_company_does_not_assume_it(self):
        self.company.is_lease_relet = False
        self.assertEqual(self.sums("2026-10-01", "2028-12-31", basis="relet")[2], 0.0)
        self.company.write({"is_lease_relet": True, "lease_relet_rate": 50})
        self.assertEqual(self.sums("2027-08-01", "2027-08-31", unit_id=self.shop.id)[2], 1550.0)

    def test_a_space_off_the_market_is_let_anew_after_it(self):
        self.space_2.write({"off_from": "2026-10-01", "off_to": "2026-12-31"})
        self.assertEqual(self.sums("2026-10-01", "2027-01-30", unit_id=self.shop_2.id)[2], 0.0)
        self.assertEqual(self.sums("2027-01-31", "2027-01-31", unit_id=self.shop_2.id)[2], 100.0)
        self.space_2.off_to = False
        self.assertEqual(self.sums("2026-10-01", "2028-12-31", unit_id=self.shop_2.id)[2], 0.0)

    def test_rows_of_every_basis_have_ids_of_their_own(self):
        self.declare(self.lease, jul=92000)
        rows = self.env["property.lease.report.forecast"].search([("site_id", "=", self.site.id)])
        self.assertEqual(len(rows), len(set(rows.ids)))
        self.assertEqual(set(rows.mapped("basis")), {"contract", "settled", "expected", "relet"})
        for basis, own in rows.grouped("basis").items():
            others = {"amount", "amount_turnover", "amount_relet"} - {
                {"contract": "amount", "relet": "amount_relet"}.get(basis, "amount_turnover")
            }
            for name in others:
                self.assertFalse(any(own.mapped(name)), (basis, name))
        measures = ("amount", "amount_turnover", "amount_relet")
        total = sum(sum(rows.mapped(name)) for name in measures)
        self.assertAlmostEqual(sum(rows.mapped("amount_all")), total, 2)
