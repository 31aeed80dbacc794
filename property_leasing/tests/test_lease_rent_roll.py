"""The rent roll of any day, its sums, and how many queries they take."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TODAY, LeasingCommon


@tagged("post_install", "-at_install")
class TestLeaseRentRoll(LeasingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        cls.spaces = cls.env["property.space"].create(
            [
                {"unit_id": cls.shop.id, "price": 4.0},
                {"unit_id": cls.shop_2.id, "price": 100.0, "pricing": "m2_month"},
            ]
        )

    def roll(self, day=None, *domain):
        """Return dict unit -> row of the rent roll of the test's sites."""
        rows = (
            self.env["property.lease.rent.roll"]
            .with_context(property_as_of=day)
            .search([("site_id", "in", (self.site | self.other_site).ids), *domain])
        )
        return {row.unit_id: row for row in rows}

    def test_a_space_is_empty_before_let_during_and_empty_after_its_lease(self):
        lease = self.sign(self.new_lease())
        states = {
            day: self.roll(day)[self.shop].state
            for day in ("2026-06-30", "2026-07-01", "2027-03-31", "2027-04-30", "2027-07-01")
        }
        self.assertEqual(list(states.values()), ["vacant", "leased", "leased", "ending", "vacant"])
        row = self.roll("2026-07-01")[self.shop]
        self.assertEqual((row.lease_id, row.partner_id), (lease, self.cafe))
        self.assertEqual((row.amount_month, row.area_let, row.area_empty), (3000, 50, 0))
        self.assertEqual((row.rent_m2_month, row.date_to), (60, date(2027, 6, 30)))
        self.assertAlmostEqual(row.rent_m2_day, 3000 * 12 / 365 / 50, 2)
        after = self.roll("2027-07-10")[self.shop]
        self.assertEqual((after.days_vacant, after.area_empty, after.amount_month), (10, 50, 0))
        self.assertFalse(after.lease_id or after.partner_id)

    def test_a_proposal_lets_nothing(self):
        self.new_lease()
        self.assertEqual(self.roll()[self.shop].state, "vacant")

    def test_a_space_that_is_let_without_being_offered_is_in_the_roll(self):
        self.sign(self.new_lease(self.far_shop))
        self.assertEqual(self.roll()[self.far_shop].state, "leased")
        self.assertNotIn(self.far_shop, self.roll("2026-01-01"))

    def test_the_rent_of_a_day_has_its_steps_and_names_the_next_one(self):
        self.sign(
            self.new_lease(
                date_to="2029-06-30",
                step_ids=[(0, 0, {"repeat_months": 12, "kind": "percent", "value": 10})],
            )
        )
        first, second, last = (
            self.roll(day)[self.shop] for day in ("2026-07-01", "2027-07-01", "2028-07-01")
        )
        self.assertEqual((first.amount_month, second.amount_month), (3000, 3300))
        self.assertEqual((first.next_date, first.amount_next), (date(2027, 7, 1), 3300))
        self.assertEqual((last.amount_month, last.next_date), (3630, False))

    def test_rent_free_days_show_the_rent_and_until_when_it_is_free(self):
        free = [(0, 0, {"date_from": "2026-07-01", "date_to": "2026-08-31"})]
        self.sign(self.new_lease(rent_free_ids=free))
        row = self.roll("2026-08-01")[self.shop]
        self.assertEqual((row.amount_month, row.free_until), (3000, date(2026, 8, 31)))
        self.assertFalse(self.roll("2026-09-01")[self.shop].free_until)

    def test_an_amendment_counts_from_its_day_on(self):
        lease = self.sign(self.new_lease())
        with freeze_time("2026-09-20"):
            line = lease.line_ids
            self.amend(
                lease,
                date="2027-01-01",
                line_ids=[(0, 0, {"lease_line_id": line.id, "price": 2500.0, "area": 40.0})],
            )
        before, after = (self.roll(day)[self.shop] for day in ("2026-12-31", "2027-01-01"))
        self.assertEqual((before.amount_month, before.area), (3000, 50))
        self.assertEqual((after.amount_month, after.area), (2500, 40))
        self.assertEqual((before.next_date, before.amount_next), (date(2027, 1, 1), 2500))

    def test_an_early_end_empties_the_space_and_shortens_its_years(self):
        lease = self.sign(self.new_lease())
        self.amend(lease, kind="term", date_to="2026-12-31")
        self.assertEqual(self.roll("2026-12-31")[self.shop].years_left, 1 / 365)
        self.assertEqual(self.roll("2027-01-01")[self.shop].state, "vacant")

    def test_an_option_to_leave_brings_the_earliest_end_forward_until_its_deadline(self):
        options = [(0, 0, {"kind": "break", "date": "2027-01-31", "notice_months": 3})]
        self.sign(self.new_lease(option_ids=options))
        exits = {}
        for day in ("2026-10-31", "2026-11-01"):
            row = self.roll(day)[self.shop]
            exits[day] = (row.date_exit, row.date_to)
        end = date(2027, 6, 30)
        self.assertEqual(exits, {"2026-10-31": (date(2027, 1, 31), end), "2026-11-01": (end, end)})

    def test_a_space_is_in_the_roll_only_while_it_exists(self):
        self.spaces[0].sudo().write({"date_from": "2026-09-01", "date_to": "2026-12-31"})
        there = [
            day
            for day in ("2026-08-31", "2026-09-01", "2026-12-31", "2027-01-01")
            if self.shop in self.roll(day)
        ]
        self.assertEqual(there, ["2026-09-01", "2026-12-31"])

    def test_the_tenant_is_the_one_of_the_day(self):
        lease = self.sign(self.new_lease())
        self.amend(lease, kind="tenant", date="2026-12-01", partner_id=self.baker.id)
        tenants = [self.roll(day)[self.shop].partner_id for day in ("2026-11-30", "2026-12-01")]
        self.assertEqual(tenants, [self.cafe, self.baker])

    def test_vat_on_top_is_in_the_rent_and_not_in_what_is_stated(self):
        line = {"price": 1000.0, "tax_id": self.vat9.id}
        self.sign(self.new_lease(lines=[line], is_vat_included=False))
        row = self.roll()[self.shop]
        self.assertEqual((row.amount_stated, row.amount_month), (1000, 1090))

    def test_other_items_stand_beside_the_rent(self):
        self.sign(
            self.new_lease(
                lines=[{}, {"item_id": self.service.id, "price": 10.0, "pricing": "m2_month"}]
            )
        )
        row = self.roll()[self.shop]
        self.assertEqual((row.amount_month, row.amount_other), (3000, 500))

    def test_a_price_per_day_is_a_months_rent_by_365_twelfths(self):
        self.sign(self.new_lease(lines=[{"price": 2.0, "pricing": "m2_day"}]))
        row = self.roll("2026-12-01")[self.shop]
        self.assertEqual(row.amount_month, 3041.67)
        self.assertAlmostEqual(row.rent_m2_day, 2.0, 4)
        # asking 4.00 a day, let at 2.00
        self.assertEqual((row.amount_asking, row.amount_reversion), (6083.33, 3041.66))

    def test_reserved_space_is_vacant_area_and_space_off_the_market_is_neither(self):
        self.spaces[0].write({"reserved_for_id": self.baker.id, "reserved_until": "2026-12-01"})
        self.spaces[1].off_from = "2026-09-01"
        reserved, off = (self.roll()[unit] for unit in (self.shop, self.shop_2))
        self.assertEqual((reserved.state, reserved.area_empty), ("reserved", 50))
        self.assertEqual(reserved.partner_id, self.baker)
        self.assertEqual((off.state, off.area_market), ("off_market", 0))

    def test_quotients_are_divided_after_summing_and_agree_with_the_kernel(self):
        self.sign(self.new_lease())
        self.sign(
            self.new_lease(
                self.shop_2,
                lines=[{"price": 1000.0}],
                partner_id=self.baker.id,
                date_to="2029-06-30",
            )
        )
        other = self.new_unit("S03", type_id=self.type_shop.id, area_gross=70.0)
        self.env["property.space"].create({"unit_id": other.id})
        roll = self.env["property.lease.rent.roll"]
        domain = [("site_id", "=", self.site.id)]
        names = ("rent_m2_month", "vacancy_rate", "vacancy_count_rate", "wale_area", "wale_rent")
        (found,) = roll._read_group(domain, [], [f"{name}:avg" for name in names])
        totals = roll.search(domain)._totals(date(2026, 9, 15))
        for name, value, wanted in zip(
            names,
            found,
            (
                *(totals.rent_m2_month, totals.vacancy_area, totals.vacancy_count),
                *(totals.wale_area, totals.wale_rent),
            ),
            strict=True,
        ):
            self.assertAlmostEqual(value, float(wanted), 9, name)
        self.assertAlmostEqual(found[0], 4000 / 130)
        self.assertAlmostEqual(found[1], 70 / 200)
        self.assertAlmostEqual(found[3], (50 * 289 + 80 * 1020) / 365 / 130)

    def test_arrears_and_deposits_are_those_of_the_day(self):
        lease = self.sign(self.new_lease(term_ids=[(0, 0, {"months": 2})]))
        self.bill("2026-07-01", "2026-07-31")
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        deposit = self.env["property.deposit"]._receive(
            self.shop,
            self.cafe,
            6000.0,
            journal,
            self.company._lease_deposit_type(),
            date=date(2026, 8, 1),
        )
        deposit.lease_term_id = lease.term_ids
        facts = {
            day: (row.amount_arrears, row.amount_deposit)
            for day in ("2026-07-01", "2026-07-02", "2026-08-01")
            if (row := self.roll(day)[self.shop])
        }
        self.assertEqual(list(facts.values()), [(0, 0), (3000, 0), (3000, 6000)])

    def test_the_roll_is_grouped_filtered_and_sorted_like_any_list(self):
        self.sign(self.new_lease(trade="Catering"))
        roll = self.env["property.lease.rent.roll"]
        domain = [("site_id", "=", self.site.id)]
        self.assertEqual(
            roll._read_group(domain, ["trade"], ["area:sum"], order="trade desc"),
            [(False, 80.0), ("Catering", 50.0)],
        )
        quarter = roll._read_group(
            [*domain, ("lease_id", "!=", False)], ["date_to:quarter"], ["amount_month:sum"]
        )
        self.assertEqual(quarter, [(date(2027, 4, 1), 3000)])
        found = roll.search(domain, order="area desc", limit=1)
        self.assertEqual(found.unit_id, self.shop_2)

    def test_a_row_opens_the_lease_or_the_empty_space(self):
        lease = self.sign(self.new_lease())
        rows = self.roll()
        self.assertEqual(rows[self.shop].action_view_record()["res_id"], lease.id)
        action = rows[self.shop_2].action_view_record()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("property.space", self.spaces[1].id)
        )

    def test_a_day_that_is_none_is_refused(self):
        with self.assertRaises(UserError):
            self.roll("2026-02-31")

    def test_queries_do_not_grow_with_the_leases(self):
        self.sign(self.new_lease())
        counts = []
        for room in ("Q1", "Q2", "Q3"):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.roll()
            counts.append(self.env.cr.sql_log_count - before)
            unit = self.new_unit(room, type_id=self.type_shop.id, area_gross=20.0)
            self.env["property.space"].create({"unit_id": unit.id})
            self.sign(
                self.new_lease(
                    unit,
                    step_ids=[(0, 0, {"value": 5})],
                    rent_free_ids=[(0, 0, {"date_from": "2026-07-01", "date_to": "2026-07-31"})],
                    term_ids=[(0, 0, {"months": 2})],
                )
            )
        self.assertEqual(len(set(counts[1:])), 1, counts)
        self.assertLess(counts[-1], 40)
