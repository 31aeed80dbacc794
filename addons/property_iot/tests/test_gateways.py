"""Gateways that list several meters, and telegrams that cannot become readings."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import IotCommon


@tagged("post_install", "-at_install")
class TestGateways(IotCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.telegram.write(
            {
                "metric_id": False,
                "list_path": "$.meters",
                "address_path": "$.addr",
                "reading_path": "$.r",
            }
        )
        cls.meters = cls.meter | cls.env["property.meter"].create(
            [
                {"code": f"W{number}", "unit_id": cls.unit_2.id, "kind": "cold_water", "digits": 5}
                for number in (2, 3)
            ]
        )
        for number, meter in enumerate(cls.meters, 1):
            meter.write(
                {
                    "device_id": cls.device.id,
                    "telegram_id": cls.telegram.id,
                    "device_address": f"0{number}",
                }
            )

    def rows(self, *rows):
        return [{"addr": address, "r": value} for address, value in rows]

    def test_one_message_reads_all_its_meters(self):
        self.tell(0, "2026-10-31 10:00:00", meters=self.rows(("01", 20), ("02", 5), ("03", 7)))
        self.tell(0, "2026-11-01 10:00:00", meters=self.rows(("01", 21), ("03", 8)))
        self.assertEqual(
            [self.readings(meter) for meter in self.meters],
            [[("2026-10-31", 20, "ok", True)], [], [("2026-10-31", 7, "ok", True)]],
        )
        self.assertEqual(self.meters.mapped("telegram_value"), [21, 5, 8])
        self.assertEqual(len(self.events), 2)

    def test_one_that_cannot_be_read_keeps_no_other_back_and_can_be_run_again(self):
        self.tell(0, "2026-10-31 10:00:00", meters=self.rows(("01", 20), ("09", 5), ("02", "x")))
        self.assertEqual(self.meters.mapped("telegram_value"), [20, 0, 0])
        whole, part = self.events
        self.assertEqual((whole.state, part.state), ("done", "dead"))
        self.assertIn("No meter is connected to WM-01 · 09", part.error)
        self.assertIn("no number", part.error)
        self.assertEqual(part._content()["meters"], self.rows(("09", 5), ("02", "x")))
        self.assertEqual(part.device_time, whole.device_time)
        self.meters[2].device_address = "09"
        part.action_replay()
        self.run_events()
        self.assertEqual(self.meters.mapped("telegram_value"), [20, 0, 5])
        self.assertEqual(self.events.mapped("state"), ["done", "done", "dead"])

    def test_unknown_addresses_may_be_of_no_interest(self):
        self.telegram.ignores_unknown = True
        self.tell(0, "2026-10-31 10:00:00", meters=self.rows(("01", 20), ("09", 5)))
        self.assertEqual(self.events.mapped("state"), ["done"])

    def test_a_list_longer_than_an_event_carries_is_read_from_the_message(self):
        rows = [{"addr": f"x{number}", "r": 1, "pad": "z" * 80} for number in range(400)]
        self.telegram.ignores_unknown = True
        self.tell(0, "2026-10-31 10:00:00", meters=[*rows, *self.rows(("03", 9))])
        self.assertIsInstance(self.events._content(), str)
        self.assertEqual(self.events.state, "done")
        self.assertEqual(self.meters[2].telegram_value, 9)

    def test_many_unknown_meters_make_one_more_event_and_not_more_and_more(self):
        rows = [{"addr": f"x{number}", "r": 1, "pad": "z" * 80} for number in range(1500)]
        self.tell(0, "2026-10-31 10:00:00", meters=[*self.rows(("01", 20)), *rows])
        self.assertEqual(self.events.mapped("state"), ["done", "dead"])
        self.assertEqual(self.meter.telegram_value, 20)

    def test_the_addresses_of_a_device_are_different(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
            self.meters[1].device_address = "01"
            self.env.flush_all()
        self.assertIn("source_unique", str(caught.exception))

    def test_a_message_without_the_list_starts_nothing(self):
        self.tell(3, "2026-10-31 10:00:00")
        self.assertFalse(self.events)


@tagged("post_install", "-at_install")
class TestFaults(IotCommon):
    def dead(self):
        """Return the error of the one event."""
        [event] = self.events
        self.assertEqual(event.state, "dead")
        return event.error

    def test_a_device_without_a_meter_is_a_dead_event_until_it_is_connected(self):
        self.tell(20, "2026-10-31 10:00:00")
        self.assertIn("No meter is connected to WM-01", self.dead())
        self.connect()
        self.events.action_replay()
        self.run_events()
        self.assertEqual((self.events.state, self.meter.telegram_value), ("done", 20))

    def test_a_value_that_the_counter_cannot_show_is_refused(self):
        self.connect()
        self.tell(100000, "2026-10-31 10:00:00")
        self.assertIn("of 5 digits, cannot show 100000", self.dead())
        self.assertFalse(self.meter.telegram_at)

    def test_a_value_below_zero_is_refused(self):
        self.connect()
        self.tell(-0.5, "2026-10-31 10:00:00")
        self.assertIn("cannot show -0.5", self.dead())

    def test_a_meter_that_was_archived_takes_nothing(self):
        self.connect()
        self.meter.active = False
        self.tell(20, "2026-10-31 10:00:00")
        self.assertIn("was replaced or archived", self.dead())

    def test_without_a_user_nothing_runs_and_nothing_is_lost(self):
        self.connect()
        self.broker.user_id = False
        self.tell(20, "2026-10-31 10:00:00")
        self.assertIn("No user runs the actions", self.dead())

    def test_a_telegram_that_nobody_set_up_says_so(self):
        self.connect()
        rule = self.telegram.rule_id.copy({"name": "Stray"})
        rule.sudo().action_server_ids = self.env.ref("property_iot.action_take_reading")
        other = self.subscribe(topic="other/+", name="Other")
        rule.write({"subscription_id": other.id, "condition": "has(payload.v)"})
        self.store(self.delivery({"id": "z", "v": 3}, topic="other/WM-01"))
        self.run_events()
        self.assertIn("is not set up", self.dead())

    def test_a_meter_needs_its_address_where_there_are_several_and_none_where_not(self):
        with self.assertRaises(ValidationError):
            self.connect(device_address="01")
        self.telegram.write({"metric_id": False, "address_path": "$.addr", "reading_path": "$.v"})
        with self.assertRaises(ValidationError):
            self.connect()
        self.connect(device_address=" 01 ")
        self.assertEqual(self.meter.device_address, "01")
        self.tell(20, "2026-10-31 10:00:00", addr="01")
        self.assertEqual(self.meter.telegram_value, 20)
        self.meter.device_address = 2  # as programs send it
        self.assertEqual(self.meter.device_address, "2")

    def test_another_kind_of_meter_or_another_broker_is_refused(self):
        with self.assertRaises(ValidationError):
            self.telegram.kind = "electricity"
            self.connect()
        self.telegram.kind = False
        broker = self.env["mqtt.broker"].create(
            {"name": "Cellar", "code": "cellar", "host": "other"}
        )
        with self.assertRaises(ValidationError):
            self.connect(device=self.new_device("X", broker_id=broker.id))

    def test_replaying_is_for_operators(self):
        self.tell(20, "2026-10-31 10:00:00")
        with self.assertRaises(UserError):
            self.events.with_user(self.runner).action_replay()
