"""Rules over messages that come in: what they raise, end, and leave alone."""

import json
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..bridge.inbox import Inbox
from .rules_common import RulesCommon


@tagged("post_install", "-at_install")
class TestRules(RulesCommon):
    def test_a_message_raises_an_alarm_and_another_one_ends_it(self):
        rule = self.rule(message="{device.name}: {metrics.temperature} °C")
        self.hear(85.5)
        alarm = self.alarms
        self.assertEqual((alarm.state, alarm.severity, alarm.count), ("active", "major", 1))
        self.assertEqual(alarm.title, "LF-01: 85.5 °C")
        self.assertEqual(alarm.value, "Temperature = 85.5 °C")
        self.assertEqual(alarm.rule_id, rule)
        self.assertEqual(alarm.message_id, self.messages.id)
        self.hear(90, seconds=10)
        self.assertEqual((self.alarms.count, self.alarms.title), (2, "LF-01: 90 °C"))
        self.assertEqual(self.alarms.last_at, self.at + timedelta(seconds=10))
        self.hear(70, seconds=20)
        self.assertEqual(self.alarms.state, "cleared")
        self.assertEqual(self.alarms.cleared_at, self.at + timedelta(seconds=20))
        self.hear(85, seconds=30)
        self.assertEqual(self.alarms.mapped("state"), ["cleared", "active"])

    def test_many_messages_of_one_batch_are_taken_in_their_order(self):
        self.rule()
        numbers = [85, 86, 70, 88, 60, 90]
        self.store(*(self.delivery({"id": n, "t": t}) for n, t in enumerate(numbers)))
        self.assertEqual(self.alarms.mapped("state"), ["cleared", "cleared", "active"])
        self.assertEqual(self.alarms.mapped("count"), [2, 1, 1])
        self.assertEqual(self.alarms[-1].value, "Temperature = 90 °C")

    def test_between_two_thresholds_an_alarm_stays_what_it_is(self):
        self.rule(clear_condition="metrics.temperature < 70")
        self.hear(75)
        self.assertFalse(self.alarms)
        self.hear(81, seconds=1)
        self.hear(75, seconds=2)
        self.assertEqual(self.alarms.state, "active")
        self.hear(69, seconds=3)
        self.assertEqual(self.alarms.state, "cleared")
        self.hear(75, seconds=4)
        self.assertEqual(len(self.alarms), 1)

    def test_a_condition_has_to_hold_for_its_duration(self):
        self.rule(duration=300)
        self.hear(85)
        self.hear(85, seconds=299)
        self.assertFalse(self.alarms)
        self.hear(85, seconds=300)
        self.assertEqual(self.alarms.state, "active")

    def test_a_condition_that_stops_begins_its_duration_anew(self):
        self.rule(duration=300)
        self.hear(85)
        self.hear(70, seconds=200)
        self.hear(85, seconds=250)
        self.hear(85, seconds=400)
        self.sweep(549)
        self.assertFalse(self.alarms)
        self.sweep(550)
        self.assertEqual(self.alarms.state, "active")

    def test_a_duration_ends_also_when_no_message_comes_and_after_a_restart(self):
        rule = self.rule(duration=300, action_server_ids=self.action("Order").ids)
        self.hear(85)
        self.assertEqual(rule.state_ids.phase, "pending")
        self.assertEqual(rule.state_ids.due_at, self.at + timedelta(seconds=300))
        self.sweep(299)
        self.assertFalse(self.alarms)
        # each sweep is done by a judge that knows nothing of before: as after a restart
        self.sweep(301)
        alarm = self.alarms
        self.assertEqual(alarm.first_at, self.at + timedelta(seconds=301))
        self.assertEqual(alarm.value, "Temperature = 85 °C")
        self.assertEqual(alarm.message_id, self.messages.id)
        self.assertEqual(json.loads(self.events.payload)["t"], 85)
        self.sweep(302)
        self.assertEqual((len(self.alarms), alarm.count), (1, 1))
        self.hear(70, seconds=310)
        self.assertEqual(alarm.state, "cleared")

    def test_the_time_between_messages_is_the_devices_own(self):
        self.rule(duration=300)
        first = int(self.at.timestamp())
        late = {"seconds": 240, "content": {"ts": first - 240}}
        self.hear(85, **late)
        self.assertFalse(self.alarms)
        self.hear(85, seconds=241, content={"ts": first + 60})
        self.assertEqual(self.alarms.state, "active")

    def test_as_many_messages_in_a_row_as_wanted_have_to_match(self):
        self.rule(repeats=3)
        for second, temperature in enumerate([85, 85, 70, 85, 85]):
            self.hear(temperature, seconds=second)
        self.assertFalse(self.alarms)
        self.hear(85, seconds=10)
        self.assertEqual(len(self.alarms), 1)

    def test_within_the_cooldown_nothing_begins_and_after_it_what_still_holds_does(self):
        self.rule(cooldown=600)
        self.hear(85)
        self.hear(70, seconds=10)
        self.hear(85, seconds=20)
        self.assertEqual(self.alarms.mapped("state"), ["cleared"])
        self.sweep(599)
        self.assertEqual(len(self.alarms), 1)
        self.sweep(600)
        self.assertEqual(self.alarms.mapped("state"), ["cleared", "active"])

    def test_a_reminder_comes_after_each_cooldown_while_it_lasts(self):
        self.rule(cooldown=60, is_reminding=True, action_server_ids=self.action("Call").ids)
        self.hear(85)
        self.hear(85, seconds=30)
        self.assertEqual(self.events.mapped("kind"), ["raised"])
        self.hear(85, seconds=61)
        self.assertEqual(self.events.mapped("kind"), ["raised", "updated"])
        self.sweep(121)
        self.assertEqual(self.events.mapped("kind"), ["raised", "updated", "updated"])
        self.hear(70, seconds=122)
        self.sweep(500)
        self.assertEqual(len(self.events), 3)

    def test_outside_its_hours_a_rule_waits(self):
        start = (self.at + timedelta(hours=1)).hour
        rule = self.rule(
            has_window=True, window_tz="UTC", window_start=start, window_end=(start + 1) % 24
        )
        self.hear(85)
        self.assertFalse(self.alarms)
        opening = rule.state_ids.due_at
        self.assertEqual((opening.hour, opening.minute), (start, 0))
        self.sweep((opening - self.at).total_seconds())
        self.assertEqual(self.alarms.state, "active")

    def test_what_a_device_kept_while_offline_raises_nothing_and_may_end_an_alarm(self):
        self.rule(oldest_minutes=15)
        now = int(self.at.timestamp())
        self.hear(95, content={"ts": now - 1000})
        self.assertFalse(self.alarms)
        self.hear(85, seconds=10, content={"ts": now})
        self.assertEqual(len(self.alarms), 1)
        self.hear(70, seconds=4000, content={"ts": now + 10})
        self.assertEqual(self.alarms.state, "cleared")

    def test_a_message_overtaken_by_a_newer_one_begins_nothing(self):
        self.rule()
        now = int(self.at.timestamp())
        self.hear(70, content={"ts": now})
        self.hear(85, seconds=1, content={"ts": now - 30})
        self.assertFalse(self.alarms)
        old, new = ({"id": f"b{ts}", "t": t, "ts": ts} for t, ts in ((99, now - 20), (70, now + 1)))
        self.store(self.delivery(new), self.delivery(old))
        self.assertFalse(self.alarms)
        self.hear(85, seconds=2, content={"ts": now + 2})
        self.assertEqual(len(self.alarms), 1)

    def test_a_retained_message_is_a_state_and_raises_nothing(self):
        self.rule()
        self.hear(85, is_retained=True)
        self.assertFalse(self.alarms)
        device = self.messages.device_id
        self.assertEqual(device.value_ids.number, 85)
        self.assertFalse(self.env["mqtt.sample"].search([("device_id", "=", device.id)]))

    def test_a_message_without_the_field_says_nothing_and_is_counted(self):
        rule = self.rule("payload.t > 80", duration=60)
        self.hear(85)
        self.hear(None, seconds=30)
        self.hear("hot", seconds=40)
        self.assertEqual((rule.matched, rule.failed), (1, 2))
        self.assertIn("TypeError", rule.last_error)
        self.hear(85, seconds=61)
        self.assertEqual(len(self.alarms), 1)
        self.assertEqual(len(self.messages), 4)
        rule.action_forget_counts()
        self.assertEqual((rule.matched, rule.failed), (0, 0))

    def test_duplicates_dead_letters_and_devices_in_quarantine_are_not_judged(self):
        self.rule()
        one = self.delivery({"id": 1, "t": 85})
        self.store(one, one, self.delivery(b"{"))
        self.assertEqual(self.alarms.count, 1)
        self.subscription.unknown_device = "quarantine"
        self.hear(85, topic="up/NEW")
        self.assertEqual(len(self.alarms), 1)

    def test_a_dead_letter_that_is_stored_again_is_judged_by_its_age(self):
        self.rule(oldest_minutes=15)
        self.subscription.unknown_device = "reject"
        self.store(self.delivery({"id": 1, "t": 85}), self.delivery({"id": 2, "t": 86}, seconds=1))
        self.letters[0].received_at -= timedelta(hours=2)
        self.subscription.unknown_device = "register"
        self.letters.sorted("received_at")[0].action_replay()
        self.assertFalse(self.alarms)
        self.letters.filtered(lambda letter: letter.state == "open").action_replay()
        self.assertEqual(len(self.alarms), 1)

    def test_a_rule_is_about_the_devices_that_it_names(self):
        self.rule(device_domain="[('code', '=like', 'LF-%')]")
        self.hear(85, topic="up/PUMP")
        self.assertFalse(self.alarms)
        self.hear(85)
        self.assertEqual(self.alarms.device_id.code, "LF-01")

    def test_a_rule_sees_the_value_before(self):
        self.rule("metrics.temperature - last.temperature > 10 and since.temperature < 120")
        self.hear(20)
        self.hear(25, seconds=60)
        self.assertFalse(self.alarms)
        self.hear(36, seconds=120)
        self.assertEqual(len(self.alarms), 1)
        rows = [self.delivery({"id": f"x{n}", "t": t}, "up/P") for n, t in enumerate((1, 2, 20))]
        self.store(*rows)
        self.assertEqual(len(self.alarms), 2)

    def test_actions_are_queued_each_in_an_event_in_their_order(self):
        first, second, last = (self.action(name) for name in ("First", "Second", "Last"))
        first.sequence, second.sequence = 2, 1
        rule = self.rule(action_server_ids=(first | second).ids, clear_action_server_ids=last.ids)
        self.hear(85)
        self.assertEqual(self.events.action_id.ids, (second | first).ids)
        event = self.events[0]
        self.assertEqual(
            (event.kind, event.rule_id.id, event.state), ("raised", rule.id, "waiting")
        )
        self.assertEqual(event.alarm_id, self.alarms)
        self.assertEqual(event.message_id, self.messages.id)
        self.assertEqual(event.device_id, self.messages.device_id)
        self.assertEqual(json.loads(event.payload)["t"], 85)
        self.hear(86, seconds=1)
        self.assertEqual(len(self.events), 2)
        self.hear(70, seconds=2)
        self.assertEqual((self.events[-1].kind, self.events[-1].action_id), ("cleared", last))

    def test_a_rule_for_each_message_acts_on_each_and_leaves_out_the_cooldown(self):
        rule = self.rule(effect="each", action_server_ids=self.action("Open").ids)
        for second in range(3):
            self.hear(85, seconds=second)
        self.assertEqual(self.events.mapped("kind"), ["matched"] * 3)
        self.assertEqual(len(set(self.events.mapped("message_id"))), 3)
        self.assertFalse(self.alarms)
        self.assertFalse(rule.state_ids)
        rule.write({"cooldown": 60, "repeats": 2})
        for second in range(10, 16):
            self.hear(85, seconds=second)
        self.assertEqual(len(self.events), 4)

    def test_a_rule_that_begins_acts_once_and_at_the_end(self):
        self.rule(
            effect="once",
            action_server_ids=self.action("Start").ids,
            clear_action_server_ids=self.action("Stop").ids,
        )
        for second, temperature in enumerate([85, 86, 70, 60]):
            self.hear(temperature, seconds=second)
        self.assertEqual(self.events.mapped("kind"), ["matched", "cleared"])
        self.assertFalse(self.alarms)

    def test_a_rule_that_changes_forgets_what_has_not_begun(self):
        rule = self.rule(duration=300)
        self.hear(85)
        self.assertTrue(rule.state_ids)
        rule.message = "Other words"
        self.assertTrue(rule.state_ids)
        rule.condition = "metrics.temperature > 90"
        self.assertFalse(rule.state_ids)
        self.sweep(400)
        self.assertFalse(self.alarms)

    def test_an_archived_rule_ends_its_alarms(self):
        rule = self.rule()
        self.hear(85)
        rule.active = False
        self.assertEqual(self.alarms.state, "cleared")
        self.hear(85, seconds=1)
        self.assertEqual(len(self.alarms), 1)
        with self.assertRaises(UserError):
            rule.unlink()

    def test_a_batch_takes_few_queries_more_for_any_number_of_messages_and_devices(self):
        self.temperature.active = False
        for queries in (7, 10):
            deliveries = [self.delivery({"id": f"{queries}-{n}", "t": n}) for n in range(100)]
            self.store(self.delivery({"id": f"{queries}-warm"}))
            self.env.flush_all()
            box = Inbox(self.broker.id, self.subscription._sources())
            with self.assertQueryCount(queries):
                box.store(self.env.cr, deliveries)
            self.temperature.active = True
            self.rule("payload.t > 1000")
