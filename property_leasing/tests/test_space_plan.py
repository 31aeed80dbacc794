from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TODAY, LeasingStaffCommon


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestSpacePlan(LeasingStaffCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop.floor, cls.shop_2.floor = 1, 2
        cls.space, cls.space_2, cls.far_space = cls.env["property.space"].create(
            [{"unit_id": unit.id, "price": 4.0} for unit in (cls.shop, cls.shop_2, cls.far_shop)]
        )
        cls.lease = cls.sign(
            cls.new_lease(brand="Lin's", step_ids=[(0, 0, {"repeat_months": 6, "value": 10.0})])
        )

    def plan(self, day=None, user="leasing"):
        spaces = self.env["property.space"].with_user(self.users[user])
        return spaces.get_stacking_plan(self.building.id, day)

    def tile(self, space, day=None):
        floors = self.plan(day)["floors"]
        return next(one for floor in floors for one in floor["spaces"] if one["id"] == space.id)

    def test_floors_are_listed_from_the_top_down(self):
        self.assertEqual([floor["floor"] for floor in self.plan()["floors"]], [2, 1])
        self.assertEqual(self.plan()["day"], TODAY)

    def test_a_let_space_tells_tenant_rent_and_end(self):
        tile = self.tile(self.space)
        self.assertEqual((tile["state"], tile["tenant"]), ("leased", "Lin's"))
        self.assertEqual((tile["until"], tile["rent"], tile["rent_m2"]), ("2027-06-30", 3000, 60))

    def test_the_rent_is_told_with_vat_as_in_the_rent_roll(self):
        line = {"price": 1000.0, "tax_id": self.vat9.id}
        self.sign(self.new_lease(self.shop_2, lines=[line], is_vat_included=False))
        roll = self.env["property.lease.rent.roll"].search([("space_id", "=", self.space_2.id)])
        self.assertEqual((roll.amount_stated, roll.amount_month), (1000, 1090))
        self.assertEqual(self.tile(self.space_2)["rent"], 1090)

    def test_the_plan_of_another_day_follows_leases_steps_and_reservations(self):
        self.space_2.write({"reserved_for_id": self.baker.id, "reserved_until": "2026-09-20"})
        for space, day, state, rent in (
            (self.space, "2026-06-30", "vacant", None),
            (self.space, "2027-01-01", "leased", 3300),
            (self.space, "2027-06-01", "ending", 3300),
            (self.space, "2027-07-01", "vacant", None),
            (self.space_2, "2026-09-14", "vacant", None),
            (self.space_2, "2026-09-20", "reserved", None),
            (self.space_2, "2026-09-21", "vacant", None),
        ):
            with self.subTest(f"{space.display_name} {day}"):
                tile = self.tile(space, day)
                self.assertEqual((tile["state"], tile.get("rent")), (state, rent))

    def test_the_asking_rent_is_told_by_the_month(self):
        self.assertEqual(self.tile(self.space_2)["asking_month"], round(4 * 80 * 365 / 12, 2))

    def test_buildings_of_other_sites_do_not_show(self):
        shown = {one["id"] for one in self.plan()["buildings"]}
        self.assertIn(self.building.id, shown)
        self.assertNotIn(self.other_building.id, shown)
        spaces = self.env["property.space"].with_user(self.users["leasing"])
        self.assertEqual(
            spaces.get_stacking_plan(self.other_building.id)["building_id"], self.building.id
        )

    def test_roles_without_leases_have_no_plan(self):
        for role in ("guard", "engineer"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.plan(user=role)

    def test_who_only_reads_leases_is_not_offered_a_new_one(self):
        self.assertTrue(self.plan()["may_let"])
        self.assertFalse(self.plan(user="finance")["may_let"])

    def test_many_spaces_take_as_many_queries_as_few(self):
        units = [
            self.new_unit(f"P{i}", floor=3, type_id=self.type_shop.id, area_gross=40.0)
            for i in range(20)
        ]
        self.env["property.space"].create([{"unit_id": unit.id} for unit in units])
        counts = []
        for some in (units[:1], units[1:5]):
            for unit in some:
                self.sign(self.new_lease(unit))
            counts.append([self.queries(self.plan), self.queries(self.timeline)])
        for few, many in zip(*counts, strict=True):
            self.assertLessEqual(many, few)
            self.assertLess(many, 35)

    def timeline(self):
        spaces = self.env["property.space"].with_user(self.users["leasing"])
        return spaces.get_occupancy_timeline(self.building.id)

    def queries(self, read):
        """Count the queries of a reading, rights and translations being cached already."""
        read()
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        read()
        return self.env.cr.sql_log_count - start
