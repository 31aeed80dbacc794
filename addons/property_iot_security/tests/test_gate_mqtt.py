import json

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.mqtt_bridge.tests.event_common import EventCommon
from odoo.addons.property_security.tests.gate_common import GateCommon


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
