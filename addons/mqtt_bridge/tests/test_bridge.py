"""The process, without a network: what it confirms, and what it leaves to come again."""

import threading
from unittest.mock import patch

import psycopg2
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..bridge import ingest, process
from ..bridge.connection import Connection, Queue, Refused
from ..bridge.inbox import Inbox
from .common import BridgeCommon

LOGGER = "odoo.addons.mqtt_bridge.bridge.ingest"


class FakeConnection:
    """A connection that writes down what it is told."""

    def __init__(self):
        self.queue = Queue(1000)
        self.lost = threading.Event()
        self.confirmed, self.published = [], []
        self.is_closed = False

    def confirm(self, deliveries, told):
        self.confirmed += [delivery.number for delivery in deliveries]
        self.published += told

    def close(self):
        self.is_closed = True
        self.lost.set()


@tagged("post_install", "-at_install")
class TestIngest(BridgeCommon):
    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()
        # the test has its own transaction open already
        self.startPatcher(patch.object(ingest, "ISOLATION", "SELECT 1"))
        self.env.flush_all()
        self.bridge = ingest.Ingest(self.registry, "roof", most=100, wait=0)
        self.assertTrue(self.bridge.load())
        self.bridge.place = process.Place(
            self.registry, self.broker.id, self.broker.client_id, "ingest"
        )
        self.bridge.next_beat = float("inf")
        self.connection = self.bridge.connection = FakeConnection()

    def hand_over(self, *deliveries):
        """Let the bridge take deliveries from its connection."""
        self.connection.queue.put(deliveries)
        self.bridge._turn()
        self.env.invalidate_all()

    def test_what_is_stored_is_confirmed_to_the_broker_and_to_the_device(self):
        self.subscription.ack_topic = "cmd/{device}/ack"
        self.env.flush_all()
        self.bridge.load()
        self.hand_over(
            self.delivery({"id": 1}, number=1),
            self.delivery({"id": 1}, number=2),
            self.delivery(b"{", number=3),
        )
        self.assertEqual(self.connection.confirmed, [1, 2, 3])
        results = [payload for _topic, payload in self.connection.published]
        self.assertEqual(
            results,
            [b'{"id": "1", "result": "stored"}', b'{"id": "1", "result": "duplicate"}'],
        )
        self.assertEqual(self.account(), (3, 1, 1, 1, 0, 0))

    def test_a_message_that_cannot_be_stored_does_not_hinder_the_others(self):
        store = Inbox.store

        def fail(inbox, cr, deliveries):
            if any(delivery.number == 7 for delivery in deliveries):
                raise psycopg2.DataError("number 7")
            return store(inbox, cr, deliveries)

        deliveries = [self.delivery({"id": number}, number=number) for number in range(1, 20)]
        with patch.object(Inbox, "store", fail), self.assertLogs(LOGGER, "ERROR"):
            self.hand_over(*deliveries)
        self.assertEqual(self.connection.confirmed, list(range(1, 20)))
        self.assertEqual(len(self.messages), 18)
        self.assertEqual(self.letters.reason, "error")
        self.assertIn("number 7", self.letters.detail)
        self.assertEqual(self.account(), (19, 18, 0, 1, 0, 0))
        self.assert_balanced()

    @mute_logger(LOGGER)
    def test_without_the_database_nothing_is_confirmed_and_the_connection_is_given_up(self):
        down = psycopg2.OperationalError("the server closed the connection")
        with (
            patch.object(Inbox, "store", side_effect=down) as store,
            patch.object(self.bridge.stopping, "wait", return_value=False),
        ):
            self.hand_over(self.delivery({"id": 1}, number=1))
        self.assertEqual(store.call_count, ingest.TRIES)
        self.assertEqual(self.connection.confirmed, [])
        self.assertTrue(self.connection.is_closed)
        self.assertIsNone(self.bridge.connection)
        self.assertFalse(self.messages)

    @mute_logger(LOGGER)
    def test_a_server_that_went_away_ends_neither_the_bridge_nor_a_message(self):
        gone = psycopg2.DatabaseError("server closed the connection unexpectedly")
        self.bridge.next_beat = 0
        self.bridge.place._cr = self.env.cr
        with (
            patch.object(process.Place, "note", side_effect=gone),
            patch.object(process.Place, "leave") as leave,
            patch.object(self.bridge.stopping, "wait", return_value=False),
        ):
            self.assertIsNone(self.bridge._turn())
        leave.assert_called_once()
        self.assertTrue(self.connection.is_closed)
        for error in (gone, psycopg2.InterfaceError(), psycopg2.OperationalError()):
            self.assertTrue(ingest.is_passing(error), error)
        for error in (psycopg2.DataError("x"), psycopg2.ProgrammingError("x"), ValueError("x")):
            self.assertFalse(ingest.is_passing(error), error)

    @mute_logger(LOGGER)
    def test_a_server_that_goes_while_connecting_is_waited_for_and_the_place_taken_anew(self):
        self.bridge.connection = None
        gone = psycopg2.OperationalError("server closed the connection unexpectedly")
        with (
            patch.object(Connection, "open"),
            patch.object(process.Place, "filters", side_effect=gone),
            patch.object(self.bridge.stopping, "wait", return_value=False),
        ):
            self.assertIsNone(self.bridge._turn())
        with (
            patch.object(process.Place, "take", return_value=True) as take,
            patch.object(process.Place, "note"),
            patch.object(self.bridge, "_connect", return_value=None) as connect,
        ):
            self.assertIsNone(self.bridge._turn())
        take.assert_called_once()
        connect.assert_called_once()

    @mute_logger(LOGGER)
    def test_a_deadlock_is_tried_again(self):
        store, calls = Inbox.store, []

        def once(inbox, cr, deliveries):
            calls.append(1)
            if len(calls) == 1:
                raise psycopg2.errors.DeadlockDetected()
            return store(inbox, cr, deliveries)

        with (
            patch.object(Inbox, "store", once),
            patch.object(self.bridge.stopping, "wait", return_value=False),
        ):
            self.hand_over(self.delivery({"id": 1}, number=1))
        self.assertEqual(self.connection.confirmed, [1])
        self.assertEqual(self.messages.state, "stored")

    @mute_logger(LOGGER)
    def test_what_came_over_a_lost_connection_is_left_to_come_again(self):
        self.connection.lost.set()
        self.hand_over(self.delivery({"id": 1}, number=1))
        self.assertEqual(self.connection.confirmed, [])
        self.assertFalse(self.messages)
        self.assertIsNone(self.bridge.connection)

    @mute_logger(LOGGER)
    def test_more_than_the_queue_holds_closes_the_connection_and_nothing_is_skipped(self):
        self.connection.queue = Queue(3)
        deliveries = [self.delivery({"id": number}, number=number) for number in range(1, 8)]
        self.hand_over(*deliveries)
        self.assertEqual(self.connection.confirmed, [1, 2, 3])
        self.assertTrue(self.connection.is_closed)

    def test_a_changed_subscription_is_heard_anew(self):
        self.bridge.place._cr = self.env.cr
        with patch.object(process.Place, "note"):
            self.bridge._beat()
            self.assertFalse(self.connection.is_closed)
            self.subscribe(topic="else/+", name="Else")
            self.env.flush_all()
            self.bridge._beat()
        self.assertTrue(self.connection.is_closed)
        self.assertEqual(len(self.bridge.inbox.sources), 2)

    @mute_logger(LOGGER)
    def test_an_archived_broker_ends_the_bridge(self):
        self.bridge.place._cr = self.env.cr
        self.broker.active = False
        self.env.flush_all()
        with patch.object(process.Place, "note"):
            self.assertEqual(self.bridge._beat(), process.WRONG)

    @mute_logger(LOGGER)
    def test_a_broker_that_is_not_there_is_tried_again_later(self):
        self.bridge.connection = None
        with patch.object(Connection, "open", side_effect=Refused("no route")):
            self.bridge._turn()
        self.assertIsNone(self.bridge.connection)
        self.assertIn("no route", self.bridge.error)
        self.assertGreater(self.bridge.next_try, 0)


@tagged("post_install", "-at_install")
class TestQueue(BridgeCommon):
    def test_a_full_queue_takes_no_more_and_keeps_the_order(self):
        queue = Queue(2)
        for number in range(5):
            queue.put([self.delivery({"id": number}, number=number)])
        self.assertTrue(queue.overflowed)
        self.assertEqual([one.number for one in queue.take(10, 0)], [0, 1])
        queue.put([self.delivery({"id": 9}, number=9)])
        self.assertEqual(len(queue), 0)

    def test_one_message_larger_than_the_queue_is_taken(self):
        queue = Queue(2)
        queue.put([self.delivery(b"x" * (65 * 1024 * 1024))])
        self.assertFalse(queue.overflowed)

    def test_a_batch_has_at_most_what_is_asked(self):
        queue = Queue(10)
        for number in range(5):
            queue.put([self.delivery({}, number=number)])
        self.assertEqual(len(queue.take(3, 0)), 3)
        self.assertEqual(len(queue.take(3, 0)), 2)
