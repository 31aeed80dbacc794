"""Commands: who may give which, what goes onto the wire, and what answers do."""

import base64
import json
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged

from ..tools import commands
from .event_common import EventCommon


class CommandCommon(EventCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.subscription.write({"reply_path": "$.re", "reply_result_path": "$.code"})
        cls.operator = cls.user("operator", "group_operator")
        cls.reader = cls.user("reader", "group_reader")

    def send(self, payload=None, **options):
        """Give the lift a command."""
        payload = {"cmd": "open"} if payload is None else payload
        return self.env["mqtt.command"].send(self.device, payload, **options)

    def body(self, command):
        return base64.b64decode(command.body)


@tagged("post_install", "-at_install")
class TestCommand(CommandCommon):
    def test_a_command_waits_with_its_id_topic_and_end(self):
        command = self.send()
        self.assertEqual((command.state, command.topic), ("waiting", "cmd/LF-01"))
        self.assertEqual(json.loads(self.body(command)), {"cmd": "open", "id": command.reference})
        self.assertEqual((command.expires_at - command.due).total_seconds(), 60)
        self.assertTrue(command.expect_ack)
        self.assertEqual(command.qos, "1")

    def test_an_id_that_the_giver_chose_is_kept(self):
        command = self.send({"id": 77, "cmd": "open"})
        self.assertEqual(command.reference, "77")
        self.assertEqual(json.loads(self.body(command))["id"], 77)

    def test_texts_and_bytes_go_out_as_they_are_and_expect_no_answer(self):
        text, frame = self.send("开门"), self.send(b"\x68\x00\x16")
        self.assertEqual(self.body(text), "开门".encode())
        self.assertEqual((self.body(frame), frame.payload), (b"\x68\x00\x16", "680016"))
        self.assertFalse(text.expect_ack or frame.expect_ack)

    def test_a_device_may_have_a_topic_and_a_broker_a_place_for_the_id(self):
        self.device.command_topic = "device/{device}/down"
        self.broker.command_id_path = "$.head.cmd_id"
        command = self.send({"head": {"v": 1}})
        self.assertEqual(command.topic, "device/LF-01/down")
        self.assertEqual(
            json.loads(self.body(command)), {"head": {"v": 1, "cmd_id": command.reference}}
        )
        with self.assertRaisesRegex(UserError, "has no place"):
            self.send({"head": 1})

    def test_a_command_that_never_ends_is_asked_for(self):
        self.assertFalse(self.send(expires=0).expires_at)
        command = self.send(expires=10)
        self.assertEqual((command.expires_at - command.due).total_seconds(), 10)

    def test_what_cannot_be_sent_is_refused(self):
        for payload in ({"v": float("nan")}, {"v": object()}, "", "a\0b", "x" * 300_000, b""):
            with self.subTest(payload=str(payload)[:20]), self.assertRaises(UserError):
                self.send(payload)

    def test_options_that_make_no_sense_are_refused(self):
        bad = (
            *({"qos": 2}, {"expires": -1}, {"expires": 10**9}),
            *({"repeats": 11}, {"repeats": -1}, {"repeats": 1, "expect_ack": False}),
        )
        for options in bad:
            with self.subTest(**options), self.assertRaises(UserError):
                self.send(**options)
        with self.assertRaisesRegex(UserError, "No device could answer"):
            self.send("text", expect_ack=True)

    def test_where_no_subscription_hears_answers_none_is_expected(self):
        self.subscription.reply_path = False
        self.assertFalse(self.send().expect_ack)
        with self.assertRaises(UserError):
            self.send(expect_ack=True)

    def test_a_device_that_was_not_accepted_is_told_nothing(self):
        for state in ("quarantined", "rejected"):
            self.device.state = state
            with self.subTest(state=state), self.assertRaisesRegex(UserError, "accept the device"):
                self.send()

    def test_the_device_may_be_named_by_its_id(self):
        command = self.env["mqtt.command"].send(self.device.id, {"cmd": "x"})
        self.assertEqual(command.device_id, self.device)
        with self.assertRaisesRegex(UserError, "Choose the device"):
            self.env["mqtt.command"].send(2**31 - 1, {"cmd": "x"})

    def test_operators_send_and_readers_do_not(self):
        model = self.env["mqtt.command"]
        command = model.with_user(self.operator).send(self.device.id, {"cmd": "open"})
        self.assertEqual(command.create_uid, self.operator)
        with self.assertRaises(AccessError):
            model.with_user(self.reader).send(self.device.id, {"cmd": "open"})
        for name in ("action_cancel", "action_send_again"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                getattr(command.with_user(self.reader), name)()
        for name in ("write", "unlink"):
            arguments = [{"state": "done"}] if name == "write" else []
            with self.subTest(name=name), self.assertRaises(AccessError):
                getattr(command.with_user(self.operator), name)(*arguments)

    def test_devices_of_another_company_are_told_nothing(self):
        self.broker.company_id = self.env["res.company"].create({"name": "Other"})
        command = self.send()
        model = self.env["mqtt.command"].with_user(self.operator)
        with self.assertRaises(AccessError):
            model.send(self.device.id, {"cmd": "open"})
        self.assertFalse(model.search([("id", "=", command.id)]))

    def test_a_command_that_waits_is_taken_back_and_one_on_its_way_is_not(self):
        waiting, under_way = self.send(), self.send()
        under_way.state = "sending"
        (waiting + under_way).with_user(self.operator).action_cancel()
        self.assertEqual((waiting.state, under_way.state), ("cancelled", "sending"))
        self.assertEqual(waiting.cancel_user_id, self.operator)
        with self.assertRaisesRegex(UserError, "too late"):
            under_way.action_cancel()

    def test_a_command_is_given_again_as_a_new_one(self):
        command = self.send()
        command.state = "expired"
        action = command.with_user(self.operator).action_send_again()
        again = self.env["mqtt.command"].search(action["domain"])
        self.assertEqual((again.payload, again.state), (command.payload, "waiting"))
        self.assertNotEqual(again.reference, command.reference)

    def test_an_action_of_an_event_sends_a_command(self):
        action = self.action("env['mqtt.command'].send(device, {'cmd': 'stop'})")
        event = self.event(action)
        event.write({"state": "running", "tries": 1})
        event._perform(1)
        command = self.env["mqtt.command"].search([("device_id", "=", self.device.id)])
        self.assertEqual((command.state, command.create_uid), ("waiting", self.runner))

    def test_the_form_sends_to_many_devices(self):
        other = self.device.copy({"code": "LF-02"})
        wizards = self.env["mqtt.command.send"].with_user(self.operator)
        form = Form(wizards.with_context(default_device_ids=(self.device + other).ids))
        self.assertEqual(form.seconds, 60)
        form.payload = "{open}"
        wizard = form.save()
        with self.assertRaisesRegex(UserError, "cannot be sent"):
            wizard.action_send()
        wizard.write({"payload": '{"cmd": "open"}', "expect_ack": "no", "seconds": 5})
        sent = self.env["mqtt.command"].search(wizard.action_send()["domain"])
        self.assertEqual(sent.device_id, self.device + other)
        self.assertFalse(any(sent.mapped("expect_ack")))

    def test_a_topic_for_commands_that_the_bridge_hears_is_refused(self):
        for values in ({"command_topic": "up/{device}"}, {"command_topic": "cmd/#"}):
            with self.subTest(**values), self.assertRaises(ValidationError):
                self.broker.write(values)
        with self.assertRaises(ValidationError):
            self.device.command_topic = "up/LF-01"
        with self.assertRaises(ValidationError):
            self.subscribe(topic="cmd/#", name="Own")
        with self.assertRaises(ValidationError):
            self.broker.command_id_path = "$.list[0]"
        with self.assertRaises(ValidationError):
            self.subscription.reply_path = "re ply"

    def test_commands_of_many_devices_take_few_queries(self):
        devices = self.device
        for number in range(50):
            devices += self.device.copy({"code": f"X-{number}"})
        send = self.env["mqtt.command"]._send
        send(devices[:2], "json", "{}")
        with self.assertQueryCount(8):
            send(devices, "json", "{}")

    def test_old_commands_at_an_end_are_deleted(self):
        old, open_, young = self.send(), self.send(), self.send()
        (old + young).state = "done"
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mqtt_command SET create_date = '2020-01-01' WHERE id IN %s",
            [(old + open_)._ids],
        )
        self.env["mqtt.command"]._gc_commands()
        self.assertEqual((old + open_ + young).exists(), open_ + young)


@tagged("post_install", "-at_install")
class TestReply(CommandCommon):
    """What devices answer comes through the inbox like any other message."""

    def sent(self, **options):
        """Give a command that was published and confirmed."""
        command = self.send(**options)
        command.write({"state": "sent", "published_at": self.at, "sent_at": self.at})
        return command

    def answer(self, command, **content):
        return self.delivery({"re": command.reference, "code": 0, **content})

    def test_an_answer_closes_its_command(self):
        good, bad, late = self.sent(), self.sent(), self.sent()
        late.state = "unanswered"
        self.store(self.answer(good, id=1), self.answer(bad, id=2, code=5), self.answer(late, id=3))
        self.assertEqual([one.state for one in good + bad + late], ["done", "rejected", "done"])
        self.assertIn('"code": 5', bad.reply)
        self.assertEqual(good.replied_at, self.at)

    def test_an_answer_that_comes_before_the_broker_confirms_counts(self):
        command = self.send()
        command.write({"state": "sending", "published_at": self.at})
        self.store(self.answer(command))
        self.assertEqual(command.state, "done")

    def test_nobody_answers_for_another_device(self):
        command = self.sent()
        self.store(self.delivery({"re": command.reference, "code": 0}, topic="up/LF-99"))
        self.assertEqual(command.state, "sent")

    def test_what_was_never_published_is_not_answered(self):
        command = self.send()
        self.store(self.answer(command))
        self.assertEqual(command.state, "waiting")

    def test_a_retained_or_repeated_message_is_no_answer(self):
        command = self.sent()
        self.store(self.delivery({"re": command.reference, "code": 0}, is_retained=True))
        self.assertEqual(command.state, "sent")
        self.store(self.answer(command, id=5, code=9), self.answer(command, id=5, code=9))
        self.assertEqual((command.state, self.account()[2]), ("rejected", 1))

    def test_the_last_of_several_answers_counts_and_done_stays_done(self):
        command = self.sent()
        self.store(self.answer(command, id=1, code="busy"), self.answer(command, id=2, code="OK"))
        self.assertEqual(command.state, "done")
        self.store(self.answer(command, id=3, code="busy"))
        self.assertEqual(command.state, "done")

    def test_good_results_may_be_named(self):
        self.subscription.reply_good = "accepted，fine"
        command, other = self.sent(), self.sent()
        self.store(self.answer(command, id=1, code="Fine"), self.answer(other, id=2, code=0))
        self.assertEqual((command.state, other.state), ("done", "rejected"))

    def test_messages_that_answer_nothing_cost_no_query(self):
        with patch("odoo.addons.mqtt_bridge.bridge.replies.SETTLE", "SELECT nothing FROM nowhere"):
            self.store(self.delivery({"temperature": 3}))
            self.subscription.reply_path = False
            self.store(self.delivery({"re": "x", "id": 4}))
        self.assertEqual(len(self.messages), 2)

    def test_a_replayed_dead_letter_is_an_answer(self):
        command = self.sent()
        self.subscription.unknown_device = "reject"
        self.device.code = "OLD"
        self.store(self.answer(command))
        self.device.code = "LF-01"
        self.letters.action_replay()
        self.assertEqual(command.state, "done")


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@tagged("post_install", "-at_install")
class TestKernel(TransactionCase):
    @given(JSON_VALUES)
    def test_whatever_a_device_answers_is_read_or_is_no_answer(self, data):
        plan = commands.Answers(("re",), ("code",))
        for topic in ("up/x", ""):
            found = commands.answer(plan, topic, data)
            self.assertTrue(found is None or (found[0] and isinstance(found[1], bool)))

    @given(st.dictionaries(st.text(), JSON_VALUES, max_size=4), st.text(min_size=1, max_size=20))
    def test_an_object_keeps_what_it_has_and_carries_the_id_that_is_returned(self, data, reference):
        kind, text = "json", json.dumps(data)
        try:
            body, found = commands.body(kind, text, reference, ("head", "id"))
        except ValueError:
            head = data.get("head")
            place = head.get("id") if isinstance(head, dict) else None
            self.assertTrue("head" in data or not reference.strip() or "\0" in reference, place)
            return
        sent = json.loads(body)
        self.assertEqual(str(sent["head"]["id"]).strip(), found)
        sent["head"].pop("id")
        head = {key: value for key, value in data.get("head", {}).items() if key != "id"}
        self.assertEqual(sent, {**data, "head": head})

    @given(st.binary(min_size=1, max_size=50))
    def test_bytes_survive(self, content):
        kind, text = commands.form(content)
        body, reference = commands.body(kind, commands.check(kind, text), "c", ("id",))
        self.assertEqual((body, reference), (content, "c"))
