import json
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.mqtt_bridge.tests.event_common import EventCommon
from odoo.addons.property_security.tests.gate_common import GateCommon
from odoo.addons.property_security.tests.visitor_common import VisitorCommon, iso


@tagged("post_install", "-at_install")
class TestGateMqtt(EventCommon, GateCommon):
    """A gate behind the broker: passages come as events, commands go into the outbox."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runner.group_ids = cls.env.ref("base.group_user") | cls.env.ref(
            "mqtt_bridge.group_reader"
        )
        cls.action = cls.env.ref("property_iot_security.action_take_gate_message")
        cls.gate.write({"driver": "mqtt", "device_id": cls.device.id})

    def tell(self, **value):
        """Let the device publish, and run the action with the rights of the broker's user."""
        event = self.event(self.action, device_id=self.device.id, payload=json.dumps(value))
        event.with_user(self.runner)._take_gate_message()
        self.env.invalidate_all()

    def drive_up(self, **value):
        self.tell(**{"message_id": "m1", "plate": "浙A8K888", "lane": "1", **value})

    @property
    def outbox(self):
        commands = self.env["mqtt.command"].search([("device_id", "=", self.device.id)], order="id")
        return [json.loads(command.payload) for command in commands]

    def test_a_passage_makes_a_stay_and_the_barrier_is_told_to_open(self):
        self.drive_up()
        passage = self.env["property.parking.passage"].search([("gate_id", "=", self.gate.id)])
        self.assertEqual((passage.plate, passage.session_id.state), ("浙A8K888", "inside"))
        self.assertEqual([one["command"] for one in self.outbox], ["open", "display"])
        self.assertEqual(self.outbox[0]["lane"], "1")
        self.assertEqual(set(self.gate.command_ids.mapped("state")), {"sent"})

    def test_the_same_message_again_changes_nothing(self):
        for _time in range(3):
            self.drive_up()
        self.assertEqual(self.count(), 1)
        self.assertEqual(len(self.outbox), 2)

    def test_the_device_confirms_the_command(self):
        self.drive_up()
        command = self.gate.command_ids.filtered(lambda one: one.kind == "open")
        self.tell(gate_command=command.id, result="done")
        self.assertEqual(command.state, "confirmed")

    def test_a_confirmed_plate_opens_through_the_outbox(self):
        self.drive_up(plate="浙A8K88B", confidence=60)
        self.assertEqual([one["command"] for one in self.outbox], ["display"])
        guard = self.new_staff("mqtt.guard", self.new_job("guard"), self.site)
        passage = self.env["property.parking.passage"].search([("gate_id", "=", self.gate.id)])
        passage.with_user(guard).action_confirm("浙A8K888")
        self.assertEqual(self.outbox[-1]["command"], "open")

    def test_what_cannot_be_taken_is_an_event_that_says_why(self):
        for value in (
            {"plate": "浙A8K888"},
            {"message_id": 1, "plate": "浙A8K888", "lane": "9"},
            {"gate_command": 1, "result": "done"},
            {"gate_command": "x"},
        ):
            with self.subTest(value), self.assertRaises(UserError):
                self.tell(**value)
        self.gate.device_id = False
        with self.assertRaisesRegex(UserError, "which gate"):
            self.drive_up()
        self.assertFalse(self.count())

    def test_a_device_that_is_not_accepted_gets_nothing(self):
        self.device.state = "rejected"
        command = self.env["property.gate.command"]._give(self.gate, [{"kind": "open", "key": "x"}])
        self.assertEqual(command.state, "failed")
        self.assertFalse(self.outbox)


@tagged("post_install", "-at_install")
class TestDoorMqtt(EventCommon, VisitorCommon):
    """A door behind the broker lets visitors in by their codes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runner.group_ids = cls.env.ref("base.group_user") | cls.env.ref(
            "mqtt_bridge.group_reader"
        )
        cls.action = cls.env.ref("property_iot_security.action_take_gate_message")
        cls.door = cls.env["property.gate"].create(
            {
                "name": "Door",
                "kind": "door",
                "site_id": cls.site.id,
                "is_for_visitors": True,
                "driver": "mqtt",
                "device_id": cls.device.id,
            }
        )

    def scan(self, **value):
        """Let the door publish what it scanned, with the rights of the broker's user."""
        value = {"message_id": "d1", "token": self.one._qr_text(), **value}
        event = self.event(self.action, device_id=self.device.id, payload=json.dumps(value))
        event.with_user(self.runner)._take_gate_message()
        self.env.invalidate_all()

    @property
    def outbox(self):
        commands = self.env["mqtt.command"].search([("device_id", "=", self.device.id)], order="id")
        return [json.loads(command.payload)["command"] for command in commands]

    def test_a_valid_code_opens_once_however_often_the_message_comes(self):
        for _time in range(2):
            self.scan()
        self.assertEqual(self.outbox, ["open", "display"])
        self.assertEqual((self.one.use_count, self.one.visit_ids.method), (1, "door"))

    def test_a_code_that_does_not_count_is_told_so_and_opens_nothing(self):
        self.one.action_revoke()
        self.scan()
        self.assertEqual(self.outbox, ["display"])
        self.assertFalse(self.one.visit_ids)

    def test_what_the_broker_kept_for_an_hour_opens_nothing(self):
        self.scan(time=iso(self.now - timedelta(minutes=60)))
        self.assertFalse(self.outbox)

    def test_what_a_door_did_while_it_was_offline_is_recorded_and_opens_nothing(self):
        then = iso(self.now - timedelta(minutes=30))
        self.scan(source="upload", opened=True, time=then)
        self.assertFalse(self.outbox)
        self.assertEqual(self.one.use_count, 1)

    def test_a_message_without_code_is_an_event_that_says_why(self):
        with self.assertRaisesRegex(UserError, "token"):
            self.scan(token=None)
