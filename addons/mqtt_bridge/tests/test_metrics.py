"""Last values and history of metrics."""

import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .rules_common import RulesCommon


@tagged("post_install", "-at_install")
class TestMetrics(RulesCommon):
    @property
    def samples(self):
        return self.env["mqtt.sample"].search(
            [("metric_id.subscription_id", "=", self.subscription.id)], order="id"
        )

    def test_each_kind_has_its_last_value_and_numbers_their_history(self):
        self.temperature.write({"factor": 0.1})
        self.measure("door", "$.door", kind="switch")
        self.measure("mode", "$.mode", kind="text")
        self.hear(215, content={"door": "open", "mode": "auto"})
        self.hear(220, seconds=5, content={"door": "closed", "mode": "by hand"})
        device = self.messages.device_id
        self.assertEqual(device.value_ids.mapped("shown"), ["22 °C", "off", "by hand"])
        self.assertEqual(self.samples.mapped("number"), [21.5, 1, 22, 0])
        self.assertIn("Temperature 22 °C", device.values_shown)

    def test_a_value_never_goes_back_in_the_time_of_the_device(self):
        now = int(self.at.timestamp())
        self.hear(20, content={"ts": now})
        self.hear(10, seconds=1, content={"ts": now - 60})
        value = self.messages.device_id.value_ids
        self.assertEqual((value.number, value.moment), (20, self.at))
        self.assertEqual(len(self.samples), 2)
        rows = [{"id": f"m{n}", "t": n, "ts": now + n} for n in (3, 9, 5)]
        self.store(*(self.delivery(row) for row in rows))
        self.env.invalidate_all()
        self.assertEqual(self.messages.device_id.value_ids.number, 9)

    def test_what_is_no_value_of_its_kind_is_left_and_hinders_nothing(self):
        kinds = [self.hear(value) for value in ("hot", True, None, [1], "7")]
        self.assertEqual(kinds, [["stored"]] * 5)
        self.assertEqual(self.samples.mapped("number"), [7])

    def test_a_metric_without_history_has_only_its_last_value(self):
        self.temperature.has_history = False
        self.hear(20)
        self.assertFalse(self.samples)
        self.assertEqual(self.messages.device_id.value_ids.number, 20)

    def test_the_chart_tells_the_hours_of_the_afternoon_from_those_of_the_morning(self):
        day = fields.Datetime.to_datetime("2026-03-02")
        device = self.env["mqtt.device"].create(
            {"name": "X", "code": "X", "broker_id": self.broker.id}
        )
        for hour in (1, 13):
            self.env.cr.execute(
                "INSERT INTO mqtt_history (moment, device_id, metric_id, number)"
                " VALUES (%s, %s, %s, %s)",
                [day + timedelta(hours=hour), device.id, self.temperature.id, hour],
            )
        groups = self.samples.formatted_read_group(
            [("device_id", "=", device.id)], ["moment:hour"], ["number:avg"]
        )
        labels = [group["moment:hour"][1] for group in groups]
        self.assertEqual(len(set(labels)), 2)
        self.assertTrue(any(label.startswith("13:00") for label in labels), labels)

    def test_months_past_are_dropped_and_others_find_their_place(self):
        samples = self.env["mqtt.sample"]
        now = int(self.at.timestamp())
        for days in (0, 40, 500):
            self.hear(days, content={"ts": now - days * 86400})
        samples._cron_purge()
        self.assertEqual(sorted(self.samples.mapped("number")), [0, 40])
        self.env["ir.config_parameter"].set_param("mqtt_bridge.metric_days", "10")
        samples._cron_purge()
        self.assertEqual(self.samples.mapped("number"), [0])

    def test_a_metric_is_named_so_that_conditions_can_name_it(self):
        for values in ({"code": "a b"}, {"code": "温度"}, {"path": "$temperature"}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.measure(**{"code": "x", "path": "$.x", **values})

    def test_what_a_message_says_is_read_once_by_a_path_also_from_the_topic(self):
        self.measure("place", "topic:2", kind="text")
        self.hear(20)
        self.assertIn("LF-01", self.messages.device_id.value_ids.mapped("text"))

    def test_hidden_characters_in_what_a_rule_keeps_do_not_hinder(self):
        self.rule("payload.t > 80", message="{payload.s}", effect="alarm", duration=10)
        self.rule("payload.t > 80", message="{payload.s}", action_server_ids=self.action("A").ids)
        kinds = self.hear(85, content={"s": "a\0b\ud800"})
        self.assertEqual(kinds, ["stored"])
        self.assertIn("a\\0b", self.alarms.title)
        self.assertEqual(json.loads(self.events.payload)["s"], "a\0b\ud800")
        self.sweep(11)
        self.assertEqual(len(self.alarms), 2)
