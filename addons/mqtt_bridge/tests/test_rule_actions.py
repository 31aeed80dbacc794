"""From a message to what its rule's server action does: the whole way, without a network."""

from odoo.tests import tagged

from .event_common import EventCommon


@tagged("post_install", "-at_install")
class TestRuleActions(EventCommon):
    def setUp(self):
        super().setUp()
        self.act_in_test()
        self.env["mqtt.metric"].create(
            {
                "name": "Temperature",
                "code": "temperature",
                "path": "$.t",
                "subscription_id": self.subscription.id,
            }
        )
        parts = "'%s %s %s %s' % (event.kind, alarm.state, rule.name, payload['t'])"
        code = f"env['res.partner'].create({{'name': {parts}}})"
        told, over = (self.action(code, name=name) for name in ("Told", "Over"))
        self.env["mqtt.rule"].create(
            {
                "name": "Hot",
                "broker_id": self.broker.id,
                "subscription_id": self.subscription.id,
                "condition": "metrics.temperature > 80",
                "action_server_ids": told.ids,
                "clear_action_server_ids": over.ids,
            }
        )

    def work(self):
        """Let the process of actions run what is due."""
        self.env.flush_all()
        bridge = self.actions_of(self.broker)
        while bridge._work():
            pass
        self.env.invalidate_all()

    def test_an_alarm_and_its_end_run_their_actions_once_each_with_the_records(self):
        hot, cold = self.delivery({"id": 1, "t": 91}), self.delivery({"id": 2, "t": 20})
        self.store(hot, hot, cold)
        self.work()
        events = self.env["mqtt.event"].search([("broker_id", "=", self.broker.id)], order="id")
        self.assertEqual(events.mapped("state"), ["done", "done"])
        self.assertEqual(events.mapped("error"), [False, False])
        self.assertEqual(len(self.partners("raised cleared Hot 91")), 1)
        self.assertEqual(len(self.partners("cleared cleared Hot 20")), 1)
        self.store(hot)
        self.work()
        self.assertEqual(len(self.partners("raised cleared Hot 91")), 1)
