"""A guard's phone at the gates: who waits, opening by hand, and what is said without a network."""

import base64

from odoo.tests import tagged

from odoo.addons.property_security.tests.gate_common import GateCommon

from .field_case import FieldAppCase
from .field_phone import photo


@tagged("post_install", "-at_install")
class TestFieldGates(FieldAppCase, GateCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guard = cls.new_staff("phone.guard", cls.new_job("guard"), cls.site)
        cls.guard.lang = "en_US"

    def wait_at(self, lane, plate, number):
        """Let a camera read a plate badly, with a picture.

        :return: the passage
        """
        read = {
            "key": f"wait-{number}",
            "plate": plate,
            "confidence": 60,
            "gate_id": self.gate.id,
            "image": base64.b64encode(photo(number)),
        }
        return self.env["property.parking.passage"]._take(lane, [read])

    def enter_gates(self):
        phone = self.enter_phone(user=self.guard)
        phone.page.click("[data-tab=gates]")
        return phone

    def test_the_guard_picks_the_expected_plate_and_the_barrier_is_told_to_open(self):
        passage = self.wait_at(self.lane_in, "浙A8K88B", 1)
        phone = self.enter_gates()
        card = phone.page.locator(f"[data-passage='{passage.id}']")
        card.locator("img").wait_for()
        self.assertTrue(card.locator("img").evaluate("image => image.complete || image.decode()"))
        card.locator("[data-plate='浙A8K888']").click()
        phone.page.wait_for_selector(".f-toast:has-text('may pass')")
        phone.page.wait_for_selector(".f-empty:has-text('No car is waiting')")
        phone.page.click("[data-part=recent]")
        phone.page.wait_for_selector(".f-card:has-text('浙A·8K888')")
        with self.alone():
            self.assertEqual((passage.plate, passage.confirmed_uid), ("浙A8K888", self.guard))
            self.assertEqual(passage.command_ids.mapped("kind"), ["open"])
        self.assertEqual(phone.errors, [])

    def test_a_plate_that_may_not_pass_is_not_said_to_pass(self):
        self.vehicle.write({"access_list": "black", "access_list_reason": "Hit the barrier"})
        passage = self.wait_at(self.lane_in, "浙A8K88B", 4)
        phone = self.enter_gates()
        phone.page.click(f"[data-passage='{passage.id}'] [data-plate='浙A8K888']")
        phone.page.wait_for_selector(
            ".f-toast:has-text('浙A·8K888 may not pass: On the black list')"
        )
        with self.alone():
            self.assertEqual((passage.action, len(passage.command_ids)), ("refuse", 0))
        self.assertEqual(phone.errors, [])

    def test_a_car_on_its_way_out_is_let_out(self):
        self.env["property.parking.passage"]._take(
            self.lane_in, [{"key": "came", "plate": "浙A8K888"}]
        )
        self.wait_at(self.lane_out, "浙A8K88B", 5)
        phone = self.enter_gates()
        phone.page.wait_for_selector("[data-action=confirm]:has-text('Let out')")

    def test_the_guard_opens_by_hand_with_a_reason_and_a_photo(self):
        phone = self.enter_gates()
        page = phone.page
        page.click("[data-part=open]")
        page.click(f"[data-gate='{self.gate.id}']")
        page.click(f"[data-lane='{self.lane_in.id}']")
        page.click("[data-action=open]")
        page.wait_for_selector(".f-toast:has-text('Say why')")
        page.select_option("select[name=kind]", "emergency")
        page.fill("input[name=reason]", "Ambulance for building 3")
        page.fill("input[name=plate]", "浙A12345")
        page.locator("input[type=file]").set_input_files(
            {"name": "car.jpg", "mimeType": "image/jpeg", "buffer": photo("ambulance")}
        )
        page.locator(".f-photo img").wait_for()
        page.click("[data-action=open]")
        page.wait_for_selector(".f-toast:has-text('South barrier opens')")
        with self.alone():
            opening = self.env["property.gate.opening"].search([("gate_id", "=", self.gate.id)])
            self.assertEqual(
                (opening.user_id, opening.lane_id, opening.reason_kind, opening.plate),
                (self.guard, self.lane_in, "emergency", "浙A12345"),
            )
            self.assertEqual(base64.b64decode(opening.photo)[:3], b"\xff\xd8\xff")
            self.assertEqual(opening.command_id.kind, "open")
        self.assertEqual(phone.errors, [])

    def test_what_the_server_refuses_is_said_in_words(self):
        passage = self.wait_at(self.lane_in, "浙A8K88B", 1)
        phone = self.enter_gates()
        card = phone.page.locator(f"[data-passage='{passage.id}']")
        card.wait_for()
        with self.alone():  # a colleague at the desk was faster
            passage.with_user(self.guard).action_confirm("浙A8K888")
        card.locator("[data-action=confirm]").click()
        phone.page.wait_for_selector(".f-toast:has-text('decided already')")
        self.assertEqual(phone.errors, [])

    def test_without_a_network_nothing_is_opened_later(self):
        passage = self.wait_at(self.lane_in, "浙A8K88B", 1)
        phone = self.enter_gates()
        card = phone.page.locator(f"[data-passage='{passage.id}']")
        card.wait_for()
        phone.cut_off()
        card.locator("[data-plate='浙A8K888']").click()
        phone.page.wait_for_selector(".f-toast:has-text('open the gate on the spot')")
        phone.page.wait_for_selector(".f-card-bad:has-text('No network')")
        self.assertEqual(phone.unsent(), 0)
        phone.connect()
        phone.page.wait_for_selector(".f-card-bad", state="detached")
        with self.alone():
            self.assertEqual(passage.action, "confirm")
            self.assertFalse(passage.command_ids)
        self.assertEqual(phone.errors, [])
