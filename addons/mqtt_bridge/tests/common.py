"""A broker with one subscription, and deliveries as a broker hands them over."""

import json
from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import TransactionCase

from ..bridge.inbox import Inbox
from ..tools.reading import Delivery


class BridgeCommon(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.broker = cls.env["mqtt.broker"].create({"name": "Roof", "code": "roof"})
        cls.subscription = cls.subscribe(topic="up/+", name="Lifts")
        cls.at = fields.Datetime.now().replace(microsecond=0)

    @classmethod
    def subscribe(cls, **values):
        """Make a subscription of the broker."""
        return cls.env["mqtt.subscription"].create(
            {
                "broker_id": cls.broker.id,
                "device_path": "topic:2",
                "message_id_path": "$.id",
                "timestamp_path": "$.ts",
                "tz": "UTC",
                "unknown_device": "register",
                **values,
            }
        )

    def delivery(self, content, topic="up/LF-01", seconds=0, **values):
        """Make a delivery of a dictionary or of bytes."""
        payload = content if isinstance(content, bytes) else json.dumps(content).encode()
        return Delivery(topic, payload, self.at + timedelta(seconds=seconds), **values)

    def store(self, *deliveries):
        """Store deliveries.

        :return: what became of each
        """
        self.env.flush_all()
        inbox = Inbox(self.broker.id, self.broker.subscription_ids._sources())
        items = inbox.store(self.env.cr, deliveries)
        self.env.invalidate_all()
        return [item.outcome for item in items]

    def queries(self, do, *arguments, **values):
        """Count the queries of something that is done.

        :return: their number
        """
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        do(*arguments, **values)
        return self.env.cr.sql_log_count - before

    def account(self):
        """Return the counters of the broker, the difference last."""
        tallies = self.env["mqtt.tally"].search([("broker_id", "=", self.broker.id)])
        names = ("received", "stored", "duplicate", "dead", "queued", "difference")
        return tuple(sum(tallies.mapped(name)) for name in names)

    def assert_balanced(self):
        """Check the account against the rows."""
        tallies = self.env["mqtt.tally"].search([("broker_id", "=", self.broker.id)])
        self.assertFalse(tallies._check().mapped("hour"), "an hour does not balance")

    @property
    def messages(self):
        return self.env["mqtt.message"].search(
            [("subscription_id.broker_id", "=", self.broker.id)], order="id"
        )

    @property
    def letters(self):
        return self.env["mqtt.dead.letter"].search([("broker_id", "=", self.broker.id)], order="id")


YEAR_2020 = datetime(2020, 1, 1)
