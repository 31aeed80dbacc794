"""Alarms: one open for each device and rule, acknowledged or over, folded in storms."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..tools import selecting
from .rules_common import RulesCommon


@tagged("post_install", "-at_install")
class TestAlarms(RulesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gateway, *cls.lifts = cls.env["mqtt.device"].create(
            [
                {"name": f"Device {code}", "code": code, "broker_id": cls.broker.id}
                for code in ("GW", "LF-01", "LF-02", "LF-03", "LF-04")
            ]
        )
        cls.lift = cls.lifts[0]
        cls.operator = new_test_user(cls.env, "op", groups="mqtt_bridge.group_operator")
        cls.reader = new_test_user(cls.env, "rd", groups="mqtt_bridge.group_reader")

    def hang(self):
        """Let the lifts hang on the gateway."""
        for lift in self.lifts:
            lift.parent_id = self.gateway

    # -- acknowledged or over

    def test_an_operator_acknowledges_and_the_alarm_says_who_and_when(self):
        self.rule()
        self.hear(85)
        alarm = self.alarms
        self.assertEqual(alarm.stage, "open")
        alarm.with_user(self.operator).action_acknowledge()
        self.assertEqual((alarm.stage, alarm.acknowledged_by_id), ("seen", self.operator))
        self.assertTrue(alarm.acknowledged_at)
        at = alarm.acknowledged_at - timedelta(hours=1)
        alarm.acknowledged_at = at
        alarm.with_user(self.operator).action_acknowledge()
        self.assertEqual(alarm.acknowledged_at, at)
        self.hear(70, seconds=1)
        self.assertEqual(alarm.stage, "done")

    def test_an_alarm_that_is_over_still_waits_to_be_seen(self):
        self.rule()
        self.hear(85)
        self.hear(70, seconds=1)
        self.assertEqual(self.alarms.stage, "cleared")
        self.alarms.with_user(self.operator).action_acknowledge()
        self.assertEqual(self.alarms.stage, "done")

    def test_an_alarm_ended_by_hand_is_raised_anew_when_it_still_holds(self):
        rule = self.rule(clear_action_server_ids=self.action("Stop").ids)
        self.hear(85)
        self.alarms.with_user(self.operator).action_clear()
        self.assertEqual((self.alarms.state, self.alarms.cleared_by_id), ("cleared", self.operator))
        self.assertEqual(rule.state_ids.phase, "idle")
        self.assertEqual(self.events.mapped("kind"), ["cleared"])
        with self.assertRaises(UserError):
            self.alarms.with_user(self.operator).action_clear()
        self.hear(85, seconds=1)
        self.assertEqual(self.alarms.mapped("state"), ["cleared", "active"])

    def test_a_reader_sees_alarms_and_changes_none(self):
        self.rule()
        self.hear(85)
        alarm = self.alarms.with_user(self.reader)
        self.assertIn("Device LF-01", alarm.display_name)
        for name in ("action_acknowledge", "action_clear"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                getattr(alarm, name)()
        with self.assertRaises(AccessError):
            self.alarms.with_user(self.operator).write({"severity": "warning"})
        alarm.message_post(body="I have seen smoke")

    def test_the_message_of_an_alarm_opens_until_it_is_purged(self):
        self.rule()
        self.hear(85)
        action = self.alarms.with_user(self.reader).action_message()
        self.assertEqual(action["res_id"], self.messages.id)
        self.env.cr.execute("DELETE FROM mqtt_inbox WHERE id = %s", [self.messages.id])
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            self.alarms.action_message()

    # -- for code

    def test_code_raises_one_alarm_for_a_device_and_code_and_ends_it(self):
        alarms = self.env["mqtt.alarm"]
        first = alarms._raise(self.lift, "silent", "minor", None, {"minutes": 30})
        again = alarms._raise(self.lift | self.lifts[1], "silent", "major", "No word for long")
        self.assertEqual(len(again), 2)
        self.assertIn(first, again)
        self.assertEqual((first.count, first.severity), (2, "major"))
        self.assertEqual(first.title, "No word for long")
        self.assertIn("30", first.details)
        milder = alarms._raise(self.lift, "silent", "warning", None)
        self.assertEqual((milder.severity, milder.title), ("major", "No word for long"))
        self.assertEqual(alarms._clear(self.lift, "silent"), first)
        self.assertFalse(alarms._clear(self.lift, "silent"))
        self.assertEqual(first.state, "cleared")
        self.assertNotEqual(alarms._raise(self.lift, "silent", "minor", None), first)

    def test_an_acknowledged_alarm_that_becomes_graver_has_to_be_seen_again(self):
        alarms = self.env["mqtt.alarm"]
        alarm = alarms._raise(self.lift, "silent", "minor", None)
        alarm.action_acknowledge()
        alarms._raise(self.lift, "silent", "minor", None)
        self.assertTrue(alarm.is_acknowledged)
        alarms._raise(self.lift, "silent", "critical", None)
        self.assertFalse(alarm.is_acknowledged)

    def test_rules_add_actions_to_the_alarms_of_code(self):
        start, stop = self.action("Start"), self.action("Stop")
        self.rule(
            "",
            trigger="silent",
            device_domain="[('code', '=', 'LF-01')]",
            action_server_ids=start.ids,
            clear_action_server_ids=stop.ids,
        )
        alarms = self.env["mqtt.alarm"]
        alarms._raise(self.lift | self.lifts[1], "silent", "minor", None)
        alarms._raise(self.lift, "silent", "minor", None)
        alarms._raise(self.lift, "gap", "minor", None)
        self.assertEqual(self.events.mapped("kind"), ["silent"])
        self.assertEqual(self.events.device_id, self.lift)
        alarms._clear(self.lift | self.lifts[1], "silent")
        self.assertEqual(self.events.mapped("kind"), ["silent", "cleared"])
        self.assertEqual(self.events[-1].action_id, stop)

    def test_code_that_names_no_severity_or_the_code_of_a_rule_is_refused(self):
        for code, severity in (("silent", "huge"), ("rule:1", "minor"), ("", "minor")):
            with self.subTest(code=code), self.assertRaises(ValidationError):
                self.env["mqtt.alarm"]._raise(self.lift, code, severity, None)

    def test_the_database_lets_no_second_alarm_of_a_kind_be_open(self):
        alarm = self.env["mqtt.alarm"]._raise(self.lift, "silent", "minor", None)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env.cr.execute(
                "INSERT INTO mqtt_alarm (broker_id, device_id, code, severity, state, first_at,"
                " last_at) SELECT broker_id, device_id, code, severity, state, first_at, last_at"
                " FROM mqtt_alarm WHERE id = %s",
                [alarm.id],
            )

    # -- storms

    def test_alarms_below_a_device_that_has_one_are_folded_and_tell_nobody(self):
        self.hang()
        self.rule(action_server_ids=self.action("Call").ids)
        above = self.env["mqtt.alarm"]._raise(self.gateway, "silent", "major", None)
        self.hear(85)
        below = self.alarms - above
        self.assertEqual(below.parent_id, above)
        self.assertEqual(above.folded_count, 1)
        self.assertFalse(self.events)
        above.action_acknowledge()
        self.assertTrue(below.is_acknowledged)
        self.hear(70, seconds=1)
        self.assertEqual((below.state, above.state), ("cleared", "active"))
        self.assertFalse(self.events)

    def test_when_the_explanation_ends_what_it_covered_is_shown_and_told(self):
        self.hang()
        self.rule(
            action_server_ids=self.action("Call").ids,
            clear_action_server_ids=self.action("Off").ids,
        )
        above = self.env["mqtt.alarm"]._raise(self.gateway, "silent", "major", None)
        self.hear(85)
        self.env["mqtt.alarm"]._clear(self.gateway, "silent")
        below = self.alarms - above
        self.assertFalse(below.parent_id)
        self.assertEqual(self.events.mapped("kind"), ["raised"])
        self.assertEqual(self.events.alarm_id, below)
        self.hear(70, seconds=1)
        self.assertEqual(self.events.mapped("kind"), ["raised", "cleared"])

    def test_many_alarms_below_one_device_become_one_of_that_device(self):
        self.hang()
        self.broker.storm_count = 3
        self.rule(action_server_ids=self.action("Call").ids, severity="minor")
        storm_action = self.action("Storm")
        self.rule("", trigger="storm", action_server_ids=storm_action.ids)
        for second, lift in enumerate(self.lifts[:2]):
            self.hear(85, seconds=second, topic=f"up/{lift.code}")
        self.assertEqual(len(self.events), 2)
        self.hear(85, seconds=3, topic="up/LF-03")
        storm = self.alarms.filtered(lambda alarm: alarm.code == "storm")
        self.assertEqual((storm.device_id, storm.severity), (self.gateway, "minor"))
        self.assertEqual(storm.folded_count, 3)
        self.assertEqual(self.events[2:].action_id, storm_action)
        self.hear(85, seconds=4, topic="up/LF-04")
        self.assertEqual(storm.folded_count, 4)
        self.assertEqual(len(self.events), 3)
        for second, lift in enumerate(self.lifts):
            self.assertEqual(storm.state, "active")
            self.hear(60, seconds=10 + second, topic=f"up/{lift.code}")
        self.assertEqual(storm.state, "cleared")

    def test_many_alarms_of_one_batch_are_a_storm_too_and_fewer_or_others_are_none(self):
        self.broker.storm_count = 3
        self.rule()
        batch = [
            self.delivery({"id": f"{turn}-{lift.code}", "t": 85}, topic=f"up/{lift.code}")
            for turn in (1, 2)
            for lift in self.lifts
        ]
        self.store(*batch[:4])
        self.assertFalse(self.alarms.parent_id)
        self.alarms._close()
        self.hang()
        self.store(*batch[4:])
        active = self.alarms.filtered(lambda alarm: alarm.state == "active")
        self.assertEqual(len(active), 5)
        self.assertEqual(len(active.parent_id), 1)

    def test_an_explanation_that_ended_while_folding_does_not_hide_for_ever(self):
        self.hang()
        self.rule(action_server_ids=self.action("Call").ids)
        above = self.env["mqtt.alarm"]._raise(self.gateway, "silent", "major", None)
        self.hear(85)
        self.env.cr.execute("UPDATE mqtt_alarm SET state = 'cleared' WHERE id = %s", [above.id])
        self.env.invalidate_all()
        self.env["mqtt.rule"]._cron_sweep()
        self.assertFalse(self.alarms.parent_id)
        self.assertEqual(len(self.events), 1)

    def test_a_device_hangs_on_no_device_below_it_and_on_none_of_another_broker(self):
        self.lift.parent_id = self.gateway
        with self.assertRaises(ValidationError):
            self.gateway.parent_id = self.lift
        other = self.env["mqtt.broker"].create({"name": "Other", "code": "other"})
        far = self.env["mqtt.device"].create({"name": "X", "code": "X", "broker_id": other.id})
        with self.assertRaises(ValidationError):
            self.lift.parent_id = far

    def test_a_device_says_how_many_alarms_it_has_and_the_gravest(self):
        alarms = self.env["mqtt.alarm"]
        alarms._raise(self.lift, "a", "minor", None)
        alarms._raise(self.lift, "b", "critical", None)
        alarms._raise(self.lift, "c", "warning", None)
        alarms._clear(self.lift, "c")
        self.assertEqual((self.lift.alarm_count, self.lift.alarm_severity), (2, "critical"))
        self.assertEqual((self.gateway.alarm_count, self.gateway.alarm_severity), (0, False))

    # -- where no bridge runs, and whom it concerns

    def test_without_a_bridge_a_scheduled_job_lets_time_go_by(self):
        self.rule(duration=1)
        self.store(self.delivery({"id": 1, "t": 85}, seconds=-30))
        self.assertFalse(self.alarms)
        self.env["mqtt.rule"]._cron_sweep()
        self.assertEqual(len(self.alarms), 1)

    def test_what_belongs_to_another_company_is_not_seen(self):
        rule = self.rule(duration=5)
        self.hear(85)
        alarm = self.env["mqtt.alarm"]._raise(self.lift, "silent", "minor", None)
        self.broker.company_id = self.env["res.company"].create({"name": "Other"})
        records = (
            *(rule, rule.state_ids, alarm, self.temperature, self.lift.value_ids),
            self.env["mqtt.sample"].search([("device_id", "=", self.lift.id)]),
        )
        for found in records:
            with self.subTest(model=found._name):
                self.assertTrue(found)
                mine = [("id", "in", found.ids)]
                self.assertFalse(found.with_user(self.reader).search(mine))
        with self.assertRaises(AccessError):
            alarm.with_user(self.operator).action_acknowledge()

    def test_a_manager_who_is_no_administrator_makes_rules_and_tries_them(self):
        manager = new_test_user(self.env, "mg", groups="mqtt_bridge.group_manager")
        self.hear(85)
        rule = (
            self.env["mqtt.rule"]
            .with_user(manager)
            .create(
                {
                    "name": "Mine",
                    "broker_id": self.broker.id,
                    "subscription_id": self.subscription.id,
                    "condition": "metrics.temperature > 80",
                }
            )
        )
        self.assertTrue(rule.action_try())
        with self.assertRaises(AccessError):
            rule.write({"action_server_ids": [Command.set(self.action("X").ids)]})
        with self.assertRaises(AccessError):
            rule.with_user(self.operator).write({"condition": "payload.t > 1"})


CODES = ("LF-01", "LF-02", "P_1", "p%", "")
LEAVES = (
    st.tuples(
        st.sampled_from(["code", "name", "parent_id.code", "parent_id.name"]),
        st.sampled_from(["=", "!=", "like", "ilike", "=like", "=ilike", "not like", "not ilike"]),
        st.sampled_from(["LF-01", "lf", "LF-%", "%1", "P_1", "p", "_"]),
    )
    | st.tuples(
        st.sampled_from(["code", "parent_id.code", "state"]),
        st.sampled_from(["in", "not in"]),
        st.lists(st.sampled_from(["LF-01", "accepted", "P_1", False]), max_size=3),
    )
    | st.tuples(st.just("parent_id"), st.sampled_from(["=", "!="]), st.just(False))
)
DOMAINS = st.recursive(
    LEAVES.map(lambda leaf: [leaf]),
    lambda inner: (
        st.tuples(st.sampled_from("&|"), inner, inner).map(
            lambda parts: [parts[0], *parts[1], *parts[2]]
        )
        | inner.map(lambda domain: ["!", *domain])
    ),
    max_leaves=4,
)


@tagged("post_install", "-at_install")
class TestSelecting(RulesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make = cls.env["mqtt.device"].create
        cls.above = make({"name": "lf gate", "code": "P_1", "broker_id": cls.broker.id})
        cls.all = cls.above | make(
            [
                {
                    "name": name,
                    "code": code,
                    "broker_id": cls.broker.id,
                    "parent_id": parent and cls.above.id,
                }
                for name, code, parent in (
                    ("Lift 1", "LF-01", True),
                    ("lift 2", "LF-02", False),
                    ("P_1", "P%1", True),
                    ("Pump", "px1", False),
                )
            ]
        )

    @settings(max_examples=150, deadline=None)
    @given(DOMAINS)
    def test_a_domain_chooses_the_devices_that_a_search_finds(self, domain):
        chosen = selecting.parse(repr(domain))
        mine = [("id", "in", self.all.ids)]
        found = self.env["mqtt.device"].search([*mine, *domain])
        meant = self.all.filtered(lambda device: chosen(self.row(device)))
        self.assertEqual(meant, found.sorted(lambda one: self.all.ids.index(one.id)), domain)

    @staticmethod
    def row(device):
        """Return what the bridge knows of a device."""
        return {
            "id": device.id,
            "code": device.code,
            "name": device.name,
            "state": device.state,
            "parent_id": device.parent_id.id or None,
            "parent_id.code": device.parent_id.code or None,
            "parent_id.name": device.parent_id.name or None,
        }
