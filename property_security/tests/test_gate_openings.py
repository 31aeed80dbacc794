from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import utc
from .gate_common import GateCommon


@tagged("post_install", "-at_install")
class TestGateOpenings(GateCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guard = cls.new_staff("gate.guard", cls.new_job("guard"), cls.site)
        cls.manager = cls.new_staff("gate.manager", cls.new_job("manager"), cls.site)

    def open(self, lane=None, plate=None, reason="Ambulance 120", user=None, **values):
        openings = self.env["property.gate.opening"].with_user(user or self.guard)
        gate = values.pop("gate", self.gate).with_user(user or self.guard)
        lane = (self.lane_in if lane is None else lane).with_user(user or self.guard)
        return openings._open(gate, lane, values.get("kind", "emergency"), reason, plate)

    def test_a_guard_opens_with_a_reason_and_the_gate_gets_the_command(self):
        opening = self.open()
        self.assertEqual((opening.user_id, opening.command_state), (self.guard, "queued"))
        command = opening.command_id
        self.assertEqual((command.kind, command.lane_id), ("open", self.lane_in))
        self.assertEqual(command.user_id, self.guard)
        self.assertIn("Ambulance 120", command.reason)
        self.assertFalse(opening.passage_id)

    def test_a_plate_makes_a_passage_by_hand_and_a_stay(self):
        opening = self.open(plate="浙a 12345")
        passage = opening.passage_id
        self.assertEqual((passage.plate, passage.source), ("浙A12345", "manual"))
        self.assertEqual(passage.session_id.state, "inside")

    def test_who_was_let_in_by_hand_is_inside_also_when_listed(self):
        self.vehicle.write({"access_list": "black", "access_list_reason": "Blocked a hydrant"})
        self.assertTrue(self.open(plate=self.vehicle.plate).passage_id.session_id)

    def test_nobody_opens_without_a_reason(self):
        for reason in ("", "  "):
            with self.assertRaises(UserError):
                self.open(reason=reason)
        with self.assertRaises(UserError):
            self.open(kind="because")

    def test_the_lane_has_to_be_one_of_the_gate(self):
        foreign, _out = self.new_lanes(self.inner)
        for lane in (foreign, self.env["property.parking.lane"]):
            with self.assertRaises(UserError):
                self.open(lane=lane)

    def test_a_gate_of_a_foreign_site_does_not_open(self):
        with self.assertRaises(AccessError):
            self.open(gate=self.other_gate)

    def test_a_cashier_opens_nothing(self):
        cashier = self.new_staff("gate.cashier", self.new_job("cashier"), self.site)
        with self.assertRaises(AccessError):
            self.open(user=cashier)

    def test_the_lanes_camera_takes_a_picture_of_every_opening(self):
        camera = self.env["property.camera"].create(
            {
                "name": "Lane",
                "site_id": self.site.id,
                "host": "192.168.1.64",
                "snapshot_url": "http://192.168.1.64/picture",
            }
        )
        self.lane_in.camera_id = camera
        opening = self.open()
        self.assertEqual(opening.command_state, "queued")
        self.assertEqual(opening.snapshot_ids.camera_id, camera)
        self.assertEqual(opening.snapshot_ids.state, "queued")

    def test_the_wizard_proposes_the_only_lane(self):
        self.lane_out.gate_id = False
        wizards = self.env["property.gate.open"].with_user(self.guard)
        with Form(wizards.with_context(default_gate_id=self.gate.id)) as form:
            form.reason_kind, form.reason = "delivery", "Removal van"
        form.record.action_open()
        opening = self.env["property.gate.opening"].search([("gate_id", "=", self.gate.id)])
        self.assertEqual((opening.lane_id, opening.reason), (self.lane_in, "Removal van"))

    def test_a_command_that_nobody_fetched_expires(self):
        with freeze_time(utc("2026-02-02 08:00")):
            opening = self.open()
        with freeze_time(utc("2026-02-02 08:01")):
            commands = self.env["property.gate.command"]
            self.assertFalse(commands._due(self.gate))
            commands._expire()
        self.assertEqual(opening.command_state, "expired")

    def report(self, now):
        with (
            freeze_time(utc(now)),
            patch.object(self.env.registry["ir.cron"], "_commit_progress", lambda *_a, **_k: 60),
        ):
            self.env["property.gate.day"]._cron_report()
        return self.env["property.gate.day"].search([("site_id", "=", self.site.id)])

    def test_the_managers_are_told_once_what_was_opened_the_day_before(self):
        with freeze_time(utc("2026-02-02 23:30")):
            self.open()
            self.open(kind="delivery", reason="Removal van")
        with freeze_time(utc("2026-02-03 00:30")):  # UTC still has the day before
            self.open()
        day = self.report("2026-02-03 01:00")
        self.assertEqual((day.date, day.opening_count), (date(2026, 2, 2), 2))
        self.assertEqual(day.operator_count, 1)
        self.assertIn("gate.guard", day.text)
        told = day.message_ids.filtered(lambda message: "2" in (message.subject or ""))
        self.assertEqual(told.notified_partner_ids, self.manager.partner_id)
        self.assertEqual(self.report("2026-02-03 02:00"), day)
        self.assertEqual(day.action_view_openings()["domain"][0][2], self.openings(day).ids)

    def openings(self, day):
        return self.env["property.gate.day"]._openings(day.site_id, day.date)

    def test_a_job_that_was_down_catches_up(self):
        self.report("2026-02-03 01:00")
        with freeze_time(utc("2026-02-04 12:00")):
            self.open()
        days = self.report("2026-02-06 09:00")
        self.assertEqual(
            [(str(day.date), day.opening_count) for day in days.sorted("date")],
            [("2026-02-02", 0), ("2026-02-03", 0), ("2026-02-04", 1), ("2026-02-05", 0)],
        )
        self.assertEqual(len(days.filtered("sent_at")), 1)
