from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from odoo.addons.property_base.hooks import REQUIRED_CONSTRAINTS, check_constraints

from .common import PropertyCommon


@tagged("post_install", "-at_install")
class TestModels(PropertyCommon):
    def assert_refused(self, create):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError) as caught,
            self.env.cr.savepoint(),
        ):
            create()
            self.env.flush_all()
        return caught.exception

    def test_a_room_gets_its_code_from_building_entrance_and_room(self):
        self.assertEqual(self.unit.code, "3-1-1502")
        no_entrance = self.new_unit("S01", entrance="0")
        self.assertEqual(no_entrance.code, "3-0-S01")

    def test_a_parking_space_keeps_its_own_code(self):
        self.assertEqual(self.space.code, "B1-017")
        self.assertEqual(self.space.kind, "parking")

    def test_a_code_is_unique_on_its_site_only(self):
        self.assert_refused(lambda: self.new_unit("1502"))
        self.new_unit("1502", building=self.other_building)

    def test_units_sort_naturally_with_parking_last(self):
        second = self.env["property.building"].create(
            {"site_id": self.site.id, "code": "10", "name": "10栋"}
        )
        tenth = self.new_unit("101", building=second)
        units = self.env["property.unit"].search([("site_id", "=", self.site.id)])
        self.assertEqual(units, self.unit_2 + self.unit + tenth + self.space)

    def test_billable_area_follows_gross_area_until_changed(self):
        self.assertEqual(self.unit.area_billable, 100.0)
        self.unit.area_billable = 90
        self.assertEqual(self.unit.area_gross, 100.0)

    def test_negative_area_is_refused(self):
        self.assert_refused(lambda: self.new_unit("901", area_gross=-1))

    def test_a_building_of_another_site_is_refused(self):
        with self.assertRaises(ValidationError):
            self.unit.building_id = self.other_building
        with self.assertRaises(ValidationError):
            self.space.parent_id = self.other_unit

    def test_two_owners_at_a_time_are_refused_with_a_clear_message(self):
        error = self.assert_refused(
            lambda: self.occupy(self.unit, self.buyer, "owner", date(2026, 1, 1))
        )
        message = self.env["property.occupancy"]._sql_error_to_message(error)
        self.assertIn("already has an owner", message)

    def test_owners_may_follow_each_other(self):
        self.owner_row.date_to = date(2025, 12, 31)
        self.env.flush_all()
        self.occupy(self.unit, self.buyer, "owner", date(2026, 1, 1))
        self.env.flush_all()

    def test_a_second_tenant_at_a_time_is_not_primary(self):
        second = self.occupy(self.unit, self.buyer, "tenant", date(2026, 5, 1))
        self.assertTrue(self.tenant_row.is_primary)
        self.assertFalse(second.is_primary)
        self.assert_refused(lambda: second.write({"is_primary": True}))

    def test_two_tenants_of_one_batch_do_not_both_become_primary(self):
        rows = self.env["property.occupancy"].create(
            [
                {
                    "unit_id": self.unit_2.id,
                    "partner_id": partner.id,
                    "role": "tenant",
                    "date_from": "2026-01-01",
                }
                for partner in (self.tenant, self.buyer)
            ]
        )
        self.assertEqual(rows.mapped("is_primary"), [True, False])

    def test_leaving_before_coming_is_refused(self):
        self.assert_refused(
            lambda: self.occupy(
                self.unit_2, self.buyer, "family", date(2026, 2, 1), date(2026, 1, 1)
            )
        )

    def test_owner_and_tenant_see_bills_unless_told_otherwise(self):
        self.assertTrue(self.owner_row.may_see_bills)
        self.assertTrue(self.tenant_row.may_see_bills)
        self.assertFalse(self.child_row.may_see_bills)

    def test_current_people_of_a_unit_and_its_parking_space(self):
        self.assertEqual(self.unit.owner_id, self.owner)
        self.assertEqual(self.unit.tenant_id, self.tenant)
        self.assertEqual(self.space.owner_id, self.owner)
        found = self.env["property.unit"].search([("owner_id", "=", self.owner.id)])
        self.assertEqual(found, self.unit)
        self.assertIn(self.unit_2, self.env["property.unit"].search([("owner_id", "=", False)]))

    def test_payer_of_tenant_items_is_the_tenant_while_there_is_one(self):
        timeline = (self.unit | self.unit_2)._property_timeline(
            "tenant", date(2026, 2, 1), date(2026, 3, 31)
        )
        self.assertEqual(
            timeline[self.unit.id],
            [
                (self.owner, date(2026, 2, 1), date(2026, 2, 28)),
                (self.tenant, date(2026, 3, 1), date(2026, 3, 31)),
            ],
        )
        self.assertEqual(timeline[self.unit_2.id], [])

    def test_a_space_without_people_is_paid_by_its_household(self):
        payers = (self.space | self.unit)._property_payer_on("owner", date(2024, 6, 1))
        self.assertEqual(payers, {self.space.id: self.owner, self.unit.id: self.owner})
        self.occupy(self.space, self.buyer, "owner", date(2026, 1, 1))
        payers = self.space._property_payer_on("owner", date(2026, 6, 1))
        self.assertEqual(payers[self.space.id], self.buyer)

    def test_the_payers_of_many_units_take_one_query(self):
        units = self.unit | self.unit_2 | self.space
        units.mapped("parent_id")
        self.env.flush_all()
        self.env["property.occupancy"].invalidate_model()
        with self.assertQueryCount(1):
            units._property_payer_on("tenant", date(2026, 6, 1))

    def test_current_and_past_people_are_told_apart(self):
        self.child_row.date_to = date(2025, 12, 31)
        rows = self.env["property.occupancy"]
        mine = [("unit_id", "=", self.unit.id)]
        self.assertEqual(rows.search([*mine, ("is_current", "=", False)]), self.child_row)
        self.assertNotIn(self.child_row, rows.search([*mine, ("is_current", "=", True)]))
        self.assertEqual(self.unit.resident_count, 2)

    def test_reading_fifty_units_takes_as_many_queries_as_reading_one(self):
        units = self.env["property.unit"].create(
            [
                {
                    "site_id": self.site.id,
                    "building_id": self.building.id,
                    "entrance": "2",
                    "room": str(room),
                    "type_id": self.type_residence.id,
                }
                for room in range(101, 151)
            ]
        )
        for unit in units:
            self.occupy(unit, self.buyer, "owner", date(2026, 1, 1))
        counts = []
        for batch in (units[:1], units[:1], units):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch.web_read({"code": {}, "owner_id": {"fields": {}}, "owner_phone_masked": {}})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_plates_are_stored_in_one_spelling_and_unique_while_active(self):
        self.assertEqual(self.vehicle.plate, "浙A8K888")
        self.assertEqual(self.vehicle.plate_display, "浙A·8K888")
        self.assertEqual(self.vehicle.site_id, self.site)
        twin = {"plate": "浙Ａ－８k888", "unit_id": self.unit_2.id}
        self.assert_refused(lambda: self.env["property.vehicle"].create(twin))
        self.vehicle.active = False
        self.env.flush_all()
        self.env["property.vehicle"].create(twin)

    def test_a_missing_constraint_stops_the_installation(self):
        check_constraints(self.env, REQUIRED_CONSTRAINTS)
        with self.assertRaisesRegex(RuntimeError, "property_unit_not_there"):
            check_constraints(self.env, {"property_unit": ["property_unit_not_there"]})

    def test_counts_of_a_site(self):
        self.assertEqual(self.site.unit_count, 3)
        self.assertEqual(self.site.household_count, 2)
        self.assertEqual(self.site.parking_count, 1)
        self.assertEqual(self.site.resident_count, 3)
