from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .equipment_common import EquipmentCommon


@tagged("post_install", "-at_install")
class TestEquipment(EquipmentCommon):
    def test_equipment_of_a_site_is_numbered_by_the_site(self):
        second = self.new_equipment("Lift 2")
        self.assertEqual(self.lift.code, "TSTA-TL-0001")
        self.assertRegex(second.code, r"^TSTA-TL-000[2-9]$")
        self.assertEqual(self.other_lift.code, "TSTB-TL-0001")
        self.assertEqual(second.display_name, f"Lift 2 {second.code}")

    def test_several_pieces_are_numbered_in_one_go(self):
        both = self.env["maintenance.equipment"].create(
            [{"name": f"Pump {number}", "site_id": self.site.id} for number in (1, 2)]
        )
        self.assertEqual(len(set(both.mapped("code"))), 2)
        self.assertTrue(all(code.startswith("TSTA-EQ-") for code in both.mapped("code")))

    def test_an_asset_code_is_used_once_in_a_company(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.new_equipment("Copy", code="TSTA-TL-0001")
        self.assertNotEqual(self.lift.copy().code, self.lift.code)

    def test_equipment_without_a_site_stays_as_stock_made_it(self):
        laptop = self.env["maintenance.equipment"].create({"name": "Laptop", "serial_no": "L1"})
        self.assertFalse(laptop.code)
        self.assertEqual(laptop.display_name, "Laptop/L1")
        laptop.site_id = self.site
        self.assertTrue(laptop.code)

    def test_the_unit_tells_site_and_building(self):
        meter_box = self.env["maintenance.equipment"].create(
            {"name": "Box", "unit_id": self.unit.id, "place": "Corridor"}
        )
        self.assertEqual(meter_box.site_id, self.site)
        self.assertEqual(meter_box.building_id, self.building)
        self.assertEqual(meter_box.place_shown, "3-1-1502 Corridor")

    def test_everything_around_equipment_is_on_its_site(self):
        for vals in (
            {"unit_id": self.other_unit.id, "site_id": self.site.id},
            {"building_id": self.other_building.id, "site_id": self.site.id},
            {"parent_id": self.other_lift.id, "site_id": self.site.id},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self.env["maintenance.equipment"].create({"name": "Wrong", **vals})
        with self.assertRaises(ValidationError):
            self.lift.parent_id = self.lift

    def test_life_comes_from_the_class_and_counts_from_commissioning(self):
        self.assertEqual(self.lift.life_years, 15)
        self.assertEqual(self.lift.end_of_life_date, date(2035, 6, 1))

    def test_a_state_is_changed_with_a_reason_and_logged(self):
        engineer = self.users["engineer"]
        lift = self.lift.with_user(engineer)
        with self.assertRaises(UserError):
            lift.action_change_state("faulty", "  ")
        with self.assertRaises(UserError):
            lift.action_change_state("broken", "Unknown")
        lift.action_change_state("faulty", "Brake noise")
        lift.action_change_state("faulty", "Told twice")
        self.assertEqual(self.lift.state, "faulty")
        newest, first = self.lift.state_log_ids
        self.assertEqual((newest.from_state, newest.to_state), ("in_use", "faulty"))
        self.assertEqual((newest.reason, newest.user_id), ("Brake noise", engineer))
        self.assertEqual((first.from_state, first.to_state), (False, "in_use"))

    def test_nobody_writes_a_state_or_its_log_by_hand(self):
        with self.assertRaises(UserError):
            self.lift.with_user(self.users["director"]).state = "faulty"
        for user in ("engineer", "director"):
            with self.assertRaises(UserError):
                self.lift.state_log_ids.with_user(self.users[user]).write({"reason": "Changed"})
        with self.assertRaises(UserError):
            self.lift.state_log_ids.write({"reason": "Changed"})
        with self.assertRaises(UserError):
            self.lift.state_log_ids.unlink()

    def test_only_a_site_manager_scraps_equipment_and_takes_it_back(self):
        with self.assertRaises(AccessError):
            self.lift.with_user(self.users["engineer"]).action_change_state("scrapped", "Old")
        for user in ("guard", "service", "cashier"):
            with self.subTest(user), self.assertRaises(AccessError):
                self.lift.with_user(self.users[user]).action_change_state("standby")
        manager_lift = self.lift.with_user(self.users["manager"])
        manager_lift.action_change_state("scrapped", "Replaced by a new one")
        self.assertEqual(self.lift.scrap_date, date(2026, 6, 15))
        with self.assertRaises(UserError):
            self.lift.with_user(self.users["engineer"]).action_change_state("in_use")
        manager_lift.action_change_state("in_use")
        self.assertFalse(self.lift.scrap_date)

    def test_the_state_of_foreign_equipment_is_out_of_reach(self):
        with self.assertRaises(AccessError):
            self.other_lift.with_user(self.users["engineer"]).action_change_state("standby")

    def test_the_screen_changes_several_pieces_at_once(self):
        second = self.new_equipment("Lift 2")
        action = (self.lift | second).with_user(self.users["engineer"]).action_open_state_wizard()
        wizard = (
            self.env["property.equipment.state.change"]
            .with_user(self.users["engineer"])
            .with_context(**action["context"])
            .create({"state": "standby"})
        )
        wizard.action_apply()
        self.assertEqual((self.lift | second).mapped("state"), ["standby", "standby"])

    def test_a_class_cannot_be_part_of_itself(self):
        child = self.env["property.equipment.class"].create(
            {"name": "Small Lift", "code": "TLS", "parent_id": self.lift_class.id}
        )
        self.assertEqual(child.display_name, "Test Lift / Small Lift")
        self.assertEqual(child._needed_certificates(), self.kind)
        with self.assertRaises(UserError):
            self.lift_class.parent_id = child

    def test_availability_counts_the_hours_it_was_not_faulty(self):
        log, lift = self.env["property.equipment.state.log"], self.new_equipment("Old Lift")
        for moment, state in (
            ("2026-04-01 00:00:00", "in_use"),
            ("2026-04-30 00:00:00", "faulty"),
            ("2026-05-02 00:00:00", "in_use"),
            ("2026-05-31 00:00:00", "scrapped"),
        ):
            log.create({"equipment_id": lift.id, "to_state": state, "at": moment})
        self.env.flush_all()
        rows = self.env["property.equipment.availability"].search(
            [("equipment_id", "=", lift.id), ("month", "<", "2026-06-01")], order="month"
        )
        self.assertEqual(
            rows.mapped(lambda row: (str(row.month), row.hours, row.hours_faulty, row.fault_count)),
            [("2026-04-01", 30 * 24, 24, 1), ("2026-05-01", 30 * 24, 24, 0)],
        )
        [(share,)] = rows._read_group([("id", "in", rows.ids)], [], ["availability:avg"])
        self.assertAlmostEqual(share, 1 - 48 / (60 * 24))

    def test_the_board_takes_the_same_queries_for_many(self):
        for number in range(50):
            equipment = self.new_equipment(f"Many {number}")
            self.new_certificate(number - 10, equipment)
        names = {
            "name": {},
            "state": {},
            "is_usable": {},
            "unusable_reason": {},
            "certificate_standing": {},
            "certificate_expiry_date": {},
            "place_shown": {},
            "class_icon": {},
            "maintenance_open_count": {},
            "plan_count": {},
            "reading_count": {},
        }
        equipment = self.env["maintenance.equipment"].with_user(self.users["manager"])
        counts = []
        for limit in (1, 50):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            rows = equipment.search([("site_id", "=", self.site.id)], limit=limit)
            self.assertEqual(len(rows.web_read(names)), limit)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)
