"""From a telegram to the reading of its day."""

from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import IotCommon


@tagged("post_install", "-at_install")
class TestReadings(IotCommon):
    def close_days(self, moment):
        """Let the scheduled job run at a moment (UTC)."""
        now = fields.Datetime.to_datetime(moment)
        cron = type(self.env["ir.cron"])
        with (
            patch.object(fields.Datetime, "now", return_value=now),
            patch.object(cron, "_commit_progress", return_value=1.0),
        ):
            self.meter._cron_close_days()

    def reading(self, day):
        return self.meter.reading_ids.filtered(lambda row: str(row.date) == day)

    def test_a_telegram_is_seen_at_once_and_its_last_of_the_day_becomes_the_reading(self):
        self.connect()
        self.tell(20.5, "2026-10-31 02:00:00")
        self.assertEqual((self.meter.live_value, self.meter.telegram_result), (20.5, "open"))
        self.assertEqual(self.meter.live_consumption, 3.5)
        self.tell(21.25, "2026-10-31 14:00:00")
        self.assertEqual(self.readings(), [])
        self.tell(21.5, "2026-10-31 18:00:00")
        self.assertEqual(self.readings(), [("2026-10-31", 21.25, "ok", True)])
        row = self.reading("2026-10-31")
        self.assertEqual(row.device_id, self.device)
        self.assertEqual(str(row.device_time), "2026-10-31 14:00:00")
        self.assertEqual(row.entered_by_id, self.runner)
        self.assertEqual(row.consumption, 4.25)
        self.assertEqual(set(self.events.mapped("state")), {"done"})

    def test_the_day_is_that_of_the_site_to_the_second(self):
        self.connect()
        self.tell(20, "2026-10-31 15:59:59")
        self.tell(21, "2026-10-31 16:00:00")
        self.tell(22, "2026-11-01 16:00:00")
        self.assertEqual(
            self.readings(), [("2026-10-31", 20, "ok", True), ("2026-11-01", 21, "ok", True)]
        )

    def test_another_time_zone_has_another_midnight(self):
        self.site.tz = "Europe/Berlin"
        self.connect()
        self.tell(20, "2026-10-31 22:59:00")
        self.tell(21, "2026-10-31 23:01:00")
        self.assertEqual(self.readings(), [("2026-10-31", 20, "ok", True)])

    def test_a_value_of_midnight_that_comes_later_counts_for_the_day_before(self):
        self.telegram.late_hours = 2
        self.connect()
        self.tell(20, "2026-10-31 10:00:00")
        self.tell(21, "2026-10-31 16:05:00")
        self.tell(22, "2026-10-31 18:00:00")
        self.assertEqual(self.readings(), [("2026-10-31", 21, "ok", True)])

    def test_the_day_of_a_meter_that_falls_silent_is_closed_by_the_job(self):
        self.connect()
        self.tell(20, "2026-10-31 10:00:00")
        self.close_days("2026-10-31 15:59:00")
        self.assertEqual(self.readings(), [])
        self.close_days("2026-10-31 16:00:00")
        self.assertEqual(self.readings(), [("2026-10-31", 20, "ok", True)])
        self.assertEqual(self.meter.telegram_result, "taken")
        self.close_days("2026-11-02 16:00:00")
        self.tell(23, "2026-11-03 10:00:00")
        self.assertEqual(len(self.readings()), 1)

    def test_the_same_telegram_twice_is_one_reading(self):
        self.connect()
        self.assertEqual(self.hear(20, "2026-10-31 10:00:00", id="same"), "stored")
        self.assertEqual(self.hear(20, "2026-10-31 10:00:00", id="same"), "duplicate")
        [event] = self.events
        names = ("kind", "topic", "payload", "device_time", "received")
        links = ("broker_id", "subscription_id", "device_id", "rule_id", "action_id")
        again = {name: event[name] for name in names}
        again.update({name: event[name].id for name in links})
        self.env["mqtt.event"]._queue([again])
        self.run_events()
        self.tell(21, "2026-11-01 10:00:00")
        self.env["mqtt.event"]._queue([again])
        self.run_events()
        self.assertEqual(set(self.events.mapped("state")), {"done"})
        self.assertEqual(self.readings(), [("2026-10-31", 20, "ok", True)])

    def test_a_crash_before_the_event_is_marked_leaves_nothing_and_the_next_try_one_reading(self):
        self.connect()
        self.tell(20, "2026-10-31 10:00:00")
        self.hear(21, "2026-11-01 10:00:00")
        event = self.events[-1]
        event.write({"state": "running", "tries": 1})
        self.env.flush_all()
        for _ in range(2):
            with self.assertRaises(RuntimeError), self.env.cr.savepoint():
                event._perform(1)
                self.assertEqual(len(self.readings()), 1)
                raise RuntimeError
            self.env.invalidate_all()
            self.assertEqual((self.readings(), event.state), ([], "running"))
        event._perform(1)
        self.assertEqual(self.readings(), [("2026-10-31", 20, "ok", True)])

    def test_a_counter_that_starts_again_is_no_fall(self):
        self.read_meter(self.meter, date(2026, 10, 30), 99990)
        self.connect()
        self.tell(3, "2026-10-31 10:00:00")
        self.tell(4, "2026-11-01 10:00:00")
        row = self.reading("2026-10-31")
        self.assertEqual((row.value, row.state, row.consumption), (3, "ok", 13))

    def test_a_fall_is_held_for_somebody_else_to_decide(self):
        self.connect()
        self.tell(12, "2026-10-31 10:00:00")
        self.tell(12, "2026-11-01 10:00:00")
        self.assertEqual(self.readings(), [("2026-10-31", 12, "held", True)])
        self.assertEqual(self.reading("2026-10-31").hold_kind, "fell")

    def test_what_is_unusually_high_is_held(self):
        for month, value in ((6, 99980), (7, 99985)):
            self.read_meter(self.meter, date(2026, month, 30), value)
        self.connect()
        self.tell(900, "2026-10-31 10:00:00")
        self.tell(901, "2026-11-01 10:00:00")
        self.assertEqual(self.readings()[0][2], "held")

    def test_a_reading_that_is_billed_is_never_touched(self):
        self.connect()
        self.tell(20, "2026-10-31 01:00:00")
        self.close_days("2026-10-31 16:00:00")
        run = self.new_run(date(2026, 10, 1), date(2026, 10, 31), items=self.water)
        run.action_compute()
        run.action_post()
        self.assertEqual([row[3] for row in self.billed(run)], [Decimal("10.35")])
        self.tell(22, "2026-10-31 09:00:00")
        self.tell(23, "2026-11-01 09:00:00")
        self.assertEqual(self.readings()[0], ("2026-10-31", 20, "ok", True))

    def test_what_somebody_read_is_never_touched(self):
        self.read_meter(self.meter, date(2026, 10, 31), 19)
        self.connect()
        self.tell(20, "2026-10-31 10:00:00")
        self.close_days("2026-10-31 16:00:00")
        self.assertEqual(self.readings(), [("2026-10-31", 19, "ok", False)])
        self.assertEqual(self.meter.telegram_result, "by_hand")

    def test_an_estimate_gives_way(self):
        self.env["property.meter.reading"].create(
            {
                "meter_id": self.meter.id,
                "date": "2026-10-31",
                "value": 30,
                "is_estimated": True,
            }
        )
        self.connect()
        self.tell(20, "2026-10-31 10:00:00")
        self.close_days("2026-10-31 16:00:00")
        self.assertEqual(self.readings(), [("2026-10-31", 20, "ok", True)])
        self.assertFalse(self.reading("2026-10-31").is_estimated)

    def test_a_day_whose_reading_was_rejected_is_left_to_people(self):
        self.connect()
        self.tell(12, "2026-10-31 01:00:00")
        self.close_days("2026-10-31 16:00:00")
        self.reading("2026-10-31").with_user(self.users["manager"]).action_reject()
        self.tell(13, "2026-10-31 09:00:00")
        self.close_days("2026-11-01 16:00:00")
        self.assertEqual(self.readings(), [("2026-10-31", 12, "rejected", True)])
        self.assertEqual(self.meter.telegram_result, "decided")

    def test_a_held_reading_that_was_accepted_stands(self):
        self.connect()
        self.tell(12, "2026-10-31 01:00:00")
        self.close_days("2026-10-31 16:00:00")
        self.reading("2026-10-31").with_user(self.users["manager"]).action_accept()
        self.tell(13, "2026-10-31 09:00:00")
        self.close_days("2026-11-01 16:00:00")
        self.assertEqual(self.readings(), [("2026-10-31", 12, "accepted", True)])

    def test_what_a_device_kept_while_it_was_offline_fills_the_days(self):
        self.connect()
        self.tell(30, "2026-11-04 10:00:00")
        for value, moment in (
            (20, "2026-10-31 10:00:00"),
            (21, "2026-10-31 14:00:00"),
            (20.5, "2026-10-31 12:00:00"),
            (25, "2026-11-02 10:00:00"),
        ):
            self.tell(value, moment)
        self.assertEqual(
            self.readings(), [("2026-10-31", 21, "ok", True), ("2026-11-02", 25, "ok", True)]
        )
        self.assertEqual(self.meter.live_value, 30)

    def test_an_older_telegram_of_the_day_changes_nothing(self):
        self.connect()
        self.tell(21, "2026-10-31 14:00:00")
        self.tell(20, "2026-10-31 13:00:00")
        self.assertEqual(self.meter.telegram_value, 21)

    def test_before_its_installation_a_meter_has_no_readings(self):
        self.connect()
        self.meter.install_date = date(2026, 11, 1)
        self.tell(20, "2026-10-31 10:00:00")
        self.close_days("2026-10-31 16:00:00")
        self.assertEqual(self.readings(), [])
        self.assertEqual(self.meter.telegram_result, "before")

    def test_once_a_month_only_the_reading_day_is_kept_or_the_first_day_after_it(self):
        self.telegram.frequency = "monthly"
        self.connect()
        for value, moment in (
            (18, "2026-10-29 10:00:00"),
            (19, "2026-10-31 10:00:00"),
            (20, "2026-11-01 10:00:00"),
            (21, "2026-11-20 10:00:00"),
        ):
            self.tell(value, moment)
        self.close_days("2026-11-21 16:00:00")
        self.assertEqual(self.readings(), [("2026-10-31", 19, "ok", True)])
        self.assertEqual(self.meter.telegram_result, "not_due")

    def test_the_first_day_after_a_missed_reading_day_is_kept(self):
        self.telegram.frequency = "monthly"
        self.connect()
        self.tell(22, "2026-11-03 10:00:00")
        self.tell(23, "2026-11-04 10:00:00")
        self.close_days("2026-11-05 16:00:00")
        self.assertEqual(self.readings(), [("2026-11-03", 22, "ok", True)])

    def test_watt_hours_and_litres_become_what_the_counter_shows(self):
        self.telegram.unit = "litre"
        self.connect()
        self.tell(20123.4, "2026-10-31 10:00:00")
        self.assertEqual(self.meter.telegram_value, 20.123)
        self.assertEqual(self.meter.live_value, 20.123)

    def test_a_value_that_somebody_corrects_is_theirs(self):
        self.connect()
        self.tell(20, "2026-10-31 10:00:00")
        self.close_days("2026-10-31 16:00:00")
        row = self.reading("2026-10-31").with_user(self.users["engineer"])
        row.value = 19
        self.assertFalse(row.is_by_device)
        self.assertEqual(row.entered_by_id, self.users["engineer"])
        self.tell(21, "2026-10-31 12:00:00")
        self.close_days("2026-11-01 16:00:00")
        self.assertEqual(self.readings(), [("2026-10-31", 19, "ok", False)])

    def test_nobody_says_that_a_device_sent_what_he_types(self):
        with self.assertRaises(UserError):
            self.env["property.meter.reading"].with_user(self.users["engineer"]).create(
                {
                    "meter_id": self.meter.id,
                    "date": "2026-10-31",
                    "value": 20,
                    "device_time": "2026-10-31 10:00:00",
                }
            )

    def test_another_device_begins_anew_and_what_the_first_said_is_kept(self):
        self.connect()
        self.tell(20, "2026-10-31 10:00:00")
        self.connect(device=self.new_device("WM-02"))
        self.assertEqual(self.readings(), [("2026-10-31", 20, "ok", True)])
        self.assertFalse(self.meter.telegram_at)
        self.tell(21, "2026-11-01 10:00:00", code="WM-02")
        self.assertEqual(self.meter.telegram_value, 21)

    def test_the_value_of_now_is_taken_as_todays_reading_by_hand(self):
        self.connect()
        engineer = self.users["engineer"]
        with self.assertRaises(UserError):
            self.meter.with_user(engineer).action_take_live()
        now = fields.Datetime.now().replace(microsecond=0)
        self.tell(33, fields.Datetime.to_string(now))
        self.device.write({"last_seen": now})
        self.meter.with_user(engineer).action_take_live()
        [row] = self.readings()
        self.assertEqual(row[1:], (33, "ok", False))
        self.assertEqual(self.meter.reading_ids.sorted("date")[-1].entered_by_id, engineer)
        with self.assertRaises(AccessError):
            self.meter.with_user(self.users["guard"]).action_take_live()
