"""What operators do with commands and events, in a browser."""

from odoo.tests import HttpCase, tagged

from .event_common import EventCommon


@tagged("post_install", "-at_install")
class TestRoleTours(HttpCase, EventCommon):
    def setUp(self):
        super().setUp()
        self.operator = self.user("mqtt_tour_operator", "group_operator")

    def test_an_operator_sends_a_command_and_takes_it_back(self):
        self.device.name = "Gate"
        url = f"/odoo/action-mqtt_bridge.mqtt_device_action/{self.device.id}"
        self.start_tour(url, "mqtt_bridge_send_command", login=self.operator.login)
        command = self.env["mqtt.command"].search([("device_id", "=", self.device.id)])
        self.assertEqual((command.state, command.create_uid), ("cancelled", self.operator))
        self.assertEqual(command.cancel_user_id, self.operator)

    def test_an_operator_runs_a_failed_event_again(self):
        event = self.event(self.action("pass"))
        event.write({"state": "dead", "tries": 5, "fault": "error", "error": "ZeroDivisionError"})
        url = "/odoo/action-mqtt_bridge.mqtt_event_action"
        self.start_tour(url, "mqtt_bridge_replay_event", login=self.operator.login)
        self.assertEqual((event.state, event.tries, event.replays), ("waiting", 0, 1))
