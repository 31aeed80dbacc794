"""Two connections that judge at the same moment, and what is left of an attempt that failed."""

import threading
from contextlib import closing, contextmanager
from datetime import timedelta

import psycopg2
from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, common, tagged

from ..bridge.evaluation import Judge
from ..bridge.inbox import Inbox
from ..bridge.role import ISOLATION, is_passing
from ..tools.reading import Delivery

TABLES = ("mqtt_alarm", "mqtt_rule", "mqtt_event", "mqtt_tally", "mqtt_dead_letter")


@tagged("post_install", "-at_install")
class TestRuleRivals(BaseCase):
    def setUp(self):
        super().setUp()
        self.database = common.get_db_name()
        self.registry = Registry(self.database)
        self.addCleanup(self.clean)
        self.at = fields.Datetime.now()
        with self.env() as env:
            broker = env["mqtt.broker"].create({"name": "Rivals", "code": "rivals"})
            self.broker = broker.id
            subscription = env["mqtt.subscription"].create(
                {
                    "name": "Rivals",
                    "broker_id": broker.id,
                    "topic": "rival/+",
                    "unknown_device": "register",
                    "message_id_path": "$.id",
                }
            )
            env["mqtt.metric"].create(
                {"name": "T", "code": "t", "path": "$.t", "subscription_id": subscription.id}
            )
            self.rule = (
                env["mqtt.rule"]
                .create({"name": "R", "broker_id": broker.id, "condition": "metrics.t > 80"})
                .id
            )
            self.sources = subscription._sources()

    @contextmanager
    def env(self):
        """Give an environment whose work is committed."""
        with db_connect(self.database).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def clean(self):
        """Take away what was committed."""
        with self.env() as env:
            env.cr.execute("DELETE FROM mqtt_inbox WHERE topic LIKE 'rival/%'")
            for table in TABLES:
                env.cr.execute(
                    f"DELETE FROM {table} WHERE broker_id = %s",  # noqa: S608
                    [self.broker],
                )
            env.cr.execute("DELETE FROM mqtt_device WHERE broker_id = %s", [self.broker])
            subscriptions = env["mqtt.subscription"].search([("broker_id", "=", self.broker)])
            env["mqtt.metric"].search([("subscription_id", "in", subscriptions.ids)]).unlink()
            subscriptions.unlink()
            env["mqtt.broker"].browse(self.broker).unlink()

    def deliveries(self, name, numbers):
        """Make messages, each of another id."""
        return [
            Delivery(
                f"rival/LF-{number % 3}", b'{"id": "%s-%d", "t": 85}' % (name, number), self.at
            )
            for number in numbers
        ]

    def store(self, deliveries):
        """Store messages as the bridge does, in a transaction of its own."""
        with db_connect(self.database).cursor() as cr:
            cr.execute(ISOLATION)
            Inbox(self.broker, self.sources).store(cr, deliveries)

    def counts(self):
        """Return how many alarms are open, what they count, and how many messages are stored."""
        with self.env() as env:
            alarms = env["mqtt.alarm"].search([("rule_id", "=", self.rule)])
            messages = env["mqtt.message"].search_count([("topic", "=like", "rival/%")])
            return len(alarms), sum(alarms.mapped("count")), messages

    def test_connections_that_hear_at_once_raise_one_alarm_and_lose_no_message(self):
        self.store([Delivery(f"rival/LF-{n}", b'{"id": "w%d"}' % n, self.at) for n in range(3)])
        gate, failures = threading.Barrier(3), []

        def run(name):
            gate.wait(30)
            for start in range(0, 30, 6):
                for _attempt in range(10):
                    try:
                        self.store(self.deliveries(name, range(start, start + 6)))
                        break
                    except psycopg2.Error as error:
                        if not is_passing(error):  # what is passing is tried again, as it is there
                            failures.append(error)
                            return

        threads = [threading.Thread(target=run, args=(name,)) for name in (b"a", b"b", b"c")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        self.assertFalse(failures)
        self.assertEqual(self.counts(), (3, 90, 93))

    def test_sweeps_at_once_and_one_that_failed_raise_one_alarm(self):
        with self.env() as env:
            env["mqtt.rule"].browse(self.rule).duration = 5
        past = self.at - timedelta(seconds=60)
        self.store([Delivery("rival/LF-0", b'{"id": 1, "t": 85}', past)])
        self.assertEqual(self.counts()[0], 0)
        with closing(db_connect(self.database).cursor()) as cr:
            cr.execute(ISOLATION)
            Judge(self.broker).sweep(cr)
            cr.rollback()  # killed before it could commit
        self.assertEqual(self.counts()[0], 0)
        gate = threading.Barrier(2)

        def sweep():
            with db_connect(self.database).cursor() as cr:
                cr.execute(ISOLATION)
                gate.wait(30)
                Judge(self.broker).sweep(cr)

        threads = [threading.Thread(target=sweep) for _number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(self.counts()[:2], (1, 1))
