from datetime import date
from decimal import Decimal

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from odoo.addons.property_base.hooks import check_constraints

from ..hooks import REQUIRED_CONSTRAINTS
from .common import BillingCommon

D = Decimal


@tagged("post_install", "-at_install")
class TestBillingRun(BillingCommon):
    def test_a_month_bills_area_parking_and_water(self):
        run = self.new_run()
        run.action_compute()
        self.assertEqual(
            self.billed(run),
            [
                ("CW", "B1-017", "Test Owner Li", D("30.00")),
                ("SF", "3-1-1502", "Test Tenant Wu", D("111.71")),
                ("WYF", "3-1-1502", "Test Owner Li", D("300.00")),
                ("WYF", "3-1-201", "Test Buyer Zhao", D("300.00")),
            ],
        )
        water = run.charge_ids.filtered(lambda charge: charge.item_id == self.water)
        self.assertEqual((water.date_from, water.date_to), (date(2026, 9, 1), date(2026, 9, 30)))
        self.assertEqual(water.line_ids.mapped("amount"), [51.75, 48.30, 11.66])
        self.assertIn("27", water.explanation)

    def test_explanations_are_chinese_where_the_company_is(self):
        if not self.env["res.lang"].search([("code", "=", "zh_CN")]):
            self.skipTest("zh_CN is not installed")
        self.assertEqual(self.company._billing_lang(), "zh_CN")

    def test_a_sale_inside_the_month_splits_the_whole_by_days(self):
        self.owner_row.date_to = date(2026, 9, 10)
        self.env.flush_all()
        self.occupy(self.unit, self.buyer, "owner", date(2026, 9, 11))
        self.unit.area_billable = 100.01
        run = self.new_run(items=self.management)
        run.action_compute()
        self.assertEqual(
            self.billed(run)[:2],
            [
                ("WYF", "3-1-1502", "Test Owner Li", D("100.01")),
                ("WYF", "3-1-1502", "Test Buyer Zhao", D("200.02")),
            ],
        )
        first, second = run.charge_ids.filtered(lambda c: c.unit_id == self.unit).sorted(
            "date_from"
        )
        self.assertEqual((first.date_to, second.date_from), (date(2026, 9, 10), date(2026, 9, 11)))
        self.assertAlmostEqual(sum(first.line_ids.mapped("amount")), first.amount)

    def test_a_tariff_that_changes_inside_makes_rounded_lines(self):
        tariff = self.management.tariff_ids
        tariff.date_to = date(2026, 9, 10)
        tariff.copy({"date_from": date(2026, 9, 11), "date_to": False, "price": 3.333})
        self.unit.area_billable = 99.99
        run = self.new_run(items=self.management)
        run.action_compute()
        charge = run.charge_ids.filtered(lambda c: c.unit_id == self.unit)
        # 99.99 × 3 × 10/30 = 99.99;  99.99 × 3.333 × 20/30 = 222.1778 → 222.18
        self.assertEqual(charge.line_ids.mapped("amount"), [99.99, 222.18])
        self.assertEqual(charge.amount, 322.17)

    def test_a_price_without_vat_gets_it_on_top(self):
        self.management.tariff_ids.price_include = False
        run = self.new_run(items=self.management)
        run.action_compute()
        self.assertEqual(self.billed(run)[0][3], D("318.00"))
        run.action_post()
        move = run.charge_ids[0].move_id
        self.assertEqual((move.amount_untaxed, move.amount_tax), (300.0, 18.0))

    def test_a_quarter_counts_its_months(self):
        run = self.new_run(date(2026, 7, 1), date(2026, 9, 30), self.management | self.parking)
        run.action_compute()
        self.assertEqual(
            [row[3] for row in self.billed(run)], [D("30.00"), D("900.00"), D("900.00")]
        )

    def test_an_item_of_another_site_is_refused_instead_of_billing_nothing(self):
        elsewhere = self.new_item("ELSE", "area", 1.0, 6, site_id=self.other_site.id)
        with self.assertRaisesRegex(ValidationError, "ELSE"):
            self.new_run(items=elsewhere)

    def test_a_reading_beyond_every_counter_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.read_meter(self.meter, date(2026, 10, 31), 1e300)

    def test_a_price_beyond_all_measure_is_told_before_it_is_billed(self):
        tariff = self.management.tariff_ids
        for price in (1e308, float("nan"), 2e13):
            with (
                self.subTest(price),
                self.assertRaisesRegex(ValidationError, "Price.*10,000,000,000,000"),
                self.env.cr.savepoint(),
            ):
                tariff.write({"price": price})  # as RPC does
        self.unit.area_billable = 50.0
        run = self.new_run(items=self.management)
        for price in (1e13, 1e11):
            tariff.write({"price": price})
            run.action_compute()
            self.assertTrue(all(run.charge_ids.mapped("explanation")))
            for post in (run.action_post, run.action_queue_post):
                with self.assertRaisesRegex(UserError, "3-1-.*Correct its price or quantity"):
                    post()
        tariff.write({"price": 1e8})
        run.action_compute()
        run.action_post()
        self.assertEqual(set(run.charge_ids.mapped("state")), {"posted"})

    def test_rounding_step_and_direction_are_the_items(self):
        self.management.write({"rounding_step": 1.0, "rounding_direction": "down"})
        self.unit.area_billable = 100.6
        run = self.new_run(items=self.management)
        run.action_compute()
        self.assertEqual(self.billed(run)[0][3], D("301.00"))

    def test_pool_parts_sum_to_the_pool_and_ties_go_by_natural_order(self):
        self.new_unit("1002", floor=10)
        self.occupy(
            self.env["property.unit"].search([("code", "=", "3-1-1002")]),
            self.buyer,
            "owner",
            date(2025, 1, 1),
        )
        self.env["property.allocation"].create(
            {
                "site_id": self.site.id,
                "building_id": self.building.id,
                "item_id": self.shared.id,
                "date_from": date(2026, 9, 1),
                "date_to": date(2026, 9, 30),
                "amount": 100.0,
            }
        )
        run = self.new_run(items=self.shared)
        run.action_compute()
        parts = {row[1]: row[3] for row in self.billed(run)}
        self.assertEqual(
            parts, {"3-1-201": D("33.34"), "3-1-1002": D("33.33"), "3-1-1502": D("33.33")}
        )
        for charge in run.charge_ids:
            self.assertEqual(float(charge._derive()["amount"]), charge.amount)

    def test_two_pools_of_one_month_are_both_billed(self):
        values = {
            "site_id": self.site.id,
            "item_id": self.shared.id,
            "date_from": date(2026, 9, 1),
            "date_to": date(2026, 9, 30),
            "amount": 10.0,
        }
        self.env["property.allocation"].create([values, {**values, "amount": 20.0}])
        run = self.new_run(items=self.shared)
        run.action_compute()
        self.assertEqual(run.amount_total, 30.0)
        again = self.new_run(items=self.shared)
        again.action_compute()
        self.assertFalse(again.charge_ids)

    def test_nothing_is_silently_zero(self):
        self.unit_2.write({"area_gross": 0, "area_billable": 0})
        self.meter.reading_ids.filtered(lambda row: row.date == date(2026, 9, 30)).unlink()
        self.owner_row.unlink()
        self.tenant_row.unlink()
        self.new_unit("301", handover_date=False)
        self.new_unit("302", handover_date=False, state="unsold")
        run = self.new_run()
        run.action_compute()
        self.assertEqual(
            self.problem_kinds(run),
            [
                ("no_area", "3-1-201"),
                ("no_payer", "3-1-1502"),
                ("no_payer", "B1-017"),
                ("no_reading", "3-1-1502"),
                ("no_start", "3-1-301"),
            ],
        )
        self.assertFalse(run.charge_ids)

    def test_days_without_tariff_are_reported_and_the_others_billed(self):
        self.management.tariff_ids.date_to = date(2026, 9, 15)
        run = self.new_run(items=self.management)
        run.action_compute()
        self.assertEqual(self.billed(run)[0][3], D("150.00"))
        self.assertEqual({kind for kind, _unit in self.problem_kinds(run)}, {"no_tariff"})
        self.management.tariff_ids.unlink()
        run.action_compute()
        self.assertFalse(run.charge_ids)
        self.assertEqual(set(run.problem_ids.mapped("severity")), {"error"})

    def test_a_counter_that_turned_over_is_billed_and_told(self):
        run = self.new_run(items=self.water)
        run.action_compute()
        self.assertEqual(self.problem_kinds(run), [("reading_fell", "3-1-1502")])
        self.assertEqual(run.charge_ids.quantity, 27.0)

    def test_a_second_run_leaves_out_what_is_billed_and_says_so(self):
        run = self.new_run()
        run.action_compute()
        run.action_post()
        again = self.new_run()
        again.action_compute()
        self.assertFalse(again.charge_ids)
        self.assertEqual(
            again.problem_ids.filtered(lambda p: p.kind == "billed").mapped("severity"),
            ["info"] * 4,
        )
        with self.assertRaises(UserError):
            again.action_post()

    def test_a_part_of_a_period_is_not_billed_twice(self):
        run = self.new_run(items=self.management)
        run.action_compute()
        run.action_post()
        quarter = self.new_run(date(2026, 7, 1), date(2026, 9, 30), self.management)
        quarter.action_compute()
        self.assertEqual(
            [
                (row[3], charge.date_to)
                for row, charge in zip(self.billed(quarter), quarter.charge_ids, strict=True)
            ],
            [(D("600.00"), date(2026, 8, 31))] * 2,
        )
        self.assertEqual([kind for kind, _unit in self.problem_kinds(quarter)], ["billed"] * 2)
        quarter.action_post()
        self.assertFalse(quarter.charge_ids._underivable())

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_second_charge_for_the_same_days(self):
        run = self.new_run(items=self.management)
        run.action_compute()
        charge = run.charge_ids[0]
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            charge.copy({"date_from": date(2026, 9, 30), "date_to": date(2026, 10, 30)})
            self.env.flush_all()

    def test_the_constraints_exist_and_a_missing_one_stops_installation(self):
        check_constraints(self.env, REQUIRED_CONSTRAINTS)
        self.env.cr.execute(
            "ALTER TABLE property_charge DROP CONSTRAINT property_charge_billed_once"
        )
        with self.assertRaises(RuntimeError):
            check_constraints(self.env, REQUIRED_CONSTRAINTS)

    @mute_logger("odoo.sql_db")
    def test_tariffs_of_an_item_may_not_overlap(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.management.tariff_ids.copy({"date_from": date(2026, 1, 1)})
            self.env.flush_all()

    def test_tiers_must_touch(self):
        with self.assertRaises(ValidationError):
            self.water.tariff_ids.tier_ids[1].qty_from = 16

    def test_fees_follow_the_scope_and_are_not_created_twice(self):
        fees = self.management.fee_ids
        self.assertEqual(fees.unit_id, self.unit | self.unit_2)
        self.assertFalse(self.env["property.charge.item"]._sync_fees())
        late = self.new_unit("401", handover_date=False)
        self.assertNotIn(late, self.management.fee_ids.unit_id)
        late.handover_date = date(2026, 9, 16)
        fee = self.management.fee_ids.filtered(lambda row: row.unit_id == late)
        self.assertEqual(fee.date_from, date(2026, 9, 16))
        late.handover_date = date(2026, 9, 21)
        self.assertEqual(fee.date_from, date(2026, 9, 21))
        late.handover_date = False
        self.assertFalse(fee.exists())

    def test_an_ended_fee_does_not_come_back(self):
        fee = self.management.fee_ids.filtered(lambda row: row.unit_id == self.unit)
        fee.date_to = date(2026, 8, 31)
        self.management._sync_fees()
        run = self.new_run(items=self.management)
        run.action_compute()
        self.assertEqual(run.charge_ids.unit_id, self.unit_2)

    def test_an_own_price_and_a_factor_change_the_amount(self):
        fee = self.management.fee_ids.filtered(lambda row: row.unit_id == self.unit)
        fee.write({"price": 2.0, "quantity": 0.6})
        run = self.new_run(items=self.management)
        run.action_compute()
        self.assertEqual(self.billed(run)[0][3], D("120.00"))

    def test_a_one_off_is_billed_once(self):
        item = self.new_item("ZX", "one_off", 500.0, 6)
        self.env["property.fee"].create(
            {"unit_id": self.unit.id, "item_id": item.id, "date_from": date(2026, 9, 12)}
        )
        run = self.new_run(items=item)
        run.action_compute()
        self.assertEqual(run.amount_total, 500.0)
        run.action_post()
        october = self.new_run(date(2026, 10, 1), date(2026, 10, 31), item)
        october.action_compute()
        self.assertFalse(october.charge_ids)

    def test_the_review_compares_with_the_last_period(self):
        august = self.new_run(date(2026, 8, 1), date(2026, 8, 31))
        august.action_compute()
        august.action_post()
        run = self.new_run()
        run.action_compute()
        review = run._review()
        by_code = {row["code"]: row for row in review["items"]}
        self.assertEqual(by_code["WYF"]["change"], 0.0)
        self.assertEqual(by_code["CW"]["last_amount"], 0.0)
        self.assertTrue(review["movers"])
        self.assertIn("3-1-1502", run.review_html)

    def test_a_run_or_a_bill_date_of_another_age_is_a_slip(self):
        for dates in (
            {"date_from": date(2062, 9, 1), "date_to": date(2062, 9, 30)},
            {"invoice_date": date(1900, 1, 1)},
            {"invoice_date": date(2999, 1, 1)},
        ):
            with self.subTest(dates), self.assertRaisesRegex(ValidationError, "ten years away"):
                self.new_run(**dates)

    def test_a_run_of_one_item_is_compared_with_that_item_alone(self):
        august = self.new_run(date(2026, 8, 1), date(2026, 8, 31), self.management | self.water)
        august.action_compute()
        august.action_post()
        run = self.new_run(items=self.water)
        run.action_compute()
        review = run._review()
        self.assertEqual([row["code"] for row in review["items"]], ["SF"])
        (before,) = august.charge_ids.filtered(lambda one: one.item_id == self.water)
        self.assertEqual(sum(row["last_amount"] for row in review["buildings"]), before.amount)
        self.assertEqual({row["item"] for row in review["movers"]}, {self.water.name})

    def test_a_billed_reading_pool_and_charge_cannot_be_edited(self):
        run = self.new_run()
        run.action_compute()
        run.action_post()
        with self.assertRaises(UserError):
            self.meter.reading_ids[0].value = 5
        with self.assertRaises(UserError):
            run.charge_ids[0].amount = 1
        with self.assertRaises(UserError):
            run.charge_ids.unlink()
        with self.assertRaises(UserError):
            run.date_to = date(2026, 10, 1)
        with self.assertRaises(UserError):
            run.action_compute()
