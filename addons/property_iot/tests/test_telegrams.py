"""The way in which meters report, and the rule that listens for it."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import IotCommon


@tagged("post_install", "-at_install")
class TestTelegrams(IotCommon):
    def test_a_rule_listens_for_it_from_the_first_moment(self):
        rule = self.telegram.rule_id
        self.assertEqual((rule.condition, rule.effect), ("has(metrics.v)", "each"))
        self.assertEqual(rule.oldest_minutes, 0)
        self.assertEqual(
            rule.sudo().action_server_ids, self.env.ref("property_iot.action_take_reading")
        )

    def test_the_rule_follows_its_changes(self):
        self.telegram.write(
            {
                "metric_id": False,
                "list_path": "$.data['the list'][0]",
                "address_path": "$.a",
                "reading_path": "$.v",
                "pause_minutes": 5,
            }
        )
        rule = self.telegram.rule_id
        self.assertEqual(rule.condition, "has(payload.data['the list'][0])")
        self.assertEqual(rule.cooldown, 300)
        self.telegram.active = False
        self.assertFalse(rule.active)
        self.telegram.unlink()
        self.assertFalse(rule.exists())

    def test_a_pause_leaves_out_what_comes_in_between(self):
        self.telegram.pause_minutes = 10
        self.connect()
        self.tell(20, "2026-10-31 10:00:00")
        self.tell(21, "2026-10-31 10:01:00")
        self.assertEqual(len(self.events), 1)

    def test_a_director_sets_it_up_who_may_not_choose_actions(self):
        director = self.users["director"]
        telegram = self.telegram.with_user(director).create(
            {
                "name": "Electricity",
                "subscription_id": self.subscription.id,
                "reading_path": "$.e",
                "kind": "electricity",
                "unit": "wh",
            }
        )
        self.assertEqual((telegram.factor, telegram.rule_id.condition), (0.001, "has(payload.e)"))
        with self.assertRaises(AccessError):
            telegram.rule_id.read(["action_server_ids"])
        with self.assertRaises(AccessError):
            self.telegram.with_user(self.users["manager"]).name = "Mine"

    def test_a_device_that_is_two_meters_is_read_in_two_ways(self):
        other = self.telegram.create(
            {
                "name": "Heat",
                "subscription_id": self.subscription.id,
                "reading_path": "$.h",
                "kind": "heat",
                "unit": "gj",
            }
        )
        heat = self.env["property.meter"].create(
            {"code": "H1", "unit_id": self.unit.id, "kind": "heat", "device_id": self.device.id}
        )
        self.assertEqual(heat.telegram_id, other)
        self.connect()
        self.tell(20, "2026-10-31 10:00:00", h=2)
        self.assertEqual((self.meter.telegram_value, heat.telegram_value), (20, 555.556))
        self.assertEqual(self.device.meter_count, 2)
        self.assertEqual(self.device.site_id, self.site)

    def test_places_that_are_none_are_refused(self):
        for values in (
            {"metric_id": False},
            {"reading_path": "$.v"},
            {"metric_id": False, "reading_path": "the v"},
            {"metric_id": False, "reading_path": "$.v", "list_path": "$.l"},
            {"metric_id": False, "reading_path": "$.v", "address_path": "$.a", "pause_minutes": 5},
            {"address_path": "$.a"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.telegram.write(values)

    def test_the_list_of_meters_costs_as_much_for_fifty_as_for_one(self):
        meters = self.env["property.meter"].create(
            [
                {
                    "code": f"Q{number}",
                    "unit_id": self.unit_2.id,
                    "kind": "cold_water",
                    "device_id": self.new_device(f"Q{number}").id,
                    "telegram_id": self.telegram.id,
                }
                for number in range(50)
            ]
        )
        names = ["live_value", "live_at", "device_status", "device_alarm_count"]
        meters[:1].read(names)  # what is read once
        counts = []
        for some in (meters[:1], meters):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.read(names)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)
