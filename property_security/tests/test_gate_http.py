import base64
import random
import time
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.gate_message import Message
from .gate_common import GateHttpCase
from .test_gate_message import JPEG, malformed


@tagged("post_install", "-at_install")
class TestGateHttp(GateHttpCase):
    def test_a_car_with_a_card_is_let_in_and_a_stay_begins(self):
        self.new_card(self.vehicle, date_to="2099-12-31")
        status, answer = self.tell()
        self.assertEqual((status, answer["decision"], answer["open"]), (200, "open", True))
        passage = self.env["property.parking.passage"].browse(answer["passage"])
        self.assertEqual((passage.gate_id, passage.lane_id), (self.gate, self.lane_in))
        self.assertEqual(passage.session_id.category, "monthly")
        self.assertIn("浙A·8K888", answer["display"])
        command = self.env["property.gate.command"].browse(answer["command"])
        self.assertEqual((command.kind, command.state), ("open", "sent"))

    def test_the_same_message_again_opens_with_the_same_command(self):
        first, again = self.tell()[1], self.tell()[1]
        self.assertEqual(first, again)
        self.assertEqual(self.count(), 1)
        self.assertEqual(self.count("property.gate.command"), 1)

    def test_a_message_that_comes_again_much_later_opens_nothing(self):
        answer = self.tell()[1]
        command = self.env["property.gate.command"].browse(answer["command"])
        command.expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.assertFalse(self.tell()[1]["open"])

    def test_two_gates_may_number_their_messages_alike(self):
        gate = self.env["property.gate"].create({"name": "North", "site_id": self.site.id})
        lane = self.env["property.parking.lane"].create(
            {"name": "North in", "area_id": self.area.id, "gate_id": gate.id}
        )
        self.tell()
        body = {"message_id": "m1", "plate": "浙B22222"}
        response = self.ask("passages", body, gate=gate, secret=gate._make_secret())
        self.assertEqual(response.status_code, 200)
        passage = self.env["property.parking.passage"].search([("lane_id", "=", lane.id)])
        self.assertEqual(passage.plate, "浙B22222")

    def test_an_unsure_plate_waits_until_the_guard_confirms_it(self):
        _status, answer = self.tell("浙A8K88B", confidence=60)
        self.assertEqual((answer["decision"], answer["open"]), ("confirm", False))
        self.assertEqual(self.ask("commands", method="GET").json()["commands"], [])
        passage = self.env["property.parking.passage"].browse(answer["passage"])
        guard = self.new_staff("gate.guard", self.new_job("guard"), self.site)
        passage.with_user(guard).action_confirm("浙A8K888")
        waiting = self.ask("commands", method="GET").json()["commands"]
        self.assertEqual([(c["command"], c["lane"]) for c in waiting], [("open", "1")])
        done = self.ask(f"commands/{waiting[0]['id']}", {"result": "done"})
        self.assertEqual(done.json()["state"], "confirmed")
        self.assertEqual(self.ask("commands", method="GET").json()["commands"], [])

    def test_a_black_listed_car_is_told_nothing_of_the_list(self):
        self.vehicle.write({"access_list": "black", "access_list_reason": "Blocked a hydrant"})
        _status, answer = self.tell()
        self.assertEqual((answer["decision"], answer["open"]), ("refuse", False))
        self.assertNotIn("list", " ".join(answer["display"]).lower())

    def test_an_upload_of_the_past_makes_stays_and_opens_nothing(self):
        rows = [
            {"message_id": 1, "plate": "浙A8K888", "lane": "1", "time": "2026-02-02T08:00:00"},
            {"message_id": 2, "plate": "浙A8K888", "lane": "2", "time": "2026-02-02T10:00:00"},
        ]
        for _time in range(2):  # the second one changes nothing
            answer = self.ask("passages", {"source": "upload", "passages": rows}).json()
            self.assertEqual([result["open"] for result in answer["results"]], [False, False])
        stay = self.env["property.parking.session"].search([("area_id", "=", self.area.id)])
        self.assertEqual((stay.state, stay.minutes, stay.amount), ("left", 120, 10))
        self.assertEqual(self.count(), 2)
        self.assertFalse(self.count("property.gate.command"))

    def test_fifty_passages_take_hardly_more_queries_than_one(self):
        def told(first, count):
            messages = [Message(f"q{n}", f"浙B{n:05d}", "1") for n in range(first, first + count)]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.gate._take_messages(messages)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        told(900, 1)
        one = told(901, 1)
        self.assertLessEqual(told(0, 50), one + 15)

    def test_a_car_without_plate_is_asked_to_scan_the_code(self):
        _status, answer = self.tell("无牌车")
        self.assertEqual((answer["decision"], answer["passage"]), ("code", None))
        self.assertTrue(self.lane_in.unplated_at)
        self.assertFalse(self.count())

    def test_the_picture_is_kept_with_the_passage(self):
        _status, answer = self.tell(image=JPEG)
        passage = self.env["property.parking.passage"].browse(answer["passage"])
        self.assertEqual(base64.b64decode(passage.image)[:3], b"\xff\xd8\xff")

    def test_a_lane_of_another_gate_is_refused(self):
        status, answer = self.tell(lane="9")
        self.assertEqual((status, answer["error"]["code"]), (422, "lane"))
        self.assertFalse(self.count())

    def test_a_door_takes_no_passages(self):
        door = self.env["property.gate"].create(
            {"name": "Door", "kind": "door", "site_id": self.site.id}
        )
        body = {"message_id": "m1", "plate": "浙B22222"}
        response = self.ask("passages", body, gate=door, secret=door._make_secret())
        self.assertEqual((response.status_code, response.json()["error"]["code"]), (422, "kind"))

    def test_a_heartbeat_brings_the_gate_online(self):
        self.assertFalse(self.gate.is_online)
        answer = self.ask("heartbeat").json()
        self.assertAlmostEqual(answer["time"], time.time(), delta=60)
        self.assertTrue(self.gate.is_online)
        self.assertIn(self.gate, self.env["property.gate"].search([("is_online", "=", True)]))

    def test_a_command_of_another_gate_is_not_found(self):
        command = self.env["property.gate.command"]._give(
            self.other_gate, [{"kind": "open", "key": "x"}]
        )
        for number in (command.id, 10**12):
            response = self.ask(f"commands/{number}", {"result": "done"})
            self.assertEqual(response.status_code, 404)
        self.assertEqual(command.state, "queued")

    def test_an_answer_to_a_command_is_done_or_failed(self):
        command = self.env["property.gate.command"]._give(self.gate, [{"kind": "open", "key": "x"}])
        self.assertEqual(self.ask(f"commands/{command.id}", {"result": 1}).status_code, 422)
        said = {"result": "failed", "message": "arm blocked"}
        self.assertEqual(self.ask(f"commands/{command.id}", said).json()["state"], "failed")
        self.assertEqual(command.error, "arm blocked")


@tagged("post_install", "-at_install")
class TestGateSignature(GateHttpCase):
    BODY = {"message_id": "m1", "plate": "浙A8K888", "lane": "1"}

    def refused(self, **changed):
        response = self.ask("passages", self.BODY, **changed)
        self.assertEqual(response.status_code, 401)
        self.assertFalse(self.count(), "nothing is written")
        return response.json()["error"]["code"]

    def test_a_request_without_signature_is_refused(self):
        for name in ("timestamp", "nonce", "signature"):
            with self.subTest(name):
                changed = {"signature": None} if name == "signature" else {}
                headers = {"timestamp": "x", "nonce": "short"}
                changed.update({name: headers[name]} if name in headers else {})
                self.assertEqual(self.refused(**changed), "headers")

    def test_a_wrong_signature_is_refused(self):
        self.assertEqual(self.refused(secret="wrong"), "unknown")
        self.assertEqual(self.refused(signature="f" * 64), "unknown")

    def test_a_changed_body_is_refused(self):
        self.assertEqual(self.refused(sent=b'{"message_id": "m1", "plate": "x"}'), "unknown")

    def test_an_unknown_gate_looks_like_a_wrong_signature(self):
        gate = self.gate.new({"code": "nobody"})
        self.assertEqual(self.refused(gate=gate), "unknown")

    def test_an_archived_gate_is_unknown(self):
        self.gate.active = False
        self.assertEqual(self.refused(), "unknown")

    def test_a_gate_without_secret_takes_nothing(self):
        self.assertEqual(self.refused(gate=self.other_gate, secret=""), "unknown")

    def test_a_request_outside_the_window_is_refused(self):
        for seconds in (-310, 310):
            timestamp = str(int(time.time()) + seconds)
            self.assertEqual(self.refused(timestamp=timestamp), "clock")

    def test_a_replayed_request_is_refused(self):
        again = {"nonce": "once-and-never-again", "timestamp": str(int(time.time()))}
        self.assertEqual(self.ask("passages", self.BODY, **again).status_code, 200)
        response = self.ask("passages", self.BODY, **again)
        self.assertEqual((response.status_code, response.json()["error"]["code"]), (401, "replay"))
        self.assertEqual(self.count(), 1)
        self.assertFalse(self.env["property.parking.passage"].search([]).anomaly_ids)

    def test_the_former_secret_counts_for_a_day(self):
        former, self.secret = self.secret, self.gate._make_secret()
        self.assertEqual(self.ask("heartbeat", secret=former).status_code, 200)
        self.assertEqual(self.ask("heartbeat").status_code, 200)
        self.gate.secret_former_until = fields.Datetime.now() - timedelta(seconds=1)
        self.assertEqual(self.ask("heartbeat", secret=former).status_code, 401)

    def tidy(self):
        with patch.object(self.env.registry["ir.cron"], "_commit_progress"):
            self.env["property.gate.nonce"]._cron_tidy()

    def test_used_nonces_are_forgotten_after_their_window(self):
        self.ask("heartbeat")
        nonces = self.env["property.gate.nonce"]
        mine = [("gate_id", "=", self.gate.id)]
        self.tidy()
        self.assertEqual(nonces.search_count(mine), 1)
        nonces.search(mine).expires_at = fields.Datetime.now() - timedelta(seconds=1)
        nonces.flush_model()
        self.tidy()
        self.assertFalse(nonces.search_count(mine))


@tagged("post_install", "-at_install")
class TestGateFuzz(GateHttpCase):
    def test_malformed_bodies_are_refused_and_write_nothing(self):
        rng = random.Random(11)  # noqa: S311 - no secret
        for _number in range(100):
            body = malformed(rng)
            response = self.ask("passages", body)
            self.assertIn(response.status_code, (200, 400, 422), body[:200])
            if response.status_code != 200:
                self.assertIn("code", response.json()["error"])
        statuses = {self.ask("passages", body).status_code for body in (b"", b"null", b"[]")}
        self.assertEqual(statuses, {400})

    def test_refused_bodies_leave_no_trace(self):
        tables = ("property.parking.passage", "property.gate.command", "property.gate.nonce")
        for body in (b"{", b'{"passages": []}', b'{"message_id": "1", "plate": "\\u0000"}'):
            self.assertIn(self.ask("passages", body).status_code, (400, 422))
        good = {"message_id": "1", "plate": "浙A8K888", "lane": "1"}
        response = self.ask("passages", {"passages": [good, {**good, "lane": "9"}]})
        self.assertEqual(response.json()["error"]["passage"], 1)
        self.assertEqual([self.count(model) for model in tables], [0, 0, 0])

    def test_a_body_over_the_limit_is_refused(self):
        self.assertEqual(self.ask("passages", b" " * 2_000_001).status_code, 413)

    def test_a_form_instead_of_json_is_refused(self):
        response = self.url_open(f"/gate/v1/{self.gate.code}/passages", data={"plate": "浙A8K888"})
        self.assertEqual(response.status_code, 401)

    def test_a_value_that_the_database_refuses_is_no_server_error(self):
        with (
            patch.object(
                type(self.env["property.gate"]),
                "_take_messages",
                lambda gate, _messages: gate.env.cr.execute("SELECT 'x'::int"),
            ),
            mute_logger("odoo.sql_db"),
        ):
            self.assertEqual(self.tell()[0], 422)
