"""A water meter that reads itself: a device, the way in which it reports, and its meter."""

from datetime import UTC, datetime

from odoo.tools import mute_logger

from odoo.addons.mqtt_bridge.tests.event_common import EventCommon
from odoo.addons.property_billing.tests.common import BillingStaffCommon


class IotCommon(BillingStaffCommon, EventCommon):
    """Meter W1 of unit 3-1-1502 was read on 2026-09-30: 17. Its device sends m³ of ``$.v``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.messages_sent = 0
        cls.runner = cls.user("device.robot", "group_reader")
        cls.runner.lang = "en_US"  # what tests read
        cls.broker.user_id = cls.runner
        cls.metric = cls.env["mqtt.metric"].create(
            {"subscription_id": cls.subscription.id, "code": "v", "name": "Volume", "path": "$.v"}
        )
        cls.telegram = cls.env["property.meter.telegram"].create(
            {
                "name": "Water meters",
                "subscription_id": cls.subscription.id,
                "metric_id": cls.metric.id,
                "kind": "cold_water",
            }
        )
        cls.device = cls.new_device("WM-01")

    @classmethod
    def new_device(cls, code, **values):
        """Register a device."""
        return cls.env["mqtt.device"].create(
            {"name": f"Device {code}", "code": code, "broker_id": cls.broker.id, **values}
        )

    def connect(self, meter=None, device=None, **values):
        """Let a device read a meter."""
        meter = meter or self.meter
        meter.write(
            {
                "device_id": (device or self.device).id,
                "telegram_id": self.telegram.id,
                **values,
            }
        )
        return meter

    def hear(self, value, moment, code="WM-01", **content):
        """Store a telegram of a moment (UTC), as the bridge does, without running its event.

        :return: what became of it
        """
        type(self).messages_sent += 1
        seconds = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()
        body = {"id": f"m{self.messages_sent}", "ts": seconds, "v": value, **content}
        [outcome] = self.store(self.delivery(body, topic=f"up/{code}"))
        return outcome

    def tell(self, value, moment, code="WM-01", **content):
        """Store a telegram and run what it starts."""
        self.assertEqual(self.hear(value, moment, code, **content), "stored")
        return self.run_events()

    @property
    def events(self):
        return self.env["mqtt.event"].search([("broker_id", "=", self.broker.id)], order="id")

    def run_events(self):
        """Run the events that wait, as the process does, each in its own transaction."""
        done = self.env["mqtt.event"]
        while waiting := self.events.filtered(lambda event: event.state == "waiting")[:1]:
            self.run_event(waiting)
            done |= waiting
        return done

    @mute_logger("odoo.sql_db")
    def run_event(self, event):
        """Run an event; one that fails has failed for good at once."""
        event.write({"state": "running", "tries": 1})
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                event._perform(1)
        except Exception as error:  # noqa: BLE001  (the process takes any)
            self.env.invalidate_all()
            event.write({"state": "dead", "error": str(error)})
        self.env.invalidate_all()

    def readings(self, meter=None, since="2026-10-01"):
        """Return (day, value, state, by device) of the readings of a meter."""
        found = self.env["property.meter.reading"].search(
            [("meter_id", "=", (meter or self.meter).id), ("date", ">=", since)], order="date, id"
        )
        return [(str(row.date), row.value, row.state, row.is_by_device) for row in found]
