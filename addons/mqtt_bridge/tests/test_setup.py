"""What may be set up, and what each refusal says."""

import os
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import BridgeCommon


@tagged("post_install", "-at_install")
class TestSetup(BridgeCommon):
    def test_filters_that_take_everything_or_the_brokers_own_are_refused(self):
        for topic in ("#", "+/#", "$SYS/#", "a#", "a/#/b", "a+/b", "", " ", "a/\x07"):
            with self.subTest(topic=topic), self.assertRaises(ValidationError):
                self.subscribe(topic=topic, name="X")

    def test_filters_of_one_broker_may_not_overlap(self):
        for topic in ("up/#", "up/LF-01", "+/LF-01"):
            with self.subTest(topic=topic), self.assertRaises(ValidationError):
                self.subscribe(topic=topic, name="X")
        self.subscribe(topic="up/LF-01/state", name="X")

    def test_an_archived_filter_and_one_of_another_broker_do_not_overlap(self):
        other = self.env["mqtt.broker"].create({"name": "B", "code": "b"})
        self.subscribe(topic="up/#", name="X", broker_id=other.id)
        self.subscription.active = False
        self.subscribe(topic="up/#", name="Y")
        with self.assertRaises(ValidationError):
            self.subscription.active = True

    def test_paths_are_checked(self):
        for path in ("pay load", "payload..sn", "$..a", "$[x]", "topic:0", "$a"):
            with self.subTest(path=path), self.assertRaises(ValidationError):
                self.subscription.device_path = path

    def test_a_confirmation_needs_an_id_and_a_topic_of_its_own(self):
        for values in (
            {"ack_topic": "cmd/+/ack"},
            {"ack_topic": "up/{device}"},
            {"ack_topic": "cmd/{device}", "message_id_path": False},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.subscription.write(values)

    def test_a_subscription_with_an_account_is_archived_and_not_deleted(self):
        self.store(self.delivery({"id": 1}))
        with self.assertRaises(UserError):
            self.subscription.unlink()
        with self.assertRaises(UserError):
            self.messages.device_id.unlink()
        self.subscribe(topic="else/+", name="X").unlink()

    def test_a_broker_is_named_so_that_variables_can_name_it(self):
        for values in ({"code": "a b"}, {"code": "1a"}, {"client_id": "a b"}, {"host": "mqtt://x"}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.broker.write(values)

    def test_two_brokers_never_share_a_client_id_at_one_address(self):
        other = self.env["mqtt.broker"].create({"name": "B", "code": "b"})
        self.assertNotEqual(other.client_id, self.broker.client_id)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            other.client_id = self.broker.client_id
            other.flush_recordset()

    def test_the_environment_goes_before_the_record(self):
        variables = {
            "MQTT_BRIDGE_ROOF_HOST": "mq.internal",
            "MQTT_BRIDGE_PORT": "8883",
            "MQTT_BRIDGE_ROOF_PASSWORD": "hush-hush",
        }
        with patch.dict(os.environ, variables):
            found = self.broker._connection()
        self.assertEqual(
            (found["host"], found["port"], found["password"]), ("mq.internal", 8883, "hush-hush")
        )

    def test_the_password_is_in_no_field(self):
        with patch.dict(os.environ, {"MQTT_BRIDGE_ROOF_PASSWORD": "hush-hush"}):
            shown = self.broker.read()[0]
            exported = self.broker.export_data([*self.broker._fields])["datas"]
        self.assertNotIn("hush-hush", repr(shown) + repr(exported))
        self.assertIn("MQTT_BRIDGE_ROOF_PASSWORD", shown["secret_names"])

    def test_a_broker_shows_whether_its_bridge_lives(self):
        self.assertEqual(self.broker.state, "absent")
        process = self.env["mqtt.process"].create(
            {"broker_id": self.broker.id, "role": "ingest", "client_id": "x"}
        )
        self.assertEqual(self.broker.state, "absent")
        process.heartbeat_at = self.at
        self.assertEqual(self.broker.state, "waiting")
        process.is_connected = True
        self.assertEqual(self.broker.state, "online")
