"""Who may see and do what."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import BridgeCommon

MODELS = {
    # model: rights of reader, operator, manager as letters
    "mqtt.broker": ("r", "r", "rwcu"),
    "mqtt.subscription": ("r", "r", "rwcu"),
    "mqtt.device": ("r", "rwc", "rwcu"),
    "mqtt.message": ("r", "r", "r"),
    "mqtt.dead.letter": ("r", "r", "r"),
    "mqtt.tally": ("r", "r", "r"),
    "mqtt.process": ("r", "r", "r"),
    "mqtt.metric": ("r", "r", "rwcu"),
    "mqtt.value": ("r", "r", "r"),
    "mqtt.sample": ("r", "r", "r"),
    "mqtt.rule": ("r", "r", "rwcu"),
    "mqtt.rule.state": ("r", "r", "r"),
    "mqtt.rule.trial": ("", "rwcu", "rwcu"),
    "mqtt.rule.trial.line": ("", "rwcu", "rwcu"),
    "mqtt.alarm": ("r", "r", "r"),
    "mqtt.event": ("r", "r", "r"),
    "mqtt.command": ("r", "r", "r"),
    "mqtt.command.send": ("", "rwcu", "rwcu"),
    "mqtt.sequence": ("r", "r", "r"),
    "mqtt.gap": ("r", "r", "r"),
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestAccess(BridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("group_reader", "group_operator", "group_manager")
        cls.users = {
            name: cls.env["res.users"].create(
                {
                    "name": name,
                    "login": name,
                    "lang": "en_US",
                    "group_ids": [
                        Command.set(cls.env.ref(f"mqtt_bridge.{name}").ids),
                    ],
                }
            )
            for name in names
        }
        cls.clerk = cls.env["res.users"].create(
            {"name": "Clerk", "login": "mqtt_clerk", "lang": "en_US"}
        )

    def test_each_role_has_its_rights_and_no_more(self):
        for model, rights in MODELS.items():
            for user, letters in zip(self.users.values(), rights, strict=True):
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, user=user.login, operation=operation):
                        allowed = self.env[model].with_user(user).has_access(operation)
                        self.assertEqual(allowed, letter in letters)

    def test_others_see_nothing(self):
        for model in MODELS:
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(self.clerk).has_access("read"))

    def test_an_operator_stores_dead_letters_again_and_a_reader_does_not(self):
        self.subscription.unknown_device = "reject"
        self.store(self.delivery({"id": 1}))
        self.subscription.unknown_device = "register"
        letter = self.letters
        for action in ("action_replay", "action_discard", "action_reopen"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(letter.with_user(self.users["group_reader"]), action)()
        letter.with_user(self.users["group_operator"]).action_replay()
        self.assertEqual(letter.state, "replayed")

    def test_an_operator_accepts_devices_and_a_reader_does_not(self):
        self.subscription.unknown_device = "quarantine"
        self.store(self.delivery({"id": 1}))
        device = self.messages.device_id
        with self.assertRaises(AccessError):
            device.with_user(self.users["group_reader"]).action_accept()
        device.with_user(self.users["group_operator"]).action_accept()
        self.assertEqual(self.messages.state, "stored")

    def test_a_reader_reads_messages_and_counts_the_account(self):
        self.store(self.delivery({"id": 1}), self.delivery(b"{"))
        reader = self.users["group_reader"]
        self.assertIn("id", self.messages.with_user(reader).preview)
        self.assertTrue(self.letters.with_user(reader).preview)
        tally = self.env["mqtt.tally"].search([("broker_id", "=", self.broker.id)])
        tally.with_user(reader).action_check()
        self.assertTrue(tally.checked_at)

    def test_what_belongs_to_another_company_is_not_seen(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.store(self.delivery({"id": 1}), self.delivery(b"{"))
        self.broker.company_id = company
        reader = self.users["group_reader"]
        self.assertFalse(self.broker.with_user(reader).search([("id", "=", self.broker.id)]))
        for records in (self.subscription, self.messages, self.letters, self.messages.device_id):
            with self.subTest(model=records._name):
                mine = [("id", "in", records.ids)]
                self.assertFalse(records.with_user(reader).search(mine))
