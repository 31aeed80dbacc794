import hashlib
import json

from freezegun import freeze_time
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.inspection_round.tests.field_common import JPEG, Phone

from .common import LeasingStaffCommon


@tagged("post_install", "-at_install")
class TestMoveoutField(LeasingStaffCommon, HttpCase):
    """The inspection of a move-out on an engineer's phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-10-05"):
            cls.lease, cls.far_lease = (
                cls.sign(cls.new_lease(unit, date_to="2026-12-31"))
                for unit in (cls.shop, cls.far_shop)
            )
            cls.meter = cls.env["property.meter"].create(
                {
                    "code": "W9",
                    "unit_id": cls.shop.id,
                    "kind": "cold_water",
                    "install_date": "2026-06-30",
                }
            )
            cls.moveout, cls.far_moveout = cls.env["property.lease.moveout"].create(
                [{"lease_id": cls.lease.id}, {"lease_id": cls.far_lease.id}]
            )
        cls.user = cls.users["engineer"]
        cls.phone = Phone()
        cls.env["field.device"].with_user(cls.user)._enrol(
            cls.user.employee_id.with_user(cls.user), cls.phone.uuid, cls.phone.public_key, "Test"
        )

    def setUp(self):
        super().setUp()
        self.authenticate("staff.engineer", "staff.engineer")

    def ask(self, path, body=None):
        options = {}
        if body is not None:
            options["data"] = json.dumps(body).encode()
            options["headers"] = {"Content-Type": "application/json"}
        with mute_logger("odoo.http", "odoo.sql_db"):
            answer = self.url_open(path, **options)
        self.env.invalidate_all()
        return answer

    def payload(self, **changes):
        checks = [
            {"id": row.id, "result": "ok", "note": "", "files": []}
            for row in self.moveout.check_ids
        ]
        meters = [{"id": row.id, "value": 12.5} for row in self.moveout.reading_ids]
        return {"moveout": self.moveout.id, "checks": checks, "meters": meters, **changes}

    def test_the_phone_keeps_the_move_outs_of_the_own_sites_without_money(self):
        data = self.ask("/field/data").json()["data"]["moveouts"]
        self.assertEqual([one["id"] for one in data["moveouts"]], [self.moveout.id])
        (one,) = data["moveouts"]
        self.assertEqual(len(one["checks"]), len(self.moveout.check_ids))
        self.assertEqual([meter["code"] for meter in one["meters"]], ["W9"])
        self.assertNotIn("amount", json.dumps(one))
        self.assertNotRegex(json.dumps(one), r"3,?000\.")

    def test_guards_have_no_such_screen(self):
        self.authenticate("staff.guard", "staff.guard")
        self.assertNotIn("moveouts", self.ask("/field/data").json()["data"])

    def test_an_inspection_with_photos_arrives_once(self):
        payload = self.payload()
        name = hashlib.sha256(JPEG).hexdigest()
        payload["checks"][0].update(result="damaged", note="Hole in the wall", files=[name])
        body = self.phone.body(payload, [JPEG])
        answer = self.ask("/field/sync/moveout", body)
        self.assertEqual(answer.status_code, 200, answer.text)
        check = self.moveout.check_ids[0]
        self.assertEqual((check.result, check.note), ("damaged", "Hole in the wall"))
        self.assertEqual(check.attachment_ids.raw, JPEG)
        self.assertEqual(check.checked_by_id, self.user)
        self.assertEqual(self.moveout.step, "inspected")
        self.assertEqual(self.moveout.inspected_by_id, self.user)
        self.assertEqual(self.moveout.reading_ids.value, 12.5)
        self.assertEqual(self.ask("/field/sync/moveout", body).json()["status"], "repeated")
        self.assertFalse(self.ask("/field/data").json()["data"]["moveouts"]["moveouts"])

    def test_what_is_wrong_is_refused_and_changes_nothing(self):
        first = self.moveout.check_ids[0]
        for changes in (
            {"moveout": self.far_moveout.id},
            {"moveout": "x"},
            {"moveout": None},
            {"checks": "x"},
            {"checks": [{"id": first.id, "result": "fine"}]},
            {"checks": [{"id": first.id, "result": "ok", "note": 5}]},
            {"checks": []},
            {"meters": [{"id": self.moveout.reading_ids.id, "value": -1}]},
            {"meters": [{"id": self.moveout.reading_ids.id, "value": True}]},
            {"meters": [{"id": self.moveout.reading_ids.id, "value": "12"}]},
        ):
            with self.subTest(changes):
                body = self.phone.body(self.payload(**changes))
                answer = self.ask("/field/sync/moveout", body)
                self.assertEqual(answer.status_code, 422, answer.text)
                self.assertTrue(answer.json()["error"])
                self.assertEqual(self.moveout.step, "planned")
                self.assertFalse(self.moveout.check_ids.filtered("result"))
