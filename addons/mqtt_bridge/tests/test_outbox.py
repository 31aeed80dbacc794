"""The process that sends, without a network."""

import collections
import json
import threading
from unittest.mock import Mock, patch

from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import DeadlockDetected

from ..bridge import outbox, process, supervisor, worker
from ..bridge.connection import Refused
from ..bridge.outbox import Outbox, Sender
from ..bridge.process import Place
from .test_command import CommandCommon

LOGGER = "odoo.addons.mqtt_bridge.bridge.outbox"


class FakeSender:
    """A connection that writes down what is sent, and confirms when it is told to."""

    def __init__(self):
        self.window = 100
        self.sent = []
        self.answers = collections.deque()
        self.lost = threading.Event()
        self.is_closed = False

    def send(self, topic, body, qos, seconds):
        self.sent.append((topic, body, qos, seconds))
        return len(self.sent)

    def confirm(self, packet=None, code=0, text="Success"):
        self.answers.append((packet or len(self.sent), code, text))

    def close(self):
        self.is_closed = True


@tagged("post_install", "-at_install")
class TestOutbox(CommandCommon):
    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()
        self.startPatcher(patch.object(worker, "ISOLATION", "SELECT 1"))
        self.env.flush_all()
        self.outbox = Outbox(self.registry, "roof")
        self.addCleanup(self.outbox._ear.close)
        self.addCleanup(self.outbox._bell.close)
        self.assertTrue(self.outbox.load())
        self.outbox.place = Place(self.registry, self.broker.id, "roof-outbox", "outbox")
        self.sender = self.outbox.sender = FakeSender()

    def turn(self, sweep=False):
        """Let the process do what is next."""
        self.env.flush_all()
        if sweep:
            self.outbox._sweep()
        found = self.outbox._work()
        self.env.invalidate_all()
        return found

    def test_a_command_is_sent_when_the_broker_has_confirmed_it(self):
        command = self.send()
        self.assertTrue(self.turn())
        self.assertEqual((command.state, command.tries), ("sending", 1))
        [(topic, body, qos, seconds)] = self.sender.sent
        self.assertEqual((topic, qos), ("cmd/LF-01", 1))
        self.assertEqual(json.loads(body)["id"], command.reference)
        self.assertTrue(50 <= seconds <= 60)
        self.sender.confirm()
        self.assertFalse(self.turn())
        self.assertEqual((command.state, command.is_unheard), ("sent", False))
        self.assertTrue(command.sent_at and command.reply_due)
        self.assertEqual(len(self.sender.sent), 1)

    def test_commands_leave_in_the_order_in_which_they_were_given(self):
        sent = [self.send({"n": number}) for number in range(20)]
        self.turn()
        self.assertEqual(
            [json.loads(body)["id"] for _topic, body, *_rest in self.sender.sent],
            [command.reference for command in sent],
        )

    def test_no_more_are_on_their_way_than_the_broker_allows(self):
        self.sender.window = 3
        for number in range(5):
            self.send({"n": number})
        self.turn()
        self.turn()
        self.assertEqual(len(self.sender.sent), 3)
        self.sender.confirm(1)
        self.turn()
        self.assertEqual(len(self.sender.sent), 4)

    def test_a_refusal_of_the_broker_and_a_topic_without_listeners_are_seen(self):
        refused, unheard = self.send(), self.send()
        self.turn()
        self.sender.confirm(1, 135, "Not authorized")
        self.sender.confirm(2, 16, "No matching subscribers")
        self.turn()
        self.assertEqual((refused.state, refused.reason), ("failed", "Not authorized"))
        self.assertEqual((unheard.state, unheard.is_unheard), ("sent", True))
        self.assertFalse(refused.reply_due)

    def test_an_answer_that_was_quicker_than_the_broker_is_kept(self):
        command = self.send()
        self.turn()
        self.store(self.delivery({"re": command.reference, "code": 0}))
        self.sender.confirm()
        self.turn()
        self.assertEqual(command.state, "done")
        self.assertTrue(command.sent_at)

    def test_a_command_is_not_sent_after_its_time(self):
        command = self.send(expires=5)
        command.expires_at = self.at.replace(year=2020)
        self.turn(sweep=True)
        self.assertEqual((command.state, self.sender.sent), ("expired", []))

    def test_a_deadlock_is_tried_again_without_losing_the_connection(self):
        command, cursor, calls = self.send(), self.registry.cursor, []

        def once():
            calls.append(1)
            if len(calls) == 1:
                raise DeadlockDetected
            return cursor()

        self.env.flush_all()
        with patch.object(self.outbox, "database", Mock(cursor=once)):
            self.turn()
        self.assertEqual((command.state, len(calls)), ("sending", 2))
        self.assertIs(self.outbox.sender, self.sender)

    def test_a_cancelled_command_is_not_sent(self):
        self.send().action_cancel()
        self.assertFalse(self.turn())
        self.assertEqual(self.sender.sent, [])

    def test_a_rolled_back_transaction_sends_nothing(self):
        with self.env.cr.savepoint() as savepoint:
            self.send()
            savepoint.rollback()
        self.assertFalse(self.turn())
        self.assertEqual(self.sender.sent, [])

    def test_without_an_answer_it_is_repeated_as_often_as_asked_with_the_same_id(self):
        command = self.send(repeats=1)
        for expected in ("waiting", "unanswered"):
            self.turn()
            self.sender.confirm()
            self.turn()
            self.assertEqual(command.state, "sent")
            command.reply_due = self.at.replace(year=2020)
            self.env.flush_all()
            self.outbox._sweep()
            self.env.invalidate_all()
            self.assertEqual(command.state, expected)
        ids = {json.loads(body)["id"] for _topic, body, *_rest in self.sender.sent}
        self.assertEqual((len(self.sender.sent), ids), (2, {command.reference}))

    def test_what_needs_no_answer_waits_for_none(self):
        command = self.send(expect_ack=False)
        self.turn()
        self.sender.confirm()
        self.turn(sweep=True)
        self.assertEqual((command.state, command.reply_due), ("sent", False))

    def test_what_is_for_ever_has_no_end_at_the_broker(self):
        self.send(expires=0)
        self.turn()
        self.assertIsNone(self.sender.sent[0][3])

    @mute_logger(LOGGER)
    def test_what_a_lost_connection_left_unconfirmed_is_sent_again(self):
        command = self.send()
        self.turn()
        self.sender.lost.set()
        self.turn()
        self.assertTrue(self.sender.is_closed)
        self.assertIsNone(self.outbox.sender)
        self.assertEqual(command.state, "waiting")
        self.outbox.sender = again = FakeSender()
        self.turn()
        self.assertEqual(json.loads(again.sent[0][1])["id"], command.reference)
        self.assertEqual(command.tries, 2)

    @mute_logger(LOGGER)
    def test_a_broker_that_never_confirms_is_left(self):
        command = self.send()
        self.turn()
        with patch.object(outbox, "PATIENCE", -1):
            self.turn()
        self.assertEqual((command.state, self.outbox.sender), ("waiting", None))

    def test_what_a_dead_process_left_unconfirmed_is_sent_again(self):
        command = self.send()
        command.write({"state": "sending", "tries": 1})
        self.env.flush_all()
        self.outbox._recover()
        self.env.invalidate_all()
        self.assertEqual(command.state, "waiting")

    @mute_logger(LOGGER)
    def test_a_broker_that_is_not_there_is_tried_again_later(self):
        self.outbox.sender = None
        self.send()
        with patch.object(Sender, "open", side_effect=Refused("no route")) as attempt:
            self.assertFalse(self.turn())
            self.assertFalse(self.turn())
        self.assertEqual(attempt.call_count, 1)
        self.assertIn("no route", self.outbox.error)

    def test_a_sender_has_a_client_id_of_its_own_and_no_session(self):
        rings = []
        sender = Sender(self.outbox.settings, lambda: rings.append(1))
        self.assertEqual(sender.settings["client_id"], f"{self.broker.client_id}-outbox")
        self.assertEqual(sender.settings["session_seconds"], 0)
        sender.client.on_disconnect(sender.client, None, None, None, None)
        self.assertTrue(sender.lost.is_set() and rings)


@tagged("post_install", "-at_install")
class TestProcesses(CommandCommon):
    def test_a_process_that_runs_an_action_counts_as_alive(self):
        self.env.cr.execute(process.START, [self.broker.id, "actions", "roof-actions", "here", 1])
        found = self.env["mqtt.process"].search([("client_id", "=", "roof-actions")])
        found.heartbeat_at = self.at.replace(year=2020)
        self.assertFalse(found.is_alive)
        event = self.event(self.action("pass"))
        event.write(
            {
                "state": "running",
                "worker": "roof-actions",
                "lease_until": self.at.replace(year=2999),
            }
        )
        found.invalidate_recordset()
        self.assertTrue(found.is_alive)
        self.assertEqual(self.broker.state, "absent")

    def test_processes_that_are_long_gone_are_forgotten_but_not_what_they_subscribed_to(self):
        for role in process.ROLES:
            self.env.cr.execute(process.START, [self.broker.id, role, role, "here", 1])
        self.env.cr.execute(
            "UPDATE mqtt_process SET heartbeat_at = '2020-01-01' WHERE role <> 'outbox'"
        )
        self.env["mqtt.process"]._gc_processes()
        self.assertEqual(
            set(self.broker.process_ids.mapped("role")) & set(process.ROLES), {"ingest", "outbox"}
        )

    def test_the_check_asks_for_each_role(self):
        def told(role):
            values = {"code": "roof", "roles": role, "now": process.now(), "silent": 30}
            self.env.cr.execute(process.SIGNS, values)
            return self.env.cr.fetchone()[0]

        for number, role in enumerate(process.ROLES):
            self.assertEqual(told(list(process.ROLES)), number)
            self.env.cr.execute(process.START, [self.broker.id, role, role, "here", 1])
            self.env.cr.execute("UPDATE mqtt_process SET is_connected = true")
        self.assertEqual((told(["outbox"]), told(list(process.ROLES))), (1, 3))

    def test_a_supervisor_starts_what_died_and_ends_with_what_cannot_work(self):
        started, deaths = [], iter([(11, 256), (0, 0), (12, 3 << 8), (0, 0)])
        parent = supervisor.Supervisor(["ingest", "outbox"], None)
        pids = iter([11, 12, 13])
        with (
            patch.object(supervisor.os, "fork", side_effect=lambda: next(pids)),
            patch.object(supervisor.os, "waitpid", side_effect=lambda *_: next(deaths)),
            mute_logger(supervisor.__name__),
        ):
            parent._start_due()
            started.append(dict(parent.children))
            parent._reap()
            self.assertEqual(list(parent.children), [12])
            self.assertEqual([role for _when, role in parent.waiting], ["ingest"])
            parent._reap()
        self.assertEqual((parent.code, parent.stopping), (3, True))
        self.assertEqual([role for role, _when in started[0].values()], ["ingest", "outbox"])
