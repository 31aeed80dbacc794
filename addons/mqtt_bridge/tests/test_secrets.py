"""Secrets of devices and brokers stay where they are: no read, export, search or log gives them."""

import json
import logging
import os
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..bridge import configuration
from .common import BridgeCommon

GROUPS = ("mqtt_bridge.group_manager", "base.group_allow_export")
LOGGER = "odoo.addons.mqtt_bridge"
PASSWORD = "hush-hush-42"


@tagged("post_install", "-at_install")
class TestSecrets(BridgeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.env["res.users"].create(
            {
                "name": "Manager",
                "login": "mqtt_secret_manager",
                "lang": "en_US",
                "password": "mqtt_secret_manager",
                "group_ids": [Command.set([cls.env.ref(name).id for name in GROUPS])],
            }
        )
        cls.device = cls.env["mqtt.device"].create(
            {"name": "Gate", "code": "G", "broker_id": cls.broker.id}
        )

    def secret(self):
        """Make a secret as a manager does."""
        return self.device.with_user(self.manager).action_make_secret()["params"]["message"]

    def test_a_manager_sees_a_secret_once_and_reads_it_never_again(self):
        secret = self.secret()
        device = self.device.with_user(self.manager)
        for way in (
            lambda: device.read(["secret"]),
            lambda: device.search([("secret", "=like", secret[0] + "%")]),
            lambda: device.export_data(["code", "secret"]),
            lambda: device.write({"secret": "mine"}),
            lambda: device._read_group([], ["secret"]),
            lambda: device.web_search_read([], {"secret": {}}),
            lambda: device.search([], order="secret"),
        ):
            with self.assertRaises(AccessError):
                way()
        self.assertNotIn("secret", device.fields_get())
        self.assertNotIn(secret, repr(device.read()) + repr(device.copy_data()))
        self.assertFalse(self.device.copy({"code": "H"}).has_secret)

    def test_no_call_from_outside_gives_a_secret_or_a_password(self):
        secret = self.secret()
        self.authenticate("mqtt_secret_manager", "mqtt_secret_manager")
        with patch.dict(os.environ, {"MQTT_BRIDGE_ROOF_PASSWORD": PASSWORD}):
            for model, method, arguments in (
                ("mqtt.device", "read", [self.device.ids, ["secret"]]),
                ("mqtt.device", "search_read", [[("id", "=", self.device.id)]]),
                ("mqtt.device", "export_data", [self.device.ids, ["code", "secret"]]),
                ("mqtt.broker", "read", [self.broker.ids]),
                ("mqtt.broker", "search_read", [[]]),
                ("mqtt.broker", "_connection", [self.broker.ids]),
                ("mqtt.broker", "export_data", [self.broker.ids, ["secret_names"]]),
                ("mqtt.overview", "get_overview", []),
            ):
                with self.subTest(model=model, method=method):
                    answer = self.url_open(
                        "/web/dataset/call_kw",
                        data=json.dumps(
                            {
                                "jsonrpc": "2.0",
                                "params": {
                                    "model": model,
                                    "method": method,
                                    "args": arguments,
                                    "kwargs": {},
                                },
                            }
                        ),
                        headers={"Content-Type": "application/json"},
                    ).text
                    self.assertIn("jsonrpc", answer)
                    self.assertNotIn(secret, answer)
                    self.assertNotIn(PASSWORD, answer)

    def test_making_a_secret_leaves_it_in_no_log_and_no_message(self):
        with self.assertLogs(LOGGER, "DEBUG") as logs:
            logging.getLogger(LOGGER).info("a log without lines would be an error")
            secret = self.secret()
            self.env.flush_all()
            self.env.cr.execute("SELECT secret FROM mqtt_device WHERE id = %s", [self.device.id])
        self.assertEqual(self.env.cr.fetchone()[0], secret)
        self.assertNotIn(secret, "\n".join(logs.output))
        self.env.cr.execute("SELECT 1 FROM mail_message WHERE body LIKE %s", [f"%{secret}%"])
        self.assertFalse(self.env.cr.fetchone())

    def test_a_database_that_is_neutralized_has_no_secret_and_no_broker_in_use(self):
        self.secret()
        self.env.flush_all()
        path = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "neutralize.sql")
        with open(path) as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertFalse(self.device.has_secret)
        self.assertFalse(self.broker.active)

    def test_the_password_is_with_the_process_and_in_no_table(self):
        with patch.dict(os.environ, {"MQTT_BRIDGE_ROOF_PASSWORD": PASSWORD}):
            self.env.flush_all()
            _ident, settings, *_rest = configuration.load(self.env.cr, "roof")
        self.assertEqual(settings["password"], PASSWORD)
        self.env.cr.execute("SELECT row_to_json(b)::text FROM mqtt_broker b")
        self.assertNotIn(PASSWORD, "".join(row[0] for row in self.env.cr.fetchall()))
        self.assertNotIn("password", self.env["mqtt.broker"]._fields)
