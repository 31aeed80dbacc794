"""Devices come and go: by birth and will, by their messages, and by their silence."""

import json
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..bridge import liveness
from .common import BridgeCommon


@tagged("post_install", "-at_install")
class TestLiveness(BridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.presence = cls.subscribe(
            topic="state/+",
            name="Presence",
            message_id_path=False,
            timestamp_path=False,
            presence_path="$.state",
        )

    def say(self, word, seconds=0, device="LF-01", **values):
        """Let a device, or its broker, say that it comes or goes."""
        return self.delivery({"state": word}, f"state/{device}", seconds, **values)

    @property
    def devices(self):
        return self.env["mqtt.device"].search([("broker_id", "=", self.broker.id)])

    def listen(self, since, **values):
        """Let a bridge hear the broker."""
        return self.env["mqtt.process"].create(
            {
                "broker_id": self.broker.id,
                "role": "ingest",
                "client_id": "x",
                "heartbeat_at": fields.Datetime.now(),
                "is_connected": True,
                "connected_at": self.at + timedelta(seconds=since),
                **values,
            }
        )

    def watch(self):
        """Run the scheduled job.

        :return: alarms as (what, code of the device, code)
        """
        told = []
        device = self.env.registry["mqtt.device"]
        with (
            patch.object(
                device, "_raise_alarm", lambda one, code, *_: told.append(("+", one.code, code))
            ),
            patch.object(
                device, "_clear_alarm", lambda one, code: told.append(("-", one.code, code))
            ),
        ):
            self.env["mqtt.device"]._cron_watch()
        return told

    def test_birth_and_will_say_whether_a_device_is_there(self):
        self.store(self.say("online"))
        self.assertEqual(self.devices.status, "online")
        self.assertTrue(self.devices.by_presence)
        self.store(self.say("offline", 60))
        self.assertEqual(self.devices.status, "offline")
        self.assertEqual(self.devices.status_at, self.at + timedelta(seconds=60))

    def test_a_will_is_no_sign_of_life_and_a_birth_is_one(self):
        self.store(self.say("online"), self.say("offline", 60))
        self.assertEqual(self.devices.last_seen, self.at)
        self.assertEqual(self.devices.status, "offline")

    def test_whoever_speaks_after_its_will_is_there(self):
        self.store(self.say("offline"))
        self.store(self.delivery({"id": 1}, seconds=5))
        self.assertEqual(self.devices.status, "online")

    def test_what_the_broker_keeps_is_how_things_stand_though_it_was_stored_before(self):
        kept = self.say("offline", is_retained=True)
        self.assertEqual(self.store(kept), ["stored"])
        self.store(self.say("online", 10))
        again = self.say("offline", 20, is_retained=True)
        self.assertEqual(self.store(again), ["duplicate"])
        self.assertEqual(self.devices.status, "offline")

    def test_a_will_that_the_broker_sends_again_is_old_news(self):
        self.store(self.say("offline", number=3), self.say("online", 5, number=4))
        again = self.say("offline", 9, number=3, is_repeated=True)
        self.assertEqual(self.store(again), ["duplicate"])
        self.assertEqual(self.devices.status, "online")

    def test_an_older_word_of_another_process_changes_nothing(self):
        self.store(self.say("online"), self.say("offline", 60))
        self.store(self.say("online", 30))
        self.assertEqual(self.devices.status, "offline")

    def test_words_are_those_of_the_subscription(self):
        self.presence.write({"presence_online": "YES", "presence_offline": "no,gone"})
        self.store(self.say("offline"), self.say("yes", 1))
        self.assertEqual(self.devices.status, "online")
        self.store(self.say("Gone", 2))
        self.assertEqual(self.devices.status, "offline")
        with self.assertRaises(ValidationError):
            self.presence.presence_offline = "yes"
        with self.assertRaises(ValidationError):
            self.presence.presence_path = "the state"

    def test_without_birth_and_will_silence_tells(self):
        self.store(self.delivery({"id": 1}), self.delivery({"id": 2}, "up/LF-02", -7200))
        self.assertEqual(self.devices.mapped("status"), ["online", "silent"])
        find = self.env["mqtt.device"].search
        mine = ("broker_id", "=", self.broker.id)
        for status in ("online", "silent", "offline", "never"):
            found = find([mine, ("status", "=", status)])
            self.assertEqual(found, self.devices.filtered(lambda one, s=status: one.status == s))
        self.assertEqual(len(find([mine, ("status", "not in", ("offline", "never"))])), 2)
        self.watch()
        self.assertEqual(self.devices.mapped("is_online"), [True, False])

    @mute_logger("odoo.sql_db")
    def test_a_slip_in_the_minutes_of_silence_neither_hides_the_device_nor_is_kept(self):
        self.store(self.delivery({"id": 1}))
        device = self.devices
        typed = device.new({"silence_minutes": 2**31 - 1, "last_seen": fields.Datetime.now()})
        self.assertEqual(typed.status, "online")
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            device.silence_minutes = 527041
            self.env.flush_all()

    def test_an_alarm_is_raised_once_when_a_device_falls_silent_and_cleared_when_it_speaks(self):
        self.store(self.delivery({"id": 1}, seconds=-7200))
        self.assertEqual(self.watch(), [])
        self.devices.alarm_silence = True
        self.assertEqual(self.watch(), [("+", "LF-01", "silent")])
        self.assertEqual(self.watch(), [])
        self.store(self.delivery({"id": 2}))
        self.assertEqual(self.watch(), [("-", "LF-01", "silent")])
        self.assertEqual(self.watch(), [])

    def test_a_will_is_alarmed_and_a_device_that_never_spoke_as_well(self):
        self.store(self.say("offline"))
        self.devices.alarm_silence = True
        self.assertEqual(self.watch(), [("+", "LF-01", "silent")])
        self.assertIn("offline", self.devices._silence_message())
        mute = self.env["mqtt.device"].create(
            {"name": "Mute", "code": "M", "broker_id": self.broker.id, "alarm_silence": True}
        )
        self.env.cr.execute(
            "UPDATE mqtt_device SET create_date = create_date - interval '1 day' WHERE id = %s",
            [mute.id],
        )
        self.assertEqual(self.watch(), [("+", "M", "silent")])
        self.assertEqual(mute.status, "never")

    def test_nobody_is_silent_while_the_bridge_is_away_or_has_just_come(self):
        self.store(self.delivery({"id": 1}, seconds=-7200))
        self.devices.alarm_silence = True
        process = self.listen(since=-60)
        self.assertEqual(self.watch(), [])
        process.write({"connected_at": self.at - timedelta(days=1), "is_connected": False})
        self.assertEqual(self.watch(), [])
        process.write({"is_connected": True, "heartbeat_at": self.at - timedelta(minutes=5)})
        self.assertEqual(self.watch(), [])
        process.heartbeat_at = fields.Datetime.now()
        self.assertEqual(self.watch(), [("+", "LF-01", "silent")])

    def test_a_device_in_quarantine_or_rejected_is_not_alarmed(self):
        self.store(self.delivery({"id": 1}, seconds=-7200))
        self.devices.write({"alarm_silence": True, "state": "rejected"})
        self.assertEqual(self.watch(), [])

    def test_a_batch_changes_a_device_once(self):
        self.store(self.delivery({"id": "warm"}))
        one = self.queries(self.store, self.delivery({"id": "one"}, seconds=2))
        deliveries = [self.delivery({"id": number}, seconds=number) for number in range(50)]
        self.assertEqual(self.queries(self.store, *deliveries), one)
        self.assertEqual(self.devices.last_seen, self.at + timedelta(seconds=49))

    def test_who_looks_on_is_told_which_devices_came_and_went(self):
        box_news = liveness.News()
        box_news.add({1, 2, 3}, {2})
        executed = []

        class Cursor:
            dbname = "x"

            def __enter__(self):
                return self

            def __exit__(self, *_):
                return None

            def execute(self, query, parameters=None):
                executed.append((query, parameters))

            def fetchone(self):
                return (7,)

        class Database:
            cursor = Cursor

        with patch.object(liveness.sql_db, "db_connect", lambda _name: Database()):
            box_news.tell(Database())
            box_news.tell(Database())
        self.assertEqual(len(executed), 3)
        channel, message = executed[1][1]
        self.assertEqual(channel, '["x","res.groups",7]')
        self.assertEqual(json.loads(message)["payload"], {"devices": [2, 1, 3], "changed": 1})
        self.assertEqual(executed[2][1], ['[["x","res.groups",7]]'])

    def test_the_scheduled_job_tells_whoever_looks_on(self):
        self.store(self.delivery({"id": 1}, seconds=-7200))
        with patch.object(self.env.registry["mqtt.device"], "_tell") as tell:
            self.watch()
        self.assertEqual(tell.call_args.args[0], set(self.devices.ids))


@tagged("post_install", "-at_install")
class TestNumbers(BridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.subscription.write({"sequence_path": "$.n", "alarm_gaps": True})

    def number(self, *numbers, device="LF-01"):
        """Store messages with numbers."""
        deliveries = [
            self.delivery({"id": f"{number}-{device}", "n": number}, f"up/{device}")
            for number in numbers
        ]
        return self.store(*deliveries)

    @property
    def sequences(self):
        return self.env["mqtt.sequence"].search(
            [("subscription_id", "=", self.subscription.id)], order="id"
        )

    @property
    def gaps(self):
        gaps = self.sequences.gap_ids.sorted("first_number")
        return [(gap.first_number, gap.last_number) for gap in gaps]

    def test_numbers_that_are_skipped_are_missing_until_they_come(self):
        self.number(20, 21, 25)
        self.number(30)
        self.assertEqual(self.gaps, [(22, 24), (26, 29)])
        device = self.messages.device_id
        self.assertEqual((device.missing, self.subscription.missing), (7, 7))
        self.number(23, 26)
        self.assertEqual(self.gaps, [(22, 22), (24, 24), (27, 29)])
        self.assertEqual((self.sequences.late, self.sequences.received), (2, 6))
        self.number(22, 24, 27, 28, 29)
        self.assertEqual((self.gaps, self.sequences.missing), ([], 0))

    def test_numbers_larger_than_any_counter_are_kept(self):
        self.number(2**62, 2**62 + 2)
        self.assertEqual(self.gaps, [(2**62 + 1, 2**62 + 1)])

    def test_each_device_counts_for_itself_and_a_duplicate_counts_once(self):
        self.number(1, 2, device="A")
        self.number(7, 9, device="B")
        self.assertEqual(self.number(9, device="B"), ["duplicate"])
        self.assertEqual(self.sequences.mapped("missing"), [0, 1])
        self.assertEqual(self.sequences.mapped("received"), [2, 2])

    def test_a_restart_is_no_loss(self):
        self.number(500, 502)
        self.number(0, 1)
        self.assertEqual(self.sequences.resets, 1)
        self.assertEqual(self.gaps, [(501, 501)])

    def test_a_message_that_could_not_be_read_is_missing_until_it_is_stored_again(self):
        self.number(20)
        self.subscription.decoder = "hex"
        self.number(21)
        self.subscription.decoder = "json"
        self.number(22)
        self.assertEqual(self.gaps, [(21, 21)])
        self.letters.action_replay()
        self.assertEqual(self.gaps, [])

    def test_an_alarm_follows_what_is_missing(self):
        told = []
        device = self.env.registry["mqtt.device"]

        def raised(one, code, message, details):
            told.append((one.code, code, details["missing"]))

        with (
            patch.object(device, "_raise_alarm", raised),
            patch.object(device, "_clear_alarm", lambda one, code: told.append((one.code, code))),
        ):
            watch = self.env["mqtt.device"]._cron_watch
            self.number(20, 22)
            watch()
            watch()
            self.number(30)
            watch()
            self.sequences.gap_ids.action_settle()
            watch()
            watch()
        self.assertEqual(told, [("LF-01", "gap", 1), ("LF-01", "gap", 8), ("LF-01", "gap")])

    def test_numbers_in_order_cost_at_most_three_queries_a_batch_however_many(self):
        self.number(20)
        one = self.queries(self.number, 21)
        self.assertEqual(self.queries(self.number, *range(22, 62)), one)
        self.subscription.sequence_path = False
        self.assertLessEqual(one - self.queries(self.number, 70), 3)

    def test_gaps_are_forgotten_with_the_messages_around_them(self):
        self.number(20, 22)
        self.sequences.gap_ids.noticed_at = self.at - timedelta(days=40)
        self.env["mqtt.message"]._purge()
        self.assertEqual(self.gaps, [])
