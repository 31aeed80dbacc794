"""The HTTP door: only the device itself, stored before the answer, the same message once."""

import json
import time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools import signature
from .common import BridgeCommon

TOPIC = "http/LF-01"


@tagged("post_install", "-at_install")
class TestHttp(BridgeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.door = cls.subscribe(topic="http/+", name="Door", unknown_device="reject")
        cls.device = cls.env["mqtt.device"].create(
            {"name": "Lift 1", "code": "LF-01", "broker_id": cls.broker.id}
        )
        cls.device.action_make_secret()
        cls.secret = cls.device.secret

    def push(self, content, code="LF-01", query="", **changes):
        """Send a message as a device does.

        :param changes: of what is signed or sent
        """
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        stamp = str(changes.get("stamp", int(time.time())))
        signed = signature.sign(
            changes.get("secret", self.secret), stamp, changes.get("topic", f"http/{code}"), body
        )
        headers = {"X-Timestamp": stamp, "X-Signature": changes.get("signature", signed)}
        response = self.url_open(
            f"/mqtt_bridge/ingest/{code}{query}", data=changes.get("body", body), headers=headers
        )
        self.env.invalidate_all()
        return response

    def test_a_signed_message_is_stored_and_then_answered(self):
        response = self.push({"id": 7, "v": 1})
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.json(), {"result": "stored", "id": "7"})
        self.assertEqual((self.messages.device_id, self.messages.topic), (self.device, TOPIC))
        self.assertEqual(self.push({"id": 7, "v": 1}).json()["result"], "duplicate")
        self.assertEqual(self.account(), (2, 1, 1, 0, 0, 0))
        self.assert_balanced()

    @mute_logger("odoo.http")
    def test_whoever_cannot_prove_to_be_the_device_is_refused_and_nothing_is_stored(self):
        wrong = (
            {"secret": "guessed"},
            {"signature": ""},
            {"signature": "é"},
            {"body": b'{"id": 8}'},
            {"topic": "http/LF-02"},
            {"stamp": int(time.time()) - 3600},
            {"stamp": int(time.time()) + 3600},
            {"stamp": "soon"},
            {"code": "LF-02"},
            {"query": "?broker=else"},
        )
        answers = set()
        for changes in wrong:
            if changes.get("signature") == "é":
                changes = {"signature": "é".encode().decode("latin-1")}
            with self.subTest(changes=changes):
                response = self.push({"id": 7}, **changes)
                self.assertEqual(response.status_code, 401)
                answers.add(response.text)
        self.assertEqual(len(answers), 1, "the answer would tell which devices there are")
        self.assertEqual(self.account(), (0, 0, 0, 0, 0, 0))

    def test_what_cannot_be_read_is_a_dead_letter_and_the_device_is_told(self):
        response = self.push(b'{"id": NaN}')
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.json(), {"result": "dead", "reason": "not_finite"})
        self.assertEqual(self.letters.subscription_id, self.door)

    def test_a_device_does_not_speak_for_another(self):
        self.env["mqtt.device"].create(
            {"name": "Lift 2", "code": "LF-02", "broker_id": self.broker.id}
        )
        response = self.push({"id": 1}, query="?topic=http/LF-02", topic="http/LF-02")
        self.assertEqual(response.json()["reason"], "other_device")
        self.assertFalse(self.messages)

    @mute_logger("odoo.http")
    def test_a_device_whose_secret_is_forgotten_is_refused(self):
        self.device.action_forget_secret()
        self.assertEqual(self.push({"id": 1}).status_code, 401)

    def test_nobody_reads_a_secret_that_was_made(self):
        manager = self.env["res.users"].create(
            {
                "name": "Manager",
                "login": "mqtt_manager",
                "lang": "en_US",
                "group_ids": [Command.set(self.env.ref("mqtt_bridge.group_manager").ids)],
            }
        )
        device = self.device.with_user(manager)
        told = device.action_make_secret()["params"]["message"]
        self.assertNotEqual(told, self.secret)
        self.assertTrue(device.has_secret)
        self.assertNotIn(told, repr(device.read()))
        with self.assertRaises(AccessError):
            device.read(["secret"])

    def test_only_managers_make_secrets(self):
        operator = self.env["res.users"].create(
            {
                "name": "Operator",
                "login": "mqtt_operator",
                "lang": "en_US",
                "group_ids": [Command.set(self.env.ref("mqtt_bridge.group_operator").ids)],
            }
        )
        with self.assertRaises(AccessError):
            self.device.with_user(operator).action_make_secret()
        self.device.with_user(operator).action_forget_secret()
        self.assertFalse(self.device.secret)
