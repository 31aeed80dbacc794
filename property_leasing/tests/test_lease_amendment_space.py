from datetime import date, timedelta

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools.schedule import rent_between
from .common import TODAY, LeasingCommon


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestLeaseAmendmentSpace(LeasingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lease = cls.sign(
            cls.new_lease(
                cadence="3",
                step_ids=[(0, 0, {"repeat_months": 6, "value": 10})],
                term_ids=[(0, 0, {"months": 2})],
            )
        )
        cls.bill("2026-07-01", "2026-07-31")

    def add(self, day, unit=None, **vals):
        row = {"unit_id": (unit or self.shop_2).id, "price": 6000.0, "pricing": "month", **vals}
        return self.amend(self.lease, kind="space", date=day, space_ids=[(0, 0, row)])

    def remove(self, day, unit=None):
        row = {"action": "remove", "unit_id": (unit or self.shop).id}
        return self.amend(self.lease, kind="space", date=day, space_ids=[(0, 0, row)])

    def own(self, unit):
        rows = self.lease.instalment_ids.filtered(lambda row: row.unit_id == unit)
        return [(str(row.date_from), str(row.date_to), row.amount) for row in rows]

    def test_a_space_taken_more_is_charged_from_its_day_in_the_cycle_of_the_lease(self):
        before = self.own(self.shop)
        amendment = self.add("2026-11-01")
        self.assertEqual(self.own(self.shop), before)
        self.assertEqual(
            self.own(self.shop_2),
            [
                ("2026-11-01", "2026-12-31", 12000.0),
                ("2027-01-01", "2027-03-31", 19800.0),
                ("2027-04-01", "2027-06-30", 19800.0),
            ],
        )
        self.assertEqual(amendment.amount_future_difference, 51600.0)
        line = self.lease.line_ids.filtered(lambda one: one.unit_id == self.shop_2)
        fee = line.fee_id
        self.assertEqual((str(fee.date_from), str(fee.date_to)), ("2026-11-01", "2027-06-30"))
        tenant = self.lease.occupancy_ids.filtered(lambda one: one.unit_id == self.shop_2)
        self.assertEqual((str(tenant.date_from), tenant.partner_id), ("2026-11-01", self.cafe))
        self.assertEqual((self.lease.area_total, self.lease.term_ids.amount), (130.0, 18000.0))

    def test_the_added_space_is_billed_with_the_next_run(self):
        self.add("2026-11-01")
        run = self.bill("2026-11-01", "2026-11-30")
        self.assertEqual(
            run.charge_ids.filtered(lambda one: one.unit_id == self.shop_2).amount, 12000
        )

    def test_a_space_given_back_costs_nothing_from_the_day_on(self):
        self.add("2026-10-01")
        kept = self.own(self.shop_2)
        self.remove("2026-12-01")
        self.assertEqual(
            self.own(self.shop),
            [("2026-07-01", "2026-09-30", 9000.0), ("2026-10-01", "2026-11-30", 6000.0)],
        )
        self.assertEqual(self.own(self.shop_2), kept)
        line = self.lease.line_ids.filtered(lambda one: one.unit_id == self.shop)
        self.assertEqual((str(line.date_to), str(line.fee_id.date_to)), ("2026-11-30",) * 2)
        gone = self.lease.occupancy_ids.filtered(lambda one: one.unit_id == self.shop)
        self.assertEqual(str(gone.date_to), "2026-11-30")
        self.assertEqual(self.lease.area_total, 80.0)
        self.sign(
            self.new_lease(partner_id=self.baker.id, date_from="2026-12-01", date_to="2027-03-31")
        )

    def test_billed_days_of_a_space_given_back_are_credited(self):
        charge = self.lease.instalment_ids[0].charge_id
        self.add("2026-09-01")
        amendment = self.remove("2026-09-01")
        self.assertEqual(charge._amount_standing(), 6000)
        self.assertEqual(amendment.amount_billed_difference, -3000.0)

    def test_the_spaces_follow_by_date(self):
        spaces = self.env["property.space"].create(
            [{"unit_id": unit.id} for unit in (self.shop, self.shop_2)]
        )
        self.add("2026-11-01")
        self.remove("2026-12-01")
        states = []
        for day in (date(2026, 10, 31), date(2026, 11, 1), date(2026, 12, 1)):
            leases = spaces._leases_on(day)
            states.append([bool(leases.get(space.unit_id.id)) for space in spaces])
        self.assertEqual(states, [[True, False], [True, True], [False, True]])
        spaces.invalidate_recordset()
        self.assertEqual((spaces[0].state, str(spaces[0].vacant_from)), ("ending", "2026-12-01"))
        self.assertIn(spaces[0], spaces.search([("state", "=", "ending")]))

    def test_an_early_end_and_a_renewal_leave_alone_what_was_given_back(self):
        self.add("2026-10-01")
        self.remove("2026-12-01")
        gone = self.own(self.shop)
        self.amend(self.lease, kind="term", date_to="2027-12-31")
        self.assertEqual(self.own(self.shop), gone)
        self.assertEqual(self.own(self.shop_2)[-1][1], "2027-12-31")
        fees = {line.unit_id: str(line.fee_id.date_to) for line in self.lease.line_ids}
        self.assertEqual(fees, {self.shop: "2026-11-30", self.shop_2: "2027-12-31"})
        self.amend(self.lease, kind="tenant", date="2027-01-01", partner_id=self.baker.id)
        heirs = self.lease.occupancy_ids.filtered(lambda one: one.partner_id == self.baker)
        self.assertEqual(heirs.unit_id, self.shop_2)

    def test_a_space_comes_back_after_it_was_given_back(self):
        self.add("2026-10-01")
        self.remove("2026-12-01")
        self.add("2027-02-01", self.shop)
        self.assertEqual([row[0] for row in self.own(self.shop)][-2:], ["2027-02-01", "2027-04-01"])

    def test_every_day_costs_what_the_terms_say(self):
        self.add("2026-11-16", price=6500.0)
        self.remove("2027-02-10")
        for line in self.lease.line_ids:
            terms = line._terms()
            total = sum(line.instalment_ids.mapped("amount_rent"))
            day = terms.start
            while day <= terms.end:  # an independent sum, day by day
                total -= float(rent_between(terms, day, day))
                day += timedelta(days=1)
            self.assertAlmostEqual(total, 0.0, places=2)

    def test_what_cannot_be_is_refused(self):
        self.sign(self.new_lease(self.shop_2, partner_id=self.baker.id, date_from="2027-01-01"))
        for rows, words in (
            ([], "taken or given back"),
            ([{"unit_id": self.shop_2.id, "price": 1.0}], "has a tenant"),
            ([{"unit_id": self.shop.id, "price": 1.0}], "already"),
            ([{"unit_id": self.far_shop.id, "price": 1.0}], "must all belong"),
            ([{"action": "remove", "unit_id": self.shop_2.id}], "is not let by"),
            ([{"action": "remove", "unit_id": self.shop.id}], "Nothing would be left"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.amend(
                    self.lease,
                    kind="space",
                    date="2026-11-01",
                    space_ids=[(0, 0, row) for row in rows],
                )

    def test_an_end_before_an_added_space_begins_is_refused(self):
        self.add("2026-11-01")
        with self.assertRaisesRegex(UserError, "begins on 2026-11-01"):
            self.amend(self.lease, kind="term", date_to="2026-10-15")
        self.amend(self.lease, kind="term", date_to="2026-11-30")
        self.assertEqual(self.own(self.shop_2), [("2026-11-01", "2026-11-30", 6000.0)])

    def test_an_end_before_a_space_is_given_back_ends_it_for_good(self):
        self.add("2026-10-01")
        self.remove("2027-01-01")
        self.amend(self.lease, kind="term", date_to="2026-11-30")
        self.amend(self.lease, kind="term", date_to="2027-03-31")
        self.assertEqual(self.own(self.shop)[-1][1], "2026-11-30")
        self.assertEqual(self.own(self.shop_2)[-1][1], "2027-03-31")

    def test_an_amendment_that_is_still_being_typed_shows_what_it_can(self):
        rows = [
            {"unit_id": self.shop_2.id, "price": 6000.0, "pricing": "month"},
            {"action": "remove", "unit_id": self.shop.id},
        ]
        for day, shown in (("2026-11-01", True), ("2020-01-01", False), ("2040-01-01", False)):
            amendment = self.env["property.lease.amendment"].new(
                {
                    "lease_id": self.lease.id,
                    "kind": "space",
                    "date": day,
                    "space_ids": [(0, 0, row) for row in rows],
                }
            )
            self.assertEqual("2026-11-01" in amendment.changes_html, shown, day)

    def test_rows_of_a_submitted_amendment_stand(self):
        row = {"unit_id": self.shop_2.id, "price": 6000.0, "pricing": "month"}
        agent = self.new_staff("space.agent", self.new_job("leasing"), self.site)
        amendment = (
            self.env["property.lease.amendment"]
            .with_user(agent)
            .create(
                {
                    "lease_id": self.lease.id,
                    "reason": "More space",
                    "kind": "space",
                    "date": "2026-11-01",
                    "space_ids": [(0, 0, row)],
                }
            )
        )
        amendment.action_submit()
        with self.assertRaises(UserError):
            amendment.space_ids.price = 1.0

    def test_a_copy_of_a_lease_leaves_out_the_spaces_that_were_given_back(self):
        rows = [
            {"unit_id": self.shop_2.id, "price": 6000.0, "pricing": "month"},
            {"action": "remove", "unit_id": self.shop.id},
        ]
        self.amend(
            self.lease, kind="space", date="2026-11-01", space_ids=[(0, 0, row) for row in rows]
        )
        copy = self.lease.copy()
        self.assertEqual(copy.line_ids.unit_id, self.shop_2)
        self.assertFalse(copy.line_ids.date_from)
        self.assertEqual(self.lease.line_ids.unit_id, self.shop | self.shop_2)
