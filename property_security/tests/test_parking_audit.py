"""Whatever decides what a car pays is in the audit log, whoever writes it by whatever way."""

from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from .common import ParkingCommon


@tagged("post_install", "-at_install")
class TestParkingAudit(ParkingCommon, TransactionCase):
    def setUp(self):
        super().setUp()
        self.env.flush_all()
        self.known = self.entries()

    def entries(self):
        return self.env["property.audit"].search([("event", "=", "money")])

    def logged(self):
        """Return the one entry that came since the last look."""
        new = self.entries() - self.known
        self.known |= new
        self.assertEqual(len(new), 1)
        return new

    def test_a_rate_written_alone_is_told_as_a_change_of_its_tariff(self):
        line = self.tariff.line_ids
        line.block_price = 6
        entry = self.logged()
        self.assertEqual((entry.model, entry.res_id), (self.tariff._name, self.tariff.id))
        self.assertIn("5", entry.before["line_ids"])
        self.assertIn("6", entry.after["line_ids"])
        self.assertEqual(entry.site_id, self.site)

    def test_a_rate_added_or_removed_alone_is_told(self):
        line = self.env["property.parking.tariff.line"].create(
            {"name": "night", "tariff_id": self.tariff.id, "block_price": 1, "sequence": 1}
        )
        entry = self.logged()
        self.assertNotIn("night", entry.before["line_ids"])
        self.assertIn("night", entry.after["line_ids"])
        line.unlink()
        entry = self.logged()
        self.assertIn("night", entry.before["line_ids"])
        self.assertNotIn("night", entry.after["line_ids"])

    def test_a_rate_added_by_a_default_of_the_context_is_told(self):
        self.env["property.parking.tariff.line"].with_context(
            default_tariff_id=self.tariff.id
        ).create({"name": "night", "block_price": 1})
        self.assertNotIn("night", self.logged().before["line_ids"])

    def test_a_rate_moved_to_another_tariff_is_told_of_both(self):
        other = self.new_tariff(self.inner)
        self.logged()
        self.tariff.line_ids.copy({"tariff_id": self.tariff.id, "name": "spare"})
        self.logged()
        self.tariff.line_ids.filtered(lambda line: line.name == "spare").tariff_id = other
        new = self.entries() - self.known
        self.assertEqual(set(new.mapped("res_id")), {self.tariff.id, other.id})

    def test_a_tariff_with_its_rates_is_told_once(self):
        tariff = self.new_tariff(self.inner)
        entry = self.logged()
        self.assertFalse(entry.before)
        self.assertIn("all day", entry.after["line_ids"])
        tariff.write(
            {"cap_day": 12.5, "line_ids": [Command.update(tariff.line_ids.id, {"cap": 8})]}
        )
        entry = self.logged()
        self.assertEqual((entry.before["cap_day"], entry.after["cap_day"]), ("0", "12.5"))
        self.assertIn("<= 8", entry.after["line_ids"])
        tariff.unlink()
        entry = self.logged()
        self.assertIn("<= 8", entry.before["line_ids"])
        self.assertFalse(entry.after)

    def test_what_changes_nothing_is_not_told(self):
        self.tariff.line_ids.block_price = 5
        self.tariff.note = "Board renewed"
        self.assertEqual(self.entries(), self.known)

    def test_no_context_hides_a_change(self):
        self.tariff.line_ids.with_context(
            tracking_disable=True, mail_notrack=True, install_mode=True, property_audit_log=True
        ).block_price = 9
        self.logged()

    def test_a_change_refused_in_the_middle_leaves_the_next_one_told(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.tariff.line_ids = [Command.update(self.tariff.line_ids.id, {"block_minutes": -1})]
            self.env.flush_all()
        self.tariff.line_ids.block_price = 7
        self.assertIn("7", self.entries()[0].after["line_ids"])

    def test_holidays_are_told(self):
        day = self.env["property.parking.holiday"].create({"name": "Fair", "date": "2031-05-06"})
        self.assertEqual(self.logged().after["date"], "2031-05-06")
        day.kind = "workday"
        entry = self.logged()
        self.assertEqual((entry.before["kind"], entry.after["kind"]), ("holiday", "workday"))
        day.unlink()
        self.assertFalse(self.logged().after)

    def test_what_an_area_says_of_prices_is_told(self):
        self.area.write({"tariff_change": "moment", "pass_grace_days": 9})
        entry = self.logged()
        self.assertEqual(
            (entry.before["tariff_change"], entry.after["pass_grace_days"]), ("entry", 9)
        )
        self.area.sequence = 3
        self.assertEqual(self.entries(), self.known)

    def test_what_a_coupon_is_worth_is_told(self):
        coupon = self.env["property.parking.coupon"].create({"site_id": self.site.id})
        self.assertEqual(self.logged().after["minutes"], 60)
        coupon.minutes = 600
        entry = self.logged()
        self.assertEqual((entry.before["minutes"], entry.after["minutes"]), (60, 600))
        coupon.action_void()
        self.assertTrue(self.logged().after["is_void"])
        coupon.unlink()
        self.assertFalse(self.logged().after)

    def test_cards_are_told_without_plates_and_names(self):
        vehicle = self.new_vehicle("浙A7K555")
        card = self.new_card(vehicle, partner_id=self.owner.id)
        entry = self.logged()
        self.assertEqual(entry.after["date_to"], "2026-12-31")
        card.date_to = "2028-12-31"
        self.logged()
        card.action_renew()
        entry = self.logged()
        self.assertEqual(entry.before["date_to"], "2028-12-31")
        self.assertEqual(entry.res_name, f"#{card.id}")
        text = str((self.entries() - self.env["property.audit"]).read(["before", "after"]))
        self.assertNotIn("7K555", text)
        self.assertNotIn(self.owner.name, text)

    def test_a_card_given_from_the_side_of_the_car_is_told(self):
        card = self.new_card(self.new_vehicle("浙A7K555"))
        self.logged()
        other = self.new_vehicle("浙A7K556")
        other.pass_ids = [Command.link(card.id)]
        entry = self.logged()
        self.assertEqual((entry.model, entry.res_id), ("property.vehicle", other.id))

    def test_lists_and_classes_of_cars_are_told(self):
        vehicle = self.new_vehicle("浙A7K555")
        self.assertEqual(self.entries(), self.known)
        vehicle.write({"access_list": "white", "access_list_reason": "Doctor"})
        entry = self.logged()
        self.assertEqual(
            (entry.before["access_list"], entry.after["access_list"]), (False, "white")
        )
        self.assertEqual(entry.res_name, f"#{vehicle.id}")
        vehicle.vehicle_class = "motorcycle"
        self.logged()
        listed = self.new_vehicle("浙A7K556", access_list="black", access_list_reason="Debt")
        self.assertEqual(self.logged().after["access_list"], "black")
        listed.unlink()
        self.logged()
