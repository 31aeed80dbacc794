"""Every delivery is stored once, counted once, or kept with the reason why not."""

import base64
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..bridge import inbox
from .common import BridgeCommon

TOO_DEEP = b"[" * 10_000 + b"]" * 10_000
POISON = {
    b"": "empty",
    b"\xff\xfe": "encoding",
    b"{": "not_json",
    b'{"id": 1, "v": NaN}': "not_finite",
    b'{"id": 2, "v": 1e999}': "not_finite",
    b'{"id": "a\\u0000b"}': "nul",
    b'{"id": "\\ud800"}': "wrong_type",
    b'{"id": [1]}': "wrong_type",
    b'{"id": true}': "wrong_type",
    b'{"id": ' + b"9" * 5000 + b"}": "not_json",
    b'{"id": "' + b"x" * 201 + b'"}': "too_long",
    TOO_DEEP: "too_deep",
    b'{"id": "' + b"x" * 300_000 + b'"}': "too_large",
}


@tagged("post_install", "-at_install")
class TestInbox(BridgeCommon):
    def test_a_message_is_stored_with_its_bytes_device_and_time(self):
        payload = b'{"id": 7, "ts": 1767225600, "v": "\xe5\xbc\x80"}'
        self.assertEqual(self.store(self.delivery(payload)), ["stored"])
        message = self.messages
        self.assertEqual(base64.b64decode(message.payload), payload)
        self.assertEqual(message.device_id.code, "LF-01")
        self.assertEqual(message.message_ref, "7")
        self.assertEqual(message.clock, "device")
        self.assertEqual(str(message.sent_at), "2026-01-01 00:00:00")
        self.assertIn("开", message.preview)
        self.assertEqual(message.device_id.last_seen, self.at)

    def test_the_same_id_is_stored_once_in_a_batch_and_across_batches(self):
        one = self.delivery({"id": 1, "ts": 1767225600})
        self.assertEqual(self.store(one, one), ["stored", "duplicate"])
        self.assertEqual(self.store(one, self.delivery({"id": 1})), ["duplicate", "duplicate"])
        self.assertEqual(len(self.messages), 1)
        self.assertEqual(self.account(), (4, 1, 3, 0, 0, 0))

    def test_the_same_id_of_another_device_is_another_message(self):
        kinds = self.store(self.delivery({"id": 1}), self.delivery({"id": 1}, topic="up/LF-02"))
        self.assertEqual(kinds, ["stored", "stored"])

    def test_ids_that_begin_anew_are_told_apart_by_the_time(self):
        self.subscription.identity = "reference_time"
        first, second = {"id": 1, "ts": 1767225600}, {"id": 1, "ts": 1767229200}
        kinds = self.store(*(self.delivery(content) for content in (first, second, first)))
        self.assertEqual(kinds, ["stored", "stored", "duplicate"])

    def test_without_an_id_content_with_a_time_tells_repeats(self):
        one = self.delivery({"ts": 1767225600, "v": 1})
        self.assertEqual(self.store(one, one), ["stored", "duplicate"])

    def test_without_id_and_time_equal_content_is_no_repeat(self):
        door = self.delivery({"door": "open"}, number=5)
        self.assertEqual(self.store(door), ["stored"])
        self.assertEqual(self.store(self.delivery({"door": "open"}, number=6)), ["stored"])

    def test_what_the_broker_sends_again_is_known_by_number_and_content(self):
        self.store(self.delivery({"door": "open"}, number=5))
        again = self.delivery({"door": "open"}, number=5, is_repeated=True)
        other = self.delivery({"door": "shut"}, number=5, is_repeated=True)
        self.assertEqual(self.store(again), ["duplicate"])
        self.assertEqual(self.store(other), ["stored"])
        self.assertEqual(self.store(other), ["duplicate"])

    def test_a_number_that_is_used_anew_is_no_repeat(self):
        self.store(self.delivery({"door": "open"}, number=5))
        self.assertEqual(self.store(self.delivery({"door": "open"}, number=5)), ["stored"])

    def test_a_retained_message_is_a_state_that_is_stored_once(self):
        state = self.delivery({"door": "open"}, number=1, is_retained=True)
        self.assertEqual(self.store(state), ["stored"])
        again = self.delivery({"door": "open"}, number=2, is_retained=True)
        self.assertEqual(self.store(again), ["duplicate"])
        self.assertFalse(self.messages.device_id.last_seen)

    def test_every_poison_becomes_a_dead_letter_with_its_reason(self):
        good = self.delivery({"id": "good"})
        kinds = self.store(good, *(self.delivery(payload) for payload in POISON), good)
        self.assertEqual(kinds, ["stored", *["dead"] * len(POISON), "duplicate"])
        self.assertEqual(self.letters.mapped("reason"), list(POISON.values()))
        self.assertEqual(self.account(), (len(POISON) + 2, 1, 1, len(POISON), 0, 0))
        self.assert_balanced()

    def test_a_dead_letter_keeps_the_bytes_and_of_too_large_ones_the_beginning(self):
        self.store(self.delivery(b"\xff\x00\x01"), self.delivery(b"x" * 5_000_000))
        short, cut = self.letters
        self.assertEqual(base64.b64decode(short.payload), b"\xff\x00\x01")
        self.assertEqual(len(base64.b64decode(cut.payload)), inbox.CUT)
        self.assertEqual((cut.size, cut.is_cut, short.is_cut), (5_000_000, True, False))

    def test_the_same_poison_again_is_a_duplicate(self):
        self.assertEqual(
            self.store(self.delivery(b"{"), self.delivery(b"{")), ["dead", "duplicate"]
        )
        self.assertEqual(self.store(self.delivery(b"{")), ["duplicate"])
        self.assertEqual(len(self.letters), 1)

    def test_a_topic_that_no_subscription_takes_is_a_dead_letter_and_counted(self):
        self.assertEqual(self.store(self.delivery({"id": 1}, topic="else/1")), ["dead"])
        self.assertEqual(self.letters.reason, "no_subscription")
        self.assertFalse(self.letters.subscription_id)
        self.assertEqual(self.account(), (1, 0, 0, 1, 0, 0))
        self.assert_balanced()

    def test_hidden_characters_in_a_topic_do_not_hinder(self):
        self.subscription.topic = "up/#"
        self.assertEqual(self.store(self.delivery({"id": 1}, topic="up/a\0b")), ["dead"])
        self.assertEqual(self.letters.topic, "up/a\\0b")

    def test_a_time_ahead_is_the_time_of_receipt_and_is_marked(self):
        ahead = int((self.at + timedelta(hours=1)).timestamp())
        self.store(
            self.delivery({"id": 1, "ts": ahead}),
            self.delivery({"id": 2, "ts": {"no": "time"}}),
            self.delivery({"id": 3}),
        )
        self.assertEqual(self.messages.mapped("clock"), ["future", "unreadable", "received"])
        self.assertEqual(set(self.messages.mapped("sent_at")), {self.at})

    def test_the_last_sign_of_a_device_never_goes_back(self):
        self.store(self.delivery({"id": 1}, seconds=60))
        self.store(self.delivery({"id": 2}))
        self.assertEqual(self.messages.device_id.last_seen, self.at + timedelta(seconds=60))

    def test_an_unknown_device_is_a_dead_letter_when_the_subscription_says_so(self):
        self.subscription.unknown_device = "reject"
        self.assertEqual(self.store(self.delivery({"id": 1})), ["dead"])
        self.assertEqual(self.letters.mapped("reason"), ["unknown_device"])
        self.assertFalse(self.env["mqtt.device"].search([("broker_id", "=", self.broker.id)]))

    def test_messages_of_a_device_in_quarantine_wait_and_are_stored_when_it_is_accepted(self):
        self.subscription.unknown_device = "quarantine"
        kinds = self.store(self.delivery({"id": 1}), self.delivery({"id": 1}))
        self.assertEqual(kinds, ["queued", "duplicate"])
        self.assertEqual(self.account(), (2, 0, 1, 0, 1, 0))
        self.assert_balanced()
        device = self.messages.device_id
        self.assertEqual(device.state, "quarantined")
        device.action_accept()
        self.assertEqual(self.account(), (2, 1, 1, 0, 0, 0))
        self.assertEqual(self.messages.state, "stored")
        self.assertEqual(self.store(self.delivery({"id": 2})), ["stored"])
        self.assert_balanced()

    def test_messages_of_a_device_that_is_rejected_become_dead_letters(self):
        self.subscription.unknown_device = "quarantine"
        payload = bytes(range(256)) * 20
        self.subscription.decoder = "raw"
        self.subscription.message_id_path = False
        self.store(self.delivery(payload))
        self.messages.device_id.action_reject()
        self.assertFalse(self.messages)
        self.assertEqual(base64.b64decode(self.letters.payload), payload)
        self.assertEqual(self.letters.reason, "rejected_device")
        self.assertEqual(self.account(), (1, 0, 0, 1, 0, 0))
        self.assert_balanced()
        self.assertEqual(self.store(self.delivery(b"more")), ["dead"])

    def test_what_waited_longer_than_messages_are_kept_is_no_message_lost(self):
        self.subscription.unknown_device = "quarantine"
        self.store(self.delivery({"id": 1}, seconds=-40 * 86400), self.delivery({"id": 2}))
        self.env["mqtt.message"]._purge()
        self.assertEqual(self.letters.reason, "expired")
        self.assertEqual(len(self.messages), 1)
        self.assertEqual(self.account(), (2, 0, 0, 1, 1, 0))
        self.assert_balanced()

    def test_days_past_are_dropped_and_their_hours_stay_in_the_account(self):
        self.store(self.delivery({"id": 1}, seconds=-40 * 86400), self.delivery({"id": 2}))
        self.env["mqtt.message"]._cron_housekeeping()
        self.assertEqual(self.messages.mapped("message_ref"), ["2"])
        self.assertEqual(self.account(), (2, 2, 0, 0, 0, 0))
        self.assert_balanced()

    def test_keys_are_kept_for_longer_than_any_broker_keeps_messages(self):
        self.broker.session_days = 90
        self.assertEqual(self.env["mqtt.message"]._dedupe_days(), 91)

    def test_a_message_of_tomorrow_and_of_long_ago_find_their_place(self):
        days = (-400, -1, 0, 1, 400)
        deliveries = [self.delivery({"id": day}, seconds=day * 86400) for day in days]
        self.assertEqual(self.store(*deliveries), ["stored"] * len(days))
        self.env["mqtt.message"]._make_partitions()
        self.assert_balanced()

    def test_an_account_that_does_not_balance_is_found_and_told(self):
        self.store(self.delivery({"id": 1}), self.delivery({"id": 2}))
        self.env.cr.execute(
            "DELETE FROM mqtt_inbox WHERE message_ref = '2' AND subscription_id = %s",
            [self.subscription.id],
        )
        tally = self.env["mqtt.tally"].search([("broker_id", "=", self.broker.id)])
        self.assertEqual(tally._check(), tally)
        self.assertEqual((tally.rows_stored, tally.difference), (1, 0))
        with self.assertLogs("odoo.addons.mqtt_bridge", "ERROR"):
            self.env["mqtt.message"]._cron_housekeeping()
        self.assertIn("does not balance", self.broker.message_ids[0].body)

    def test_a_counter_that_lost_one_is_found(self):
        self.store(self.delivery({"id": 1}))
        self.env.cr.execute(
            "UPDATE mqtt_tally SET received = received + 1 WHERE broker_id = %s", [self.broker.id]
        )
        self.env.invalidate_all()
        tallies = self.env["mqtt.tally"]
        mine = [("broker_id", "=", self.broker.id)]
        self.assertEqual(tallies.search([*mine, ("difference", "!=", 0)]).difference, 1)
        self.assertEqual(self.subscription.difference, 1)

    def test_a_subscription_sums_its_account(self):
        self.store(self.delivery({"id": 1}), self.delivery({"id": 1}), self.delivery(b"{"))
        numbers = self.subscription.read(["received", "stored", "duplicate", "dead", "queued"])[0]
        numbers.pop("id")
        self.assertEqual(list(numbers.values()), [3, 1, 1, 1, 0])

    def test_a_device_that_wants_to_know_is_told_what_is_kept(self):
        self.subscription.ack_topic = "cmd/{device}/ack"
        source = self.subscription._sources()
        box = inbox.Inbox(self.broker.id, source)
        self.env.flush_all()
        items = box.store(
            self.env.cr, [self.delivery({"id": 1}), self.delivery({"id": 1}), self.delivery(b"{")]
        )
        told = [inbox.confirmation(item) for item in items]
        self.assertEqual(told[0], ("cmd/LF-01/ack", b'{"id": "1", "result": "stored"}'))
        self.assertEqual(told[1], ("cmd/LF-01/ack", b'{"id": "1", "result": "duplicate"}'))
        self.assertIsNone(told[2])

    def test_a_batch_takes_as_many_queries_as_one_message(self):
        self.store(self.delivery({"id": "warm"}))
        self.env.flush_all()
        for count, base in ((1, 0), (200, 1000)):
            box = inbox.Inbox(self.broker.id, self.subscription._sources())
            deliveries = [self.delivery({"id": base + number}) for number in range(count)]
            with self.assertQueryCount(6):
                box.store(self.env.cr, deliveries)

    def test_a_device_that_proved_who_it_is_speaks_for_no_other(self):
        self.env.flush_all()
        box = inbox.Inbox(self.broker.id, self.subscription._sources())
        deliveries = [self.delivery({"id": 1}), self.delivery({"id": 1}, topic="up/LF-02")]
        items = box.store(self.env.cr, deliveries, speaker="LF-01")
        self.assertEqual([item.outcome for item in items], ["stored", "dead"])
        self.env.invalidate_all()
        self.assertEqual(self.letters.reason, "other_device")
        with self.assertRaises(UserError):
            self.letters.action_replay()
