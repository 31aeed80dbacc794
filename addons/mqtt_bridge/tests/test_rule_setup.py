"""Rules before they work: what is refused, and what they would have done."""

from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .rules_common import RulesCommon


@tagged("post_install", "-at_install")
class TestRuleSetup(RulesCommon):
    def test_bad_rules_are_refused_with_a_word_on_what_to_do(self):
        bad = (
            {"condition": " "},
            {"condition": "payload.t >"},
            {"condition": "payload.__class__ == 1"},
            {"condition": "payload.t ** 99 > 1"},
            {"condition": "os.x == 1"},
            {"condition": "metrics.pressure > 1"},
            {"clear_condition": "last.pressure > 1"},
            {"message": "{device.}"},
            {"message": "{}"},
            {"device_domain": "[('secret', '=', 'x')]"},
            {"device_domain": "oops"},
            {"effect": "each", "duration": 5},
            {"is_reminding": True},
            {"condition": "payload.t" + " + 1" * 400},
        )
        for values in bad:
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.rule(**values)
        other = self.env["mqtt.broker"].create({"name": "Other", "code": "other"})
        with self.assertRaises(ValidationError):
            self.rule(broker_id=other.id)

    def test_a_rule_is_tried_on_the_last_messages_without_a_trace(self):
        rule = self.rule(duration=60, message="{metrics.temperature} degrees")
        rule.active = False
        for second, temperature in ((0, 85), (30, 70), (40, 85), (200, 60), (210, None)):
            self.hear(temperature, seconds=second)
        rule.active = True
        action = rule.action_try()
        trial = self.env["mqtt.rule.trial"].browse(action["res_id"])
        lines = trial.line_ids.sorted("id", reverse=True)
        self.assertEqual(lines.mapped("verdict"), ["yes", "no", "yes", "time", "no", "unknown"])
        effects = ["pending", False, "pending", "begun", "ended", False]
        self.assertEqual(lines.mapped("effect"), effects)
        self.assertEqual(lines[3].moment, self.at + timedelta(seconds=100))
        self.assertEqual(lines[3].text, "85 degrees")
        self.assertIn("5 messages", trial.summary)
        self.assertFalse(self.alarms)
        self.assertFalse(rule.state_ids)

    def test_a_rule_is_tried_on_a_message_that_somebody_writes(self):
        rule = self.rule()
        trial = self.env["mqtt.rule.trial"].create(
            {"rule_id": rule.id, "source": "written", "payload": '{"id": 1, "t": 81}'}
        )
        trial.action_run()
        self.assertEqual(trial.line_ids.mapped("effect"), ["begun"])
        trial.payload = "{"
        trial.action_run()
        self.assertEqual(trial.line_ids.verdict, "unreadable")
