"""A dead letter can be stored when its cause is mended; the account follows."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BridgeCommon


@tagged("post_install", "-at_install")
class TestDeadLetter(BridgeCommon):
    def test_a_letter_of_an_unknown_device_is_stored_once_the_device_is_known(self):
        self.subscription.unknown_device = "reject"
        self.store(self.delivery({"id": 1}), self.delivery({"id": 2}, topic="up/LF-02"))
        self.env["mqtt.device"].create(
            {"name": "Lift 1", "code": "LF-01", "broker_id": self.broker.id}
        )
        result = self.letters.action_replay()
        self.assertEqual(result["params"]["type"], "warning")
        self.assertEqual(self.letters.mapped("state"), ["replayed", "open"])
        self.assertEqual(self.letters.mapped("tries"), [1, 1])
        self.assertEqual(self.messages.mapped("message_ref"), ["1"])
        self.assertEqual(self.account(), (2, 1, 0, 1, 0, 0))
        self.assert_balanced()

    def test_a_replayed_message_that_comes_again_is_a_duplicate(self):
        self.subscription.unknown_device = "reject"
        self.store(self.delivery({"id": 1}))
        self.subscription.unknown_device = "register"
        self.letters.action_replay()
        self.assertEqual(self.store(self.delivery({"id": 1})), ["duplicate"])

    def test_a_letter_whose_message_came_in_the_meantime_counts_as_a_duplicate(self):
        self.subscription.unknown_device = "reject"
        self.store(self.delivery({"id": 1}))
        self.subscription.unknown_device = "register"
        self.store(self.delivery({"id": 1}, seconds=1))
        self.letters.action_replay()
        self.assertEqual(len(self.messages), 1)
        self.assertEqual(self.account(), (2, 1, 1, 0, 0, 0))
        self.assert_balanced()

    def test_a_letter_is_stored_under_the_subscription_that_takes_it_now(self):
        self.store(self.delivery({"id": 1}, topic="else/LF-01"))
        other = self.subscribe(topic="else/+", name="Else")
        self.letters.action_replay()
        self.assertEqual(self.letters.subscription_id, other)
        self.assertEqual(other.stored, 1)
        self.assertEqual(self.account(), (1, 1, 0, 0, 0, 0))
        self.assert_balanced()

    def test_a_letter_that_can_be_read_after_a_change_of_decoder_is_stored(self):
        self.store(self.delivery('{"id": "甲"}'.encode("gbk")))
        self.assertEqual(self.letters.reason, "encoding")
        self.subscription.decoder = "json_gbk"
        self.letters.action_replay()
        self.assertEqual(self.messages.message_ref, "甲")
        self.assertIn("甲", self.messages.preview)

    def test_letters_that_were_cut_or_closed_are_not_stored(self):
        self.store(self.delivery(b"x" * 300_000))
        with self.assertRaises(UserError):
            self.letters.action_replay()

    def test_a_letter_put_aside_remains_in_the_account_and_can_be_taken_back(self):
        self.store(self.delivery(b"{"))
        self.letters.action_discard()
        self.assertEqual(self.letters.state, "discarded")
        self.assertEqual(self.account(), (1, 0, 0, 1, 0, 0))
        self.assert_balanced()
        self.letters.action_reopen()
        self.assertEqual(self.letters.state, "open")
