from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TODAY, LeasingStaffCommon


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestSpaceReshape(LeasingStaffCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.space, cls.space_2 = cls.env["property.space"].create(
            [{"unit_id": unit.id, "price": 4.0} for unit in (cls.shop, cls.shop_2)]
        )

    def reshape(self, spaces, rows=None, user="manager", **vals):
        """Join or divide spaces and return the new ones."""
        wizard = self.env["property.space.reshape"].with_user(self.users[user])
        wizard = wizard.create({"space_ids": [(6, 0, spaces.ids)], "date": TODAY, **vals})
        if rows is not None:
            wizard.line_ids = [(5, 0, 0)] + [
                (0, 0, {"room": room, "area": area, "price": 5.0}) for room, area in rows
            ]
        return self.env["property.space"].search(wizard.action_confirm()["domain"])

    def test_two_spaces_become_one_from_a_day_on(self):
        lease = self.sign(self.new_lease(date_from="2026-01-01", date_to="2026-08-31"))
        new = self.reshape(self.space | self.space_2)
        self.assertEqual((new.unit_id.room, new.area, new.price), ("S01-S02", 130.0, 4.0))
        self.assertEqual((str(new.date_from), new.state), (TODAY, "vacant"))
        old = self.space | self.space_2
        self.assertEqual(set(map(str, old.mapped("date_to"))), {"2026-09-14"})
        self.assertEqual(set(old.mapped("state")), {"off_market"})
        self.assertEqual(set(old.unit_id.mapped("state")), {"closed"})
        self.assertEqual(new.change_ids.old_space_ids, old)
        self.assertEqual(old.change_ids.new_space_ids, new)
        self.assertEqual(lease.line_ids.unit_id, self.shop)
        self.assertEqual(new.unit_id.owner_id, self.company.partner_id)

    def test_the_plan_of_each_day_shows_the_spaces_of_that_day(self):
        new = self.reshape(self.space, [("S01A", 20.0), ("S01B", 30.0)])
        spaces = self.env["property.space"]
        for day, wanted in (("2026-09-14", self.space), (TODAY, new)):
            plan = spaces.get_stacking_plan(self.building.id, day)
            shown = {one["id"] for floor in plan["floors"] for one in floor["spaces"]}
            self.assertEqual(shown, set((wanted | self.space_2).ids))

    def test_searching_by_status_agrees(self):
        new = self.reshape(self.space, [("S01A", 20.0), ("S01B", 30.0)])
        spaces = self.env["property.space"]
        vacant = spaces.search([("state", "=", "vacant"), ("site_id", "=", self.site.id)])
        self.assertEqual(vacant, new | self.space_2)
        self.assertIn(self.space, spaces.search([("state", "=", "off_market")]))

    def test_areas_match_or_the_difference_is_explained(self):
        rows = [("S01-02", 131.5)]
        with self.assertRaisesRegex(UserError, "why the areas differ"):
            self.reshape(self.space | self.space_2, rows)
        new = self.reshape(self.space | self.space_2, rows, note="The wall between them goes")
        self.assertEqual((new.area, new.change_ids.area_before), (131.5, 130.0))

    def test_a_space_that_is_let_or_reserved_stays(self):
        lease = self.new_lease(date_to="2026-12-31")
        self.sign(lease)
        with self.assertRaisesRegex(UserError, "is let on that day"):
            self.reshape(self.space | self.space_2)
        self.reshape(self.space | self.space_2, date="2027-01-01")

    def test_a_reserved_space_stays(self):
        self.space.write({"reserved_for_id": self.baker.id, "reserved_until": "2026-09-20"})
        with self.assertRaisesRegex(UserError, "is reserved"):
            self.reshape(self.space | self.space_2)

    def test_fees_of_the_old_units_end_and_billed_days_stay(self):
        fee = self.env["property.fee"].create(
            {"unit_id": self.shop.id, "item_id": self.service.id, "date_from": "2026-01-01"}
        )
        self.reshape(self.space, [("S01A", 20.0), ("S01B", 30.0)])
        self.assertEqual(str(fee.date_to), "2026-09-14")

    def test_rows_must_make_sense(self):
        for spaces, rows, words in (
            (self.space, [("X", 50.0)], "Several spaces become one"),
            (self.space | self.space_2, [("X", 50.0), ("Y", 80.0)], "Several spaces become one"),
            (self.space, [("X", 50.0), ("Y", 0.0)], "number and area"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.reshape(spaces, rows)
        self.reshape(self.space, [("S01A", 20.0), ("S01B", 30.0)])
        with self.assertRaisesRegex(UserError, "not there on that day"):
            self.reshape(self.space, [("S01C", 20.0), ("S01D", 30.0)])

    def test_a_site_manager_does_it(self):
        with self.assertRaises(AccessError):
            self.reshape(self.space | self.space_2, user="leasing")

    def test_the_asking_rent_is_converted(self):
        self.space.write({"price": 3041.67, "pricing": "month"})
        self.assertAlmostEqual(self.space.price_m2_month, 60.83, places=2)
        self.assertAlmostEqual(self.space.price_m2_day, 2.0, places=2)
        self.space.write({"price": 2.0, "pricing": "m2_day"})
        self.assertAlmostEqual(self.space.price_month, 3041.67, places=2)

    def test_days_vacant_count_from_the_end_of_the_last_lease(self):
        self.sign(self.new_lease(date_from="2026-01-01", date_to="2026-08-31"))
        self.space.invalidate_recordset()
        self.assertEqual((str(self.space.vacant_since), self.space.vacant_days), ("2026-09-01", 14))
        self.sign(self.new_lease(date_from="2026-09-10", partner_id=self.baker.id))
        self.space.invalidate_recordset()
        self.assertEqual(self.space.vacant_days, 0)

    def test_the_timeline_shows_leases_reservations_and_spaces_that_came_and_went(self):
        self.sign(self.new_lease(date_from="2026-07-01", date_to="2026-09-14"))
        new = self.reshape(self.space, [("S01A", 20.0), ("S01B", 30.0)])
        self.space_2.write({"reserved_for_id": self.baker.id, "reserved_until": "2026-09-20"})
        timeline = self.env["property.space"].get_occupancy_timeline(self.building.id, TODAY, 6)
        self.assertEqual((timeline["first"], timeline["last"]), ("2026-09-01", "2027-02-28"))
        bars = {
            row["id"]: [(bar["kind"], bar["from"], bar["to"]) for bar in row["bars"]]
            for row in timeline["spaces"]
        }
        self.assertEqual(
            bars[self.space.id],
            [("lease", "2026-07-01", "2026-09-14"), ("gone", "2026-09-15", "2027-02-28")],
        )
        self.assertEqual(bars[self.space_2.id], [("reserved", TODAY, "2026-09-20")])
        self.assertEqual(bars[new[0].id], [("gone", "2026-09-01", "2026-09-14")])
