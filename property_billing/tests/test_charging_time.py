"""Every way to charge over time: bases, cycles, catch-up, formula, percentage; and its proof."""

from datetime import date
from decimal import Decimal

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .charging_common import ChargingCommon

D = Decimal


@tagged("post_install", "-at_install")
class TestChargingTime(ChargingCommon):
    # Bases ------------------------------------------------------------------------------------

    def test_gross_net_and_billable_area_are_different_bases(self):
        self.unit.write({"area_gross": 120, "area_net": 80, "area_billable": 100})
        self.unit_2.write({"area_net": 0})
        for base, amount in (("gross", "360.00"), ("net", "240.00"), ("billable", "300.00")):
            self.management.base = base
            run = self.september(self.management)
            self.assertEqual(self.billed(run)[0][3], D(amount), base)
        self.management.base = "net"
        run = self.september(self.management)
        self.assertEqual(self.problem_kinds(run), [("no_area", "3-1-201")])

    def test_a_base_must_fit_the_method(self):
        with self.assertRaises(ValidationError):
            self.management.base = "person"
        self.management.method = "fixed"
        self.assertEqual(self.management.base, "unit")

    def test_people_are_those_of_the_first_day_of_every_month(self):
        item = self.fixed("LJ", 5.0, base="person")
        # the tenant lives there with family; the owner does not
        there = self.unit.occupancy_ids.filtered(
            lambda row: row.role in ("tenant", "family") and row.date_from <= date(2026, 7, 1)
        )
        self.assertTrue(there)
        partner = self.env["res.partner"].create({"name": "Baby"})
        self.occupy(self.unit, partner, "family", date(2026, 8, 2))
        run = self.compute(date(2026, 8, 1), date(2026, 9, 30), item)
        count = len(there.partner_id)
        self.assertEqual(run.charge_ids.line_ids.mapped("amount"), [5.0 * count, 5.0 * (count + 1)])
        amount = run.charge_ids.amount
        # who moves in later does not change what September was
        self.occupy(self.unit, self.buyer, "family", date(2026, 10, 1))
        again = self.compute(date(2026, 8, 1), date(2026, 9, 30), item)
        self.assertEqual(again.charge_ids.amount, amount)

    def test_a_number_of_its_own_replaces_the_count(self):
        item = self.fixed("LJ", 5.0, base="person")
        item.fee_ids.count_own = 7
        self.assertEqual(self.september(item).charge_ids.amount, 35.0)

    def test_spaces_and_vehicles_are_counted_as_they_were(self):
        spaces, vehicles = (
            self.fixed("PS", 10.0, base="space"),
            self.fixed("PV", 20.0, base="vehicle"),
        )
        car, van = self.env["property.vehicle"].create(
            [
                {"plate": "浙A11111", "unit_id": self.unit.id, "date_from": date(2026, 1, 1)},
                {"plate": "浙A22222", "unit_id": self.unit.id, "date_from": date(2026, 10, 1)},
            ]
        )
        car.date_to = date(2026, 10, 15)
        car.active = False
        october = self.compute(date(2026, 10, 1), date(2026, 10, 31), spaces | vehicles)
        self.assertEqual(
            [(row[0], row[3]) for row in self.billed(october)],
            [("PS", D("10.00")), ("PV", D("60.00"))],
        )
        self.assertEqual(self.september(vehicles).charge_ids.amount, 40.0)
        # the space is charged from 21 September, so it did not count on the 1st
        run = self.september(spaces)
        self.assertFalse(run.charge_ids)
        self.assertEqual(self.problem_kinds(run), [("no_count", "3-1-1502")])
        self.assertTrue(van.active)

    def test_archiving_a_vehicle_keeps_the_day_it_left(self):
        car = self.env["property.vehicle"].create({"plate": "浙A33333", "unit_id": self.unit.id})
        car.active = False
        self.assertTrue(car.date_to)
        car.active = True
        self.assertFalse(car.date_to)

    # Periods ----------------------------------------------------------------------------------

    def test_a_quarter_in_advance_is_billed_in_its_first_month_only(self):
        item = self.fixed("JD", cycle_months=3, cycle_timing="advance")
        self.assertFalse(self.september(item).charge_ids)
        october = self.compute(date(2026, 10, 1), date(2026, 10, 31), item)
        self.assertEqual(self.spans(october), [("2026-10-01", "2026-12-31", D("300.00"))])

    def test_a_quarter_in_arrears_is_billed_in_its_last_month_only(self):
        item = self.fixed("JD", cycle_months=3)
        self.assertFalse(self.compute(date(2026, 8, 1), date(2026, 8, 31), item).charge_ids)
        self.assertEqual(
            self.spans(self.september(item)), [("2026-07-01", "2026-09-30", D("300.00"))]
        )

    def test_a_cycle_from_handover_counts_its_own_months(self):
        self.unit.handover_date = date(2024, 6, 15)
        item = self.fixed("JD", cycle_months=3, cycle_anchor="handover")
        run = self.september(item)
        self.assertEqual(self.spans(run), [("2026-06-15", "2026-09-14", D("300.00"))])
        self.assertFalse(run.charge_ids._underivable())

    def test_a_fee_may_have_a_cycle_of_its_own(self):
        item = self.fixed("JD")
        item.fee_ids.write({"cycle_months": 12, "cycle_timing": "advance"})
        january = self.compute(date(2027, 1, 1), date(2027, 1, 31), item)
        self.assertEqual(self.spans(january), [("2027-01-01", "2027-12-31", D("1200.00"))])

    def test_the_choice_of_cycles_writes_the_months(self):
        item = self.fixed("JD", cycle="6")
        self.assertEqual(item.cycle_months, 6)
        item.cycle_months = 5
        self.assertEqual(item.cycle, "custom")

    def test_missed_months_are_caught_up_only_when_asked(self):
        item = self.fixed("YJ")
        self.compute(date(2026, 6, 1), date(2026, 6, 30), item).action_post()
        self.assertEqual(len(self.september(item).charge_ids), 1)
        run = self.september(item, catch_up=True, catch_up_from=date(2026, 5, 1))
        self.assertEqual(
            [row[0] for row in self.spans(run)],
            ["2026-05-01", "2026-07-01", "2026-08-01", "2026-09-01"],
        )
        since_start = self.september(item, catch_up=True)
        self.assertEqual(self.spans(since_start)[0], ("2024-06-15", "2024-06-30", D("53.33")))

    def test_missed_quarters_are_caught_up_from_the_first_bill_on(self):
        item = self.fixed("JD", cycle_months=3)
        self.compute(date(2025, 12, 1), date(2025, 12, 31), item).action_post()
        run = self.september(item)
        self.assertEqual(
            [row[0] for row in self.spans(run)], ["2026-01-01", "2026-04-01", "2026-07-01"]
        )

    def test_a_run_that_cuts_a_month_that_counts_wholly_is_warned_of(self):
        whole = self.fixed("GL", proration="full_month")
        by_days = self.fixed("WY")
        half = (date(2026, 9, 1), date(2026, 9, 15))
        self.assertEqual(self.problem_kinds(self.compute(*half, by_days)), [])
        kinds = self.problem_kinds(self.compute(*half, whole))
        self.assertEqual(kinds, [("cut_month", "3-1-1502")])
        self.assertEqual(self.problem_kinds(self.september(whole)), [])
        # a fee that ends there is no cut of the run
        whole.fee_ids.date_to = date(2026, 9, 15)
        self.assertEqual(self.problem_kinds(self.compute(*half, whole)), [])

    def test_topping_up_days_adds_up_to_the_whole(self):
        item = self.fixed("TU", 100.01, proration="full_month")
        part = self.compute(date(2026, 9, 11), date(2026, 9, 20), item)
        part.charge_ids.unlink()
        fee = item.fee_ids
        fee.date_from, fee.date_to = date(2026, 9, 11), date(2026, 9, 20)
        self.september(item).action_post()
        fee.write({"date_from": date(2026, 9, 1), "date_to": False})
        run = self.september(item)
        self.assertEqual(
            self.spans(run),
            [
                ("2026-09-01", "2026-09-10", D("33.34")),
                ("2026-09-21", "2026-09-30", D("33.34")),
            ],
        )
        run.action_post()
        self.assertFalse(self.september(item).charge_ids)

    # Formula ----------------------------------------------------------------------------------

    def test_a_formula_bills_what_it_says(self):
        self.unit.write({"area_gross": 120, "floor": 15})
        item = self.new_item(
            "GS", "formula", 0.5, 6, formula="建筑面积 × 单价 + IF(楼层 > 6, 10, 0)"
        )
        self.env["property.fee"].create(
            {"unit_id": self.unit.id, "item_id": item.id, "date_from": date(2020, 1, 1)}
        )
        run = self.september(item)
        self.assertEqual(run.charge_ids.amount, 70.0)
        self.assertIn("0.5", run.charge_ids.explanation)
        self.assertIn("100", item.formula_result)
        self.assertIn("人数", item.formula_help)
        two = self.compute(date(2026, 7, 1), date(2026, 8, 31), item)
        self.assertEqual(two.charge_ids.amount, 140.0)
        item.formula = "30 + months"
        self.assertEqual(
            self.compute(date(2026, 7, 1), date(2026, 8, 31), item).charge_ids.amount, 32.0
        )

    def test_a_formula_that_fails_is_a_problem_of_that_unit_never_nothing(self):
        item = self.new_item("GS", "formula", 1, 6, formula="100 ÷ area_net")
        self.env["property.fee"].create(
            [
                {"unit_id": unit.id, "item_id": item.id, "date_from": date(2020, 1, 1)}
                for unit in (self.unit, self.unit_2)
            ]
        )
        self.unit.area_net, self.unit_2.area_net = 0, 50
        run = self.september(item)
        self.assertEqual([row[1] for row in self.billed(run)], ["3-1-201"])
        self.assertEqual(self.problem_kinds(run), [("formula", "3-1-1502")])
        item.formula = "area_net - 60"
        run = self.september(item)
        self.assertEqual(len(self.problem_kinds(run)), 2)

    def test_a_formula_nobody_can_read_is_refused(self):
        for text in ("", "area *", "__import__('os')", "price ** 9", "面积"):
            with self.subTest(text), self.assertRaises(ValidationError):
                self.new_item("GS", "formula", 1, 6, formula=text)

    # Percentage -------------------------------------------------------------------------------

    def test_a_percentage_follows_its_base_in_the_same_run_and_after(self):
        item = self.new_item(
            "PW",
            "percent",
            10,
            6,
            percent_base_ids=self.water.ids,
            unit_type_ids=self.type_residence.ids,
        )
        run = self.september(self.water | item)
        self.assertEqual(
            self.billed(run),
            [
                ("PW", "3-1-1502", "Test Tenant Wu", D("11.17")),
                ("SF", "3-1-1502", "Test Tenant Wu", D("111.71")),
            ],
        )
        percent = run.charge_ids.filtered(lambda c: c.item_id == item)
        self.assertIn("Item SF", percent.explanation)
        run.action_post()
        self.assertFalse(run.charge_ids._underivable())
        again = self.september(item)
        self.assertFalse(again.charge_ids)
        percent._undo()
        later = self.september(item)
        self.assertEqual(self.billed(later)[0][3], D("11.17"))
        later.action_post()
        run.charge_ids.filtered(lambda c: c.item_id == self.water)._undo()
        self.assertEqual(later.charge_ids.state, "cancelled")

    def test_percentages_of_each_other_are_refused(self):
        one = self.new_item("P1", "percent", 10, 6, percent_base_ids=self.water.ids)
        two = self.new_item("P2", "percent", 10, 6, percent_base_ids=one.ids)
        with self.assertRaisesRegex(ValidationError, "P1"):
            one.percent_base_ids = two
        with self.assertRaises(ValidationError):
            two.percent_base_ids = False

    def test_a_percentage_of_a_percentage_comes_after_it(self):
        types = self.type_residence.ids
        two = self.new_item("A2", "percent", 50, 6, percent_base_ids=self.management.ids)
        one = self.new_item(
            "Z1", "percent", 10, 6, percent_base_ids=self.management.ids, unit_type_ids=types
        )
        two.write({"percent_base_ids": [(6, 0, one.ids)], "unit_type_ids": [(6, 0, types)]})
        run = self.september(self.management | one | two)
        amounts = {row[0]: row[3] for row in self.billed(run)}
        self.assertEqual(amounts, {"A2": D("15.00"), "WYF": D("300.00"), "Z1": D("30.00")})

    # Proof ------------------------------------------------------------------------------------

    def test_a_run_computed_again_from_todays_facts_equals_what_was_billed(self):
        run = self.new_run()
        run.action_compute()
        run.action_post()
        self.assertEqual(run._facts_differences(), [])
        self.management.tariff_ids.price = 4.0
        self.assertEqual(sorted(row[4:] for row in run._facts_differences()), [(300.0, 400.0)] * 2)

    def test_the_number_of_queries_does_not_grow_with_the_units(self):
        self.fixed("LJ", 5.0, base="person")
        items = self.management
        counts = []
        for wanted in (3, 30):
            for number in range(wanted):
                unit = self.new_unit(f"{wanted}{number:02}", floor=4)
                self.occupy(unit, self.buyer, "owner", date(2025, 1, 1))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            charges, _problems = self.env["property.billing.run"]._simulate(
                self.site, items, date(2026, 9, 1), date(2026, 9, 30), None
            )
            counts.append(self.env.cr.sql_log_count - before)
            self.assertGreaterEqual(len(charges), wanted)
        self.assertLessEqual(counts[1], counts[0] + 3)
