import base64
import io
import json
from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger
from PIL import Image

from .gate_common import GateHttpCase


@tagged("post_install", "-at_install")
class TestGateField(GateHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guard = cls.new_staff("field.guard", cls.new_job("guard"), cls.site)
        cls.engineer = cls.new_staff("field.engineer", cls.new_job("engineer"), cls.site)

    def phone(self, path, body=None, login="field.guard"):
        """Ask as a phone does.

        :return: (status, answer)
        """
        self.authenticate(login, login)
        options = {}
        if body is not None:
            options = {
                "data": json.dumps(body),
                "headers": {"Content-Type": "application/json"},
            }
        with mute_logger("odoo.http"):
            response = self.url_open(path, **options)
        self.env.invalidate_all()
        return response.status_code, response.json()

    def unsure(self):
        self.tell("浙A8K88B", confidence=60)
        return self.env["property.parking.passage"].search([("plate", "=", "浙A8K88B")], limit=1)

    def test_the_guard_sees_who_waits_and_lets_him_in(self):
        passage = self.unsure()
        _status, now = self.phone("/field/gates")
        self.assertEqual([one["id"] for one in now["waiting"]], [passage.id])
        self.assertEqual(now["waiting"][0]["candidates"], ["浙A8K888"])
        body = {"passage": passage.id, "plate": "浙A8K888"}
        status, now = self.phone("/field/gates/confirm", body)
        self.assertEqual((status, now["waiting"]), (200, []))
        self.assertEqual(passage.confirmed_uid, self.guard)
        self.assertEqual(passage.command_ids.mapped("kind"), ["open"])
        self.assertEqual(self.phone("/field/gates/confirm", body)[0], 422, "decided already")

    def test_the_guard_opens_a_gate_with_a_reason(self):
        body = {
            "gate": self.gate.id,
            "lane": self.lane_in.id,
            "kind": "emergency",
            "reason": "Ambulance",
            "plate": "浙A12345",
        }
        self.assertEqual(self.phone("/field/gates/open", body)[0], 200)
        opening = self.env["property.gate.opening"].search([("gate_id", "=", self.gate.id)])
        self.assertEqual((opening.user_id, opening.passage_id.plate), (self.guard, "浙A12345"))
        self.assertFalse(opening.photo)

    def test_the_guard_s_photo_is_kept_with_the_opening_for_the_days_of_pictures(self):
        stream = io.BytesIO()
        Image.new("RGB", (40, 30), "red").save(stream, "JPEG")
        photo = base64.b64encode(stream.getvalue()).decode()
        body = {"gate": self.gate.id, "lane": self.lane_in.id, "kind": "other", "reason": "x"}
        self.assertEqual(self.phone("/field/gates/open", {**body, "photo": photo})[0], 200)
        opening = self.env["property.gate.opening"].search([("gate_id", "=", self.gate.id)])
        self.assertTrue(opening.photo)
        self.company.gate_image_days = 30
        passages = self.env["property.parking.passage"]
        passages._remove_opening_photos(self.company)
        self.assertTrue(opening.photo)
        opening.at -= timedelta(days=31)
        passages._remove_opening_photos(self.company)
        self.assertFalse(opening.photo)

    def test_the_list_shows_the_picture_of_the_car_that_waits(self):
        stream = io.BytesIO()
        Image.new("RGB", (40, 30), "red").save(stream, "JPEG")
        self.tell("浙A8K88B", confidence=60, image=base64.b64encode(stream.getvalue()).decode())
        [waiting] = self.phone("/field/gates")[1]["waiting"]
        picture = self.url_open(waiting["image"])
        self.assertEqual(picture.headers["Content-Type"], "image/jpeg")

    def test_wrong_wishes_are_refused_and_open_nothing(self):
        passage = self.unsure()
        good = {"gate": self.gate.id, "lane": self.lane_in.id, "kind": "other", "reason": "x"}
        for path, body, status in (
            ("open", {}, 404),
            ("open", {**good, "gate": self.other_gate.id}, 404),
            ("open", {**good, "gate": "1"}, 404),
            ("open", {**good, "lane": 10**8}, 404),
            ("open", {**good, "lane": None}, 422),
            ("open", {**good, "reason": " "}, 422),
            ("open", {**good, "reason": []}, 422),
            ("open", {**good, "reason": "x" * 201}, 422),
            ("open", {**good, "kind": "because"}, 422),
            ("open", {**good, "plate": "a\0b"}, 400),
            ("open", {**good, "photo": "AAAA"}, 422),
            ("open", {**good, "photo": {"a": 1}}, 422),
            ("confirm", {"passage": passage.id}, 422),
            ("confirm", {"passage": True, "plate": "x"}, 404),
            ("confirm", {"passage": passage.id, "plate": {}}, 422),
        ):
            with self.subTest(path, body=body):
                answered, answer = self.phone(f"/field/gates/{path}", body)
                self.assertEqual(answered, status)
                self.assertTrue(answer["error"])
        self.assertFalse(self.count("property.gate.opening"))
        self.assertFalse(self.count("property.gate.command"))
        self.assertEqual(passage.action, "confirm")

    def test_a_car_at_a_foreign_gate_is_not_confirmed(self):
        lane, _out = self.new_lanes(self.other_area)
        foreign = self.drive(lane, "2026-02-02 08:00", "浙B11111", confidence=10)
        body = {"passage": foreign.id, "plate": "浙B11111"}
        self.assertEqual(self.phone("/field/gates/confirm", body)[0], 404)

    def test_only_guards_look_after_gates(self):
        for path, body in (("", None), ("/open", {}), ("/confirm", {})):
            self.assertEqual(self.phone(f"/field/gates{path}", body, "field.engineer")[0], 403)
        screens = (
            self.env["field.app"].with_user(self.engineer)._field_screens(self.engineer.employee_id)
        )
        self.assertNotIn("gates", [screen["key"] for screen in screens])

    def test_the_phone_keeps_gates_and_reasons_and_no_money(self):
        data = (
            self.env["property.gate.field"]
            .with_user(self.guard)
            ._field_data(self.guard.employee_id)
        )
        self.assertEqual([gate["name"] for gate in data["gates"]], [self.gate.name])
        self.assertIn("emergency", [reason["key"] for reason in data["reasons"]])
        self.assertNotIn("amount", json.dumps(self.env["property.gate.field"]._now()))
