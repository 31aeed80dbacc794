"""What phones hand in, and what they are given: below HTTP, which the field app tests."""

import hashlib
import json
import uuid
from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from ..tools.field_error import FieldRefused
from ..tools.field_payload import Sent
from .common import NOW, InspectionCommon

PHOTO = b"\x89PNG\r\n\x1a\nphoto"


@tagged("post_install", "-at_install")
class TestHandingIn(InspectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pump.item_ids = [
            Command.create(
                {"name": "Pressure", "item_type": "number", "has_high": True, "limit_high": 6}
            )
        ]
        cls.round = cls.new_round()

    def setUp(self):
        super().setUp()
        self.addCleanup(self.clock.move_to, NOW)

    def hand_in(self, payload, role="inspector", files=None, minutes=0, model="checkin"):
        """Hand in a payload as somebody, some minutes after NOW.

        :return: (record, answer)
        """
        values = {"round": self.round.id, "method": "qr", "code": self.gate.code, **payload}
        at, text = NOW + timedelta(minutes=minutes), json.dumps(values)
        self.clock.move_to(at)
        sent = Sent(str(uuid.uuid4()), text, values, files or {}, at, at, text)
        as_user = self.env(user=self.users[role])
        entry = as_user["field.entry"]._append(
            sent, self.people[role].with_env(as_user), "accepted", handler=model
        )
        taker = as_user[f"inspection.{model}"]
        return taker._field_take(entry, values, files or {})

    def assert_refused(self, status, payload, **values):
        count = self.env["inspection.checkin"].search_count([])
        with self.assertRaises(FieldRefused) as refused:
            self.hand_in(payload, **values)
        self.assertEqual(refused.exception.status, status)
        self.assertTrue(refused.exception.message)
        self.assertEqual(self.env["inspection.checkin"].search_count([]), count)
        self.assertFalse(self.round.started_at)

    def test_a_scanned_label_finds_its_checkpoint(self):
        checkin, answer = self.hand_in({"code": f"https://x.example/field/?c={self.gate.code}"})
        self.assertEqual((checkin.checkpoint_id, checkin.state), (self.gate, "valid"))
        self.assertEqual(answer["flags"], [])
        self.assertEqual(answer["round"]["valid"], 1)
        self.assertEqual(answer["round"]["state"], "running")

    def test_a_tag_finds_its_checkpoint(self):
        self.roof.nfc_uid = "04A2"
        checkin, _answer = self.hand_in({"code": None, "nfc": "04:a2", "method": "nfc"})
        self.assertEqual((checkin.checkpoint_id, checkin.state), (self.roof, "valid"))

    def test_answers_and_photos_arrive_with_it(self):
        digest = hashlib.sha256(PHOTO).hexdigest()
        item = self.pump.item_ids
        checkin, answer = self.hand_in(
            {
                "checkpoint": self.pump.id,
                "code": self.pump.code,
                "lat": 31.2,
                "lon": 121.4,
                "accuracy": 12,
                "results": [{"item": item.id, "value": "7.5", "note": "!", "files": [digest]}],
            },
            files={digest: PHOTO},
        )
        self.assertEqual((checkin.result_ids.number, checkin.abnormal_count), (7.5, 1))
        self.assertEqual(checkin.photo_ids.result_id, checkin.result_ids)
        self.assertEqual(checkin.photo_ids.sha256, digest)
        self.assertEqual((checkin.has_fix, checkin.accuracy), (True, 12.0))
        self.assertEqual(answer["round"]["required"], 3)

    def test_flags_are_told_to_the_phone_in_words(self):
        _checkin, answer = self.hand_in({"method": "manual", "checkpoint": self.gate.id})
        self.assertEqual((answer["flags"], answer["flag_names"]), (["weak_method"], ["By Hand"]))

    def test_what_makes_no_sense_is_refused_and_changes_nothing(self):
        item = self.pump.item_ids
        for payload in (
            {"round": "1"},
            {"method": "magic"},
            {"lat": 91, "lon": 0},
            {"lat": 31},
            {"note": "x" * 3000},
            {"results": [{"item": item.id, "value": 1}]},
            {"checkpoint": self.pump.id, "results": [{"item": item.id, "value": "many"}]},
            {"checkpoint": self.pump.id, "results": [{"item": 0, "value": 1}]},
            {"results": "all"},
            {"files": ["x"]},
            {"code": "UNKNOWN"},
            {"code": None},
            {"checkpoint": self.new_route("Other").checkpoint_ids[0].id},
        ):
            with self.subTest(payload):
                self.assert_refused(422, payload)

    def test_a_round_of_somebody_else_or_of_nobody_is_refused(self):
        self.round.employee_ids = self.other
        self.assert_refused(404, {})
        self.assert_refused(404, {"round": 2**30})
        self.assert_refused(403, {}, role="planner")

    def test_a_round_begins_and_ends_as_the_phone_says(self):
        step = {"action": "start", "round": self.round.id}
        self.hand_in(step, model="round", minutes=3)
        self.assertEqual(self.round.started_at, NOW + timedelta(minutes=3))
        _one, answer = self.hand_in(
            {**step, "action": "finish", "unsent": 2, "note": "Rain"}, model="round", minutes=30
        )
        self.assertEqual(answer["round"]["state"], "done")
        self.assertEqual(self.round.finished_at, NOW + timedelta(minutes=30))
        self.assertEqual((self.round.unsent_count, self.round.note), (2, "Rain"))
        self.check(self.round, self.gate, 20)
        self.assertEqual((self.round.valid_count, self.round.state), (1, "done"))

    def test_a_step_that_makes_no_sense_is_refused(self):
        for values in ({"action": "fly"}, {"action": "finish", "unsent": -1}):
            with self.subTest(values):
                self.assert_refused(422, values, model="round")

    def test_a_phone_is_given_the_rounds_of_its_employee_and_no_others(self):
        theirs = self.new_round(employee_ids=[Command.set(self.other.ids)])
        later = self.new_round(NOW + timedelta(days=3))
        self.check(self.round, self.gate, 2)
        rounds = self.env["inspection.round"].with_user(self.users["inspector"])
        data = rounds._field_data(self.inspector)["rounds"]
        ids = [one["id"] for one in data]
        self.assertIn(self.round.id, ids)
        self.assertNotIn(theirs.id, ids)
        self.assertNotIn(later.id, ids)
        [mine] = [one for one in data if one["id"] == self.round.id]
        self.assertEqual(mine["planned_at"], "2026-03-02T08:00:00Z")
        self.assertEqual(
            [one["name"] for one in mine["checkpoints"]], ["Gate", "Pump room", "Roof"]
        )
        self.assertEqual(mine["checkpoints"][0]["checked_at"], "2026-03-02T08:02:00Z")
        self.assertIsNone(mine["checkpoints"][1]["checked_at"])
        self.assertEqual(mine["checkpoints"][1]["items"][0]["high"], 6.0)

    def test_fifty_rounds_are_given_in_as_many_queries_as_two(self):
        rounds = self.env["inspection.round"].with_user(self.users["inspector"])
        counts = []
        for number in (1, 1, 48):  # the first fills caches
            for minutes in range(number):
                self.check(self.new_round(NOW + timedelta(minutes=minutes)), self.gate, minutes)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rounds._field_data(self.inspector)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
