"""The process that runs server actions: how often, how long, and what a failure leaves."""

import signal
import threading
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from ..bridge import limits
from ..tools import patience
from .common import BridgeCommon
from .event_common import EventCommon

LOGGER = "odoo.addons.mqtt_bridge.bridge.actions"


@tagged("post_install", "-at_install")
class TestActions(EventCommon):
    """The process, in the transaction of the test."""

    def setUp(self):
        super().setUp()
        self.act_in_test()
        self.bridge = self.actions_of(self.broker)

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
        """Return the id of the lift's open alarm."""
        return self.env["mqtt.alarm"]._raise(self.device, "hot", "major", "Hot").id

    def test_events_of_another_broker_are_not_ours(self):
        other = self.env["mqtt.broker"].create(
            {"name": "Cellar", "code": "cellar", "host": "other", "user_id": self.runner.id}
        )
        event = self.event(self.action("pass"), broker_id=other.id)
        self.assertEqual(self.work(), 0)
        self.assertEqual(event.state, "waiting")

    def test_a_serialization_failure_is_tried_again_at_once(self):
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
        shown = self.env["mqtt.event"].search(self.broker.action_dead_events()["domain"])
        self.assertEqual((shown, self.broker.dead_event_count), (dead, 1))
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
        before = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)[0]
        with self.assertRaises(limits.TooLong), limits.limit(0.05):
            threading.Event().wait(5)
        after = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)[0]
        self.assertEqual(after[0], before[0])
        self.assertEqual(bool(after[1]), bool(before[1]))

    def test_the_pauses_grow(self):
        self.assertEqual(patience.pause(1), 5)
        self.assertLess(patience.pause(2), patience.pause(3))
