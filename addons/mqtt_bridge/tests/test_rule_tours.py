"""The story of a rule, in a browser."""

import json

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from ..bridge.inbox import Inbox
from ..tools.reading import Delivery


@tagged("post_install", "-at_install")
class TestTours(HttpCase):
    def hear(self, temperature):
        """Store a message as the bridge does."""
        self.env.flush_all()
        payload = json.dumps({"id": temperature, "t": temperature}).encode()
        delivery = Delivery("tour/LF-01", payload, fields.Datetime.now())
        box = Inbox(self.broker.id, self.broker.subscription_ids._sources())
        [item] = box.store(self.env.cr, [delivery])
        self.assertEqual(item.outcome, "stored")
        self.env.invalidate_all()

    def test_a_rule_is_made_a_message_comes_and_its_alarm_is_acknowledged(self):
        self.broker = self.env["mqtt.broker"].create({"name": "Tour roof", "code": "tour"})
        subscription = self.env["mqtt.subscription"].create(
            {
                "name": "Tour lifts",
                "broker_id": self.broker.id,
                "topic": "tour/+",
                "unknown_device": "register",
                "message_id_path": "$.id",
            }
        )
        self.env["mqtt.metric"].create(
            {"name": "T", "code": "t", "path": "$.t", "subscription_id": subscription.id}
        )
        manager = new_test_user(
            self.env, "tour_manager", groups="mqtt_bridge.group_manager", lang="en_US"
        )
        operator = new_test_user(
            self.env, "tour_operator", groups="mqtt_bridge.group_operator", lang="en_US"
        )
        self.hear(90)
        self.start_tour("/odoo", "mqtt_rule_made", login=manager.login)
        rule = self.env["mqtt.rule"].search([("broker_id", "=", self.broker.id)])
        self.assertEqual((rule.name, rule.create_uid), ("Motor too hot", manager))
        self.assertFalse(rule.alarm_ids)
        self.hear(85)
        self.assertEqual(rule.alarm_ids.stage, "open")
        self.start_tour("/odoo", "mqtt_alarm_acknowledged", login=operator.login)
        self.assertEqual(rule.alarm_ids.acknowledged_by_id, operator)
        self.hear(60)
        self.assertEqual(rule.alarm_ids.stage, "done")
