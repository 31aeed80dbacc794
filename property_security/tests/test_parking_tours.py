from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import ParkingCommon

ACTION = "/odoo/action-property_security."


@tagged("post_install", "-at_install")
class TestParkingTours(HttpCase, ParkingCommon):
    def staff(self, role):
        return self.new_staff(f"parking.{role}", self.new_job(role), self.site)

    def test_a_manager_makes_a_tariff_and_sees_what_stays_cost(self):
        user = self.staff("manager")
        action = f"{ACTION}property_parking_area_action"
        self.start_tour(action, "property_security_tariff", login=user.login)
        tariff = self.inner.tariff_ids
        self.assertEqual((tariff.name, tariff.cap_period), ("Visitors", 10))

    def test_service_renews_and_stops_a_card(self):
        today = fields.Date.today()
        card = self.new_card(
            self.vehicle, date_from=today - timedelta(days=90), date_to=today - timedelta(days=2)
        )
        user = self.staff("service")
        action = f"{ACTION}property_parking_pass_action"
        self.start_tour(action, "property_security_card", login=user.login)
        self.assertTrue(card.stopped_at)
        self.assertGreater(card.date_to, today)


@tagged("post_install", "-at_install")
class TestGuardTour(HttpCase, ParkingCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_guard_confirms_a_plate_on_the_phone(self):
        passage = self.drive(self.lane_in, "2026-02-02 08:00", "浙A8K88B", confidence=60)
        user = self.new_staff("parking.guard", self.new_job("guard"), self.site)
        action = f"{ACTION}property_parking_passage_action"
        self.start_tour(action, "property_security_confirm", login=user.login)
        self.assertEqual(passage.session_id.vehicle_id, self.vehicle)
