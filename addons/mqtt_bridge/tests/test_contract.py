"""What other code may rely on: the fields of the contract alone make a bridge that works."""

import json
import time

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..bridge.inbox import Inbox, now
from ..tools.reading import Delivery
from .event_common import ActionsMixin


@tagged("post_install", "-at_install")
class TestContract(ActionsMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        self.broker = self.env["mqtt.broker"].create(
            {
                "code": "hall",
                "host": "127.0.0.1",
                "port": 1884,
                "client_id": "hall-odoo",
                "tls": False,
                "username": "odoo",
            }
        )
        self.subscription = self.env["mqtt.subscription"].create(
            {
                "broker_id": self.broker.id,
                "topic": "hall/+/up",
                "qos": 1,
                "decoder": "json",
                "device_path": "dev",
                "message_id_path": "id",
                "timestamp_path": "$.ts",
                "unknown_device": "register",
            }
        )
        action = self.env["ir.actions.server"].create(
            {
                "name": "Remember",
                "usage": "mqtt",
                "model_id": self.env["ir.model"]._get_id("mqtt.alarm"),
                "state": "code",
                "code": "alarm.message_post(body='%s at %s' % (payload['t'], device.code))",
            }
        )
        self.rule = self.env["mqtt.rule"].create(
            {
                "subscription_id": self.subscription.id,
                "condition": "payload['t'] > 80",
                "clear_condition": "payload['t'] < 70",
                "action_server_ids": [(6, 0, action.ids)],
            }
        )

    def hear(self, *temperatures):
        inbox = Inbox(self.broker.id, self.subscription._sources())
        deliveries = [
            Delivery(
                "hall/L1/up",
                json.dumps(
                    {"dev": "L1", "id": f"m{temperature}", "ts": time.time(), "t": temperature}
                ).encode(),
                now(),
            )
            for temperature in temperatures
        ]
        self.env.flush_all()
        inbox.store(self.env.cr, deliveries)
        self.env.invalidate_all()

    def test_names_follow_from_what_is_given(self):
        self.assertEqual(self.broker.name, "hall")
        self.assertEqual((self.subscription.name, self.subscription.qos), ("hall/+/up", "1"))
        self.assertEqual(self.rule.name, "payload['t'] > 80")
        self.assertEqual(self.rule.broker_id, self.broker)

    def test_a_message_raises_an_alarm_whose_action_runs_as_a_user_of_few_rights(self):
        self.hear(60, 85, 75, 85)
        counters = ("received", "stored", "duplicate", "dead", "queued")
        self.assertEqual([self.subscription[name] for name in counters], [4, 3, 1, 0, 0])
        alarm = self.rule.alarm_ids
        self.assertEqual((alarm.state, alarm.device_id.code), ("active", "L1"))
        self.run_actions()
        self.assertEqual(self.env["mqtt.event"].search([]).mapped("state"), ["done"])
        note = alarm.message_ids.filtered(lambda message: "85 at L1" in message.body)
        user = self.env.ref("mqtt_bridge.user_actions")
        self.assertEqual(note.author_id, user.partner_id)
        self.assertFalse(user.has_group("base.group_system"))
        self.hear(65)
        self.assertEqual(alarm.state, "cleared")

    def run_actions(self):
        self.act_in_test()
        bridge = self.actions_of(self.broker)
        while bridge._work():
            pass
        self.env.invalidate_all()

    def test_a_broker_without_a_user_says_so(self):
        self.broker.user_id = False
        with self.assertRaises(UserError):
            self.broker._runner()
