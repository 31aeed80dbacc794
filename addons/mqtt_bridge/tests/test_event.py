"""Server actions of events: whose rights, how often, how long, and what a failure leaves."""

import threading
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..bridge import actions, limits, worker
from ..bridge.actions import Actions
from ..bridge.process import Place
from ..models.mqtt_event import Superseded
from .common import BridgeCommon

LOGGER = "odoo.addons.mqtt_bridge.bridge.actions"


class EventCommon(BridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runner = cls.user("runner", "group_operator", "base.group_partner_manager")
        cls.broker.user_id = cls.runner
        cls.device = cls.env["mqtt.device"].create(
            {"name": "Lift", "code": "LF-01", "broker_id": cls.broker.id}
        )

    @classmethod
    def user(cls, login, *groups):
        """Make a user with groups."""
        names = [name if "." in name else f"mqtt_bridge.{name}" for name in groups]
        ids = [cls.env.ref(name).id for name in ("base.group_user", *names)]
        return cls.env["res.users"].create(
            {"name": login, "login": login, "group_ids": [Command.set(ids)]}
        )

    @classmethod
    def action(cls, code="", model="mqtt.event", **values):
        """Make a server action."""
        return cls.env["ir.actions.server"].create(
            {
                "name": "Act",
                "usage": "mqtt",
                "state": "code",
                "model_id": cls.env["ir.model"]._get_id(model),
                "code": code,
                **values,
            }
        )

    def event(self, action, **values):
        """Queue an event of the lift."""
        row = {
            "kind": "matched",
            "broker_id": self.broker.id,
            "device_id": self.device.id,
            "subscription_id": self.subscription.id,
            "action_id": action.id,
            "topic": "up/LF-01",
            "payload": {"temperature": 91.5},
        }
        return self.env["mqtt.event"]._queue([{**row, **values}])

    def partners(self, name):
        return self.env["res.partner"].search([("name", "=", name)])


@tagged("post_install", "-at_install")
class TestPerform(EventCommon):
    """What an action sees and may do, without the process."""

    def perform(self, action, **values):
        """Claim an event and run it."""
        event = self.event(action, **values)
        event.write({"state": "running", "tries": 1})
        event._perform(1)
        return event

    def test_code_sees_the_event_its_device_and_the_message(self):
        action = self.action(
            "env['res.partner'].create({'name': '%s %s %s %s %s' % ("
            "event.kind, device.code, payload['temperature'], record == event, rule)})"
        )
        event = self.perform(action)
        self.assertEqual(event.state, "done")
        partner = self.env["res.partner"].search([], order="id desc", limit=1)
        self.assertTrue(partner.name.startswith("matched LF-01 91.5 True"))
        self.assertEqual(partner.create_uid, self.runner)

    def test_a_message_that_is_no_json_is_a_text(self):
        action = self.action("env['res.partner'].create({'name': payload})")
        self.perform(action, payload="OPEN DOOR")
        self.assertTrue(self.partners("OPEN DOOR"))

    def test_code_has_the_rights_of_the_user_and_no_more(self):
        action = self.action("env['res.users'].create({'name': 'x', 'login': 'x'})")
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            self.perform(action)

    def test_the_parts_of_an_action_have_these_rights_too(self):
        part = self.action(
            "env['res.users'].create({'name': 'x', 'login': 'x'})", usage="ir_actions_server"
        )
        action = self.action(state="multi", child_ids=[Command.set(part.ids)])
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            self.perform(action)
        part.code = "env['res.partner'].create({'name': device.code + ' part'})"
        self.perform(action)
        self.assertTrue(self.partners("LF-01 part"))

    def test_an_action_of_the_device_has_the_device_as_its_record(self):
        action = self.action("record.write({'note': 'hot'})", model="mqtt.device")
        self.perform(action)
        self.assertEqual(self.device.note, "hot")

    def test_an_action_without_code_updates_the_device(self):
        action = self.action(
            model="mqtt.device", state="object_write", update_path="note", value="seen"
        )
        self.perform(action)
        self.assertEqual(self.device.note, "seen")

    def test_an_action_of_another_model_needs_code(self):
        with self.assertRaisesRegex(UserError, "no record to act on"):
            self.perform(
                self.action(
                    model="res.partner", state="object_write", update_path="name", value="x"
                )
            )
        self.perform(self.action("model.create({'name': 'by code'})", model="res.partner"))
        self.assertTrue(self.partners("by code"))

    def test_an_action_of_another_usage_is_not_run(self):
        action = self.action("raise UserError('ran')", usage="ir_actions_server")
        with self.assertRaisesRegex(UserError, "no action for device messages"):
            self.perform(action)

    def test_who_may_do_everything_runs_no_actions(self):
        admin = self.env.ref("base.user_admin")
        for user in (self.env.ref("base.user_root"), admin):
            with (
                self.subTest(user=user.login),
                self.assertRaisesRegex(ValidationError, "do everything"),
            ):
                self.broker.user_id = user
        self.runner.group_ids += self.env.ref("base.group_system")
        with self.assertRaisesRegex(UserError, "do everything"):
            self.perform(self.action("pass"))

    def test_who_may_not_read_events_runs_no_actions(self):
        with self.assertRaisesRegex(ValidationError, "Reader"):
            self.broker.user_id = self.user("stranger")

    def test_without_a_user_the_error_says_what_to_do(self):
        self.broker.user_id = False
        with self.assertRaisesRegex(UserError, "Choose one at the broker"):
            self.perform(self.action("pass"))

    def test_a_user_of_another_company_is_refused(self):
        self.broker.company_id = self.env["res.company"].create({"name": "Other"})
        with self.assertRaisesRegex(UserError, "does not belong to Other"):
            self.perform(self.action("pass"))

    def test_records_are_made_in_the_company_of_the_broker(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.runner.company_ids += company
        self.broker.company_id = company
        self.perform(self.action("env['res.partner'].create({'name': env.company.name + '!'})"))
        self.assertTrue(self.partners("Other!"))

    def test_what_is_done_once_is_not_done_by_a_replay(self):
        action = self.action(
            "if once('order'):\n    env['res.partner'].create({'name': 'order'})\n"
            "if once('other'):\n    env['res.partner'].create({'name': 'other'})"
        )
        event = self.perform(action)
        event.write({"state": "running", "tries": 2})
        event._perform(2)
        self.assertEqual((len(self.partners("order")), len(self.partners("other"))), (1, 1))
        self.assertEqual(event.marks, "order\nother")

    def test_an_event_that_another_process_has_by_now_is_not_marked(self):
        event = self.event(self.action("pass"))
        event.write({"state": "running", "tries": 2})
        with self.assertRaises(Superseded):
            event._perform(1)

    def test_a_payload_is_cut_and_holds_no_nul(self):
        event = self.event(self.action("pass"), payload="a\0" + "x" * 100_000)
        self.assertEqual(len(event.payload), 65536)
        self.assertNotIn("\0", event.payload)

    def test_a_row_of_the_bridge_gets_what_it_leaves_out(self):
        self.env.cr.execute(
            "INSERT INTO mqtt_event (kind, broker_id) VALUES ('raised', %s) RETURNING id",
            [self.broker.id],
        )
        event = self.env["mqtt.event"].browse(self.env.cr.fetchone()[0])
        self.assertEqual((event.state, event.tries), ("waiting", 0))
        self.assertTrue(event.due)

    def test_an_action_for_events_goes_into_no_menu_and_no_other_action(self):
        action = self.action("pass")
        with self.assertRaises(ValidationError):
            action.create_action()
        self.assertNotIn(
            action,
            self.env["ir.actions.server"].search([("usage", "!=", "mqtt"), ("name", "=", "Act")]),
        )


@tagged("post_install", "-at_install")
class TestActions(EventCommon):
    """The process, in the transaction of the test."""

    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()
        self.startPatcher(patch.object(worker, "ISOLATION", "SELECT 1"))
        self.env.flush_all()
        self.bridge = Actions(self.registry, "roof")
        self.addCleanup(self.bridge._ear.close)
        self.addCleanup(self.bridge._bell.close)
        self.assertTrue(self.bridge.load())
        self.bridge.place = Place(self.registry, self.broker.id, "roof-actions", "actions")

    def work(self, turns=20):
        """Let the process run what is due."""
        self.env.flush_all()
        done = 0
        while done < turns and self.bridge._work():
            done += 1
        self.env.invalidate_all()
        return done

    def make_due(self, events):
        """Let the pause of events be over."""
        events.write({"due": self.at})

    def test_events_run_in_the_order_in_which_they_came(self):
        action = self.action("env['res.partner'].create({'name': 'E%s' % payload})")
        events = [self.event(action, payload=str(number)) for number in range(3)]
        self.assertEqual(self.work(), 3)
        self.assertEqual([event.state for event in events], ["done"] * 3)
        names = self.env["res.partner"].search([("name", "=like", "E_")], order="id").mapped("name")
        self.assertEqual(names, ["E0", "E1", "E2"])

    @mute_logger(LOGGER)
    def test_what_fails_leaves_nothing_behind_and_is_tried_again_later(self):
        action = self.action(
            "env['res.partner'].create({'name': 'half'})\nraise UserError('no lift')"
        )
        event = self.event(action)
        self.assertEqual(self.work(), 1)  # it is not due again at once
        self.assertFalse(self.partners("half"))
        self.assertEqual((event.state, event.tries, event.fault), ("waiting", 1, "error"))
        self.assertIn("no lift", event.error)
        self.assertGreater(event.due, event.done_at)

    @mute_logger(LOGGER)
    def test_after_its_tries_it_has_failed_for_good_and_an_operator_runs_it_again(self):
        action = self.action("1 / payload['temperature']")
        event = self.event(action, payload={"temperature": 0})
        for _ in range(self.broker.action_tries):
            self.make_due(event)
            self.assertEqual(self.work(), 1)
        self.assertEqual((event.state, event.tries), ("dead", 5))
        self.assertIn("ZeroDivisionError", event.error)
        self.assertEqual(self.work(), 0)
        action.code = "env['res.partner'].create({'name': 'mended'})"
        operator = self.user("operator", "group_operator")
        event.with_user(operator).action_replay()
        self.assertEqual(self.work(), 1)
        self.assertEqual((event.state, event.error, event.replays), ("done", False, 1))
        self.assertEqual(event.replay_user_id, operator)
        self.assertEqual(len(self.partners("mended")), 1)

    @mute_logger(LOGGER, "odoo.sql_db")
    def test_an_error_of_the_database_fails_only_its_own_event(self):
        bad = self.event(self.action("env.cr.execute('SELECT nothing FROM nowhere')"))
        good = self.event(self.action("env['res.partner'].create({'name': 'after'})"))
        self.assertEqual(self.work(), 2)
        self.assertEqual((bad.state, good.state), ("waiting", "done"))
        self.assertIn("nowhere", bad.error)

    @mute_logger(LOGGER)
    def test_a_loop_without_end_is_ended_even_if_it_catches_everything(self):
        self.broker.action_seconds = 1
        code = "while True:\n    try:\n        x = 1\n    except Exception:\n        pass"
        looping = self.event(self.action(code))
        good = self.event(self.action("pass"))
        self.assertEqual(self.work(), 2)
        self.assertEqual((looping.state, looping.fault), ("waiting", "time"))
        self.assertEqual(good.state, "done")

    @mute_logger(LOGGER, "odoo.sql_db")
    def test_a_statement_that_takes_too_long_is_ended(self):
        self.broker.action_seconds = 1
        event = self.event(self.action("env.cr.execute('SELECT pg_sleep(30)')"))
        self.assertEqual(self.work(), 1)
        self.assertEqual((event.state, event.fault), ("waiting", "time"))

    def test_a_try_is_counted_before_the_action_runs(self):
        seen = []
        event = self.event(self.action("pass"))

        def die(found, tries):
            seen.append((found.tries, found.state, tries))
            raise SystemExit

        with patch.object(type(event), "_perform", die):
            try:
                self.work()
            except SystemExit:
                seen.append("died")  # assertRaises would roll back what was committed
        self.assertEqual(seen, [(1, "running", 1), "died"])
        self.env.invalidate_all()
        self.assertEqual((event.state, event.tries), ("running", 1))

    @mute_logger(LOGGER)
    def test_what_a_dead_process_was_running_is_tried_again_and_at_last_given_up(self):
        event = self.event(self.action("pass"))
        for tries, state in ((1, "waiting"), (5, "dead")):
            event.write({"state": "running", "tries": tries, "worker": "roof-actions"})
            event.lease_until = self.at.replace(year=2999)
            self.env.flush_all()
            self.bridge._sweep()
            self.assertEqual(event.state, "running")
            self.bridge._recover()
            self.env.invalidate_all()
            self.assertEqual((event.state, event.fault), (state, "ended"))

    @mute_logger(LOGGER)
    def test_what_another_process_runs_for_too_long_is_taken_from_it(self):
        event = self.event(self.action("pass"))
        event.write(
            {"state": "running", "tries": 1, "worker": "gone", "lease_until": "2020-01-01 00:00:00"}
        )
        self.env.flush_all()
        self.bridge._recover()
        self.env.invalidate_all()
        self.assertEqual(event.state, "waiting")

    @mute_logger(LOGGER)
    def test_clearing_an_alarm_waits_for_what_its_raising_started(self):
        fails = self.action("raise UserError('later')")
        works = self.action("pass")
        raised = self.event(fails, kind="raised", alarm_id=self.alarm())
        twin = self.event(works, kind="raised", alarm_id=self.alarm())
        cleared = self.event(works, kind="cleared", alarm_id=self.alarm())
        other = self.event(works)
        self.work()
        states = [event.state for event in (raised, twin, cleared, other)]
        self.assertEqual(states, ["waiting", "done", "waiting", "done"])
        fails.code = "pass"
        self.make_due(raised)
        self.work()
        self.assertEqual((raised.state, cleared.state), ("done", "done"))

    def alarm(self):
        """Return the id of an alarm."""
        return 7

    def test_events_of_another_broker_are_not_ours(self):
        other = self.env["mqtt.broker"].create(
            {"name": "Cellar", "code": "cellar", "host": "other", "user_id": self.runner.id}
        )
        event = self.event(self.action("pass"), broker_id=other.id)
        self.assertEqual(self.work(), 0)
        self.assertEqual(event.state, "waiting")

    def test_a_serialization_failure_is_tried_again_at_once(self):
        from psycopg2.errors import SerializationFailure

        event, calls = self.event(self.action("pass")), []
        perform = type(event)._perform

        def once(self, tries):
            calls.append(tries)
            if len(calls) == 1:
                raise SerializationFailure
            return perform(self, tries)

        with patch.object(type(event), "_perform", once):
            self.work()
        self.assertEqual((calls, event.state, event.tries), ([1, 1], "done", 1))

    def test_all_that_failed_for_good_are_run_again_and_others_are_not(self):
        action = self.action("pass")
        dead, discarded, waiting = (self.event(action) for _ in range(3))
        dead.state = "dead"
        discarded.state = "dead"
        discarded.action_discard()
        waiting.due = self.at.replace(year=2999)
        self.env["mqtt.event"].with_user(self.runner).action_replay_all()
        self.assertEqual(self.work(), 1)
        states = [event.state for event in (dead, discarded, waiting)]
        self.assertEqual(states, ["done", "discarded", "waiting"])
        with self.assertRaises(UserError):
            self.env["mqtt.event"].action_replay_all()

    def test_a_reader_runs_nothing_again(self):
        reader = self.user("reader", "group_reader")
        event = self.event(self.action("pass"))
        event.state = "dead"
        for name in ("action_replay", "action_replay_all", "action_discard"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                getattr(event.with_user(reader), name)()

    def test_old_events_that_are_done_are_deleted(self):
        action = self.action("pass")
        old, dead, young = (self.event(action) for _ in range(3))
        (old + young).write({"state": "done", "done_at": self.at})
        dead.write({"state": "dead", "done_at": "2020-01-01 00:00:00"})
        old.done_at = "2020-01-01 00:00:00"
        self.env.flush_all()
        self.env["mqtt.event"]._gc_events()
        self.assertEqual((old + dead + young).exists(), dead + young)


@tagged("post_install", "-at_install")
class TestLimit(BridgeCommon):
    def test_an_alarm_that_was_set_before_is_set_again(self):
        import signal

        before = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)[0]
        with self.assertRaises(limits.TooLong), limits.limit(0.05):
            threading.Event().wait(5)
        after = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)[0]
        self.assertEqual(after[0], before[0])
        self.assertEqual(bool(after[1]), bool(before[1]))

    def test_the_pauses_grow(self):
        self.assertEqual(actions.patience.pause(1), 5)
        self.assertLess(actions.patience.pause(2), actions.patience.pause(3))
