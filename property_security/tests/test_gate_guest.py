import re
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .gate_common import GateHttpCase


@tagged("post_install", "-at_install")
class TestGateGuest(GateHttpCase):
    def url(self, lane):
        return f"/gate/u/{lane.guest_token}"

    def step(self, response):
        return re.search(r'data-step="(\w+)"', response.text)[1]

    def look(self, lane):
        return self.url_open(self.url(lane))

    def tap(self, lane):
        """Tap the button of the page at a lane, where the camera sees a car without plate."""
        if lane.gate_id.unplated_seconds:
            lane.unplated_at = fields.Datetime.now()
        return self.tap_only(lane)

    def tap_only(self, lane):
        """Tap the button of the page, wherever the phone is."""
        page = self.look(lane).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        data = {"csrf_token": token[1] if token else ""}
        return self.url_open(f"{self.url(lane)}/go", data=data)

    def later(self):
        """Let the pause between two cars be over."""
        passages = self.env["property.parking.passage"].search([("site_id", "=", self.site.id)])
        passages.received_at = fields.Datetime.now() - timedelta(minutes=2)

    def test_a_driver_without_plate_comes_and_leaves_with_his_phone(self):
        self.assertEqual(self.step(self.look(self.lane_in)), "enter")
        entered = self.tap(self.lane_in)
        self.assertEqual(self.step(entered), "opened")
        guest = self.env["property.gate.guest"].search([("area_id", "=", self.area.id)])
        self.assertIn(guest.plate, entered.text)
        self.assertEqual(
            (guest.session_id.state, guest.session_id.category), ("inside", "temporary")
        )
        command = self.env["property.gate.command"].search([("gate_id", "=", self.gate.id)])
        self.assertEqual((command.kind, command.lane_id), ("open", self.lane_in))
        self.assertEqual(self.step(self.look(self.lane_in)), "inside")
        self.assertEqual(self.step(self.look(self.lane_out)), "leave")
        self.later()
        self.assertEqual(self.step(self.tap(self.lane_out)), "left")
        self.assertEqual(guest.session_id.state, "left")
        self.assertEqual(self.step(self.look(self.lane_out)), "unknown_car")

    def test_an_inner_area_knows_the_car_of_the_outer_one(self):
        inner_in, inner_out = self.new_lanes(self.inner)
        self.assertEqual(self.step(self.tap(self.lane_in)), "opened")
        for lane, step in ((inner_in, "opened"), (inner_out, "left"), (self.lane_out, "left")):
            self.assertEqual(self.step(self.tap(lane)), step)
        guest = self.env["property.gate.guest"].search([("site_id", "=", self.site.id)])
        stays = self.env["property.parking.session"].search([("plate", "=", guest.plate)])
        self.assertEqual(stays.area_id, self.area | self.inner)
        self.assertEqual(set(stays.mapped("state")), {"left"})

    def test_another_phone_is_nobody_inside(self):
        self.tap(self.lane_in)
        self.opener.cookies.clear()
        self.assertEqual(self.step(self.look(self.lane_out)), "unknown_car")
        self.opener.cookies.set("gate_guest", "x" * 22)
        self.assertEqual(self.step(self.look(self.lane_out)), "unknown_car")

    def test_whoever_has_to_pay_is_led_to_the_payment_and_stays_inside(self):
        self.tap(self.lane_in)
        need = {"text": "Fee: 5", "url": "/parking/pay", "button": "Pay"}
        sessions = self.env.registry["property.parking.session"]
        with patch.object(sessions, "_exit_requirement", lambda stay: need):
            page = self.look(self.lane_out)
            self.assertEqual(self.step(page), "pay")
            self.assertIn('href="/parking/pay"', page.text)
        guest = self.env["property.gate.guest"].search([("area_id", "=", self.area.id)])
        self.assertEqual(guest.session_id.state, "inside")

    def test_the_next_car_waits_a_moment(self):
        self.tap(self.lane_in)
        self.opener.cookies.pop("gate_guest")
        refused = self.tap(self.lane_in)
        self.assertEqual(refused.status_code, 409)
        self.assertEqual(self.count(), 1)
        self.later()
        self.assertEqual(self.step(self.tap(self.lane_in)), "opened")

    def test_a_phone_far_from_the_barrier_opens_nothing(self):
        self.assertTrue(self.gate.unplated_seconds, "as it is delivered")
        refused = self.tap_only(self.lane_in)
        self.assertEqual((refused.status_code, self.count()), (409, 0))
        self.tell("", message_id="loop")
        self.assertEqual(self.step(self.tap_only(self.lane_in)), "opened")
        self.assertFalse(self.lane_in.unplated_at)

    def guard(self):
        return self.new_staff("guest.guard", self.new_job("guard"), self.site)

    def test_where_no_device_sees_cars_the_guard_lets_each_in_and_out(self):
        self.gate.unplated_seconds = 0
        waiting = self.tap(self.lane_in)
        self.assertEqual(self.step(waiting), "waiting")
        self.assertIn('http-equiv="refresh"', waiting.text)
        self.assertFalse(self.count("property.gate.command"))
        self.assertEqual(self.step(self.look(self.lane_in)), "waiting")
        self.assertNotIn("<form", self.look(self.lane_in).text, "there is nothing to tap again")
        passage = self.env["property.parking.passage"].search([("gate_id", "=", self.gate.id)])
        self.assertEqual((passage.action, passage.reason), ("confirm", "unseen"))
        guard = self.guard()
        passage.with_user(guard).action_confirm()
        self.assertEqual(self.count("property.gate.command"), 1)
        self.assertEqual(self.step(self.look(self.lane_in)), "inside")
        self.later()
        self.assertEqual(self.step(self.tap(self.lane_out)), "waiting")
        out = self.env["property.parking.passage"].search([("lane_id", "=", self.lane_out.id)])
        out.with_user(guard).action_confirm()
        self.assertEqual(self.step(self.look(self.lane_out)), "left")
        guest = self.env["property.gate.guest"].search([("area_id", "=", self.area.id)])
        self.assertEqual(guest.session_id.state, "left")

    def test_whom_the_guard_does_not_let_in_is_not_inside(self):
        self.gate.unplated_seconds = 0
        self.tap(self.lane_in)
        self.later()
        self.assertFalse(self.count("property.parking.session"))
        self.assertEqual(self.step(self.look(self.lane_out)), "unknown_car")

    def test_a_photo_of_the_code_brings_three_cars_to_the_guard_and_no_more(self):
        self.gate.unplated_seconds = 0
        for _car in range(3):
            self.assertEqual(self.step(self.tap(self.lane_in)), "waiting")
            self.opener.cookies.pop("gate_guest")
            self.later()
        refused = self.tap(self.lane_in)
        self.assertEqual((refused.status_code, self.count()), (409, 3))

    def test_where_only_cards_may_enter_the_driver_asks_the_guard(self):
        self.area.is_temporary_allowed = False
        self.assertEqual(self.step(self.tap(self.lane_in)), "refused")
        self.assertFalse(self.count("property.parking.session"))
        self.assertFalse(self.count("property.gate.command"))

    def test_an_unknown_code_says_so(self):
        for token in ("x" * 16, "x", "%00", "a" * 300):
            self.assertEqual(self.url_open(f"/gate/u/{token}").status_code, 404, token)
        self.lane_in.active = False
        self.assertEqual(self.look(self.lane_in).status_code, 404)

    def test_nothing_happens_without_the_form_of_our_own_page(self):
        self.url_open(f"{self.url(self.lane_in)}/go", data={"csrf_token": "wrong"})
        self.assertFalse(self.count())

    def test_the_code_is_printed_as_a_picture(self):
        self.assertTrue(self.lane_in._guest_code().startswith("data:image/"))
        self.assertTrue(self.lane_in._guest_url().endswith(self.url(self.lane_in)))
