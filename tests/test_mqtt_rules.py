"""Rules of the MQTT bridge with a real broker: a duration goes on though the bridge is killed."""

import json

from odoo.sql_db import db_connect

from .mqtt_world import Devices, wait_until
from .test_mqtt import world  # noqa: F401  (a fixture)

RULE = """
broker = env["mqtt.broker"].search([("code", "=", "torture")])
source = broker.subscription_ids.filtered(lambda one: one.topic == "up/+")
env["mqtt.metric"].create(
    {"name": "Temperature", "code": "t", "path": "$.t", "subscription_id": source.id})
env["mqtt.rule"].create({
    "name": "Hot", "broker_id": broker.id, "subscription_id": source.id, "duration": 5,
    "condition": "metrics.t > 80", "clear_condition": "metrics.t < 70"})
env.cr.commit()
"""


def alarms(name):
    """Return the alarms of a database: state and count."""
    with db_connect(name).cursor() as cr:
        cr.execute("SELECT state, count FROM mqtt_alarm ORDER BY id")
        return cr.fetchall()


def test_a_duration_ends_though_the_bridge_was_killed_and_no_message_comes(world):  # noqa: F811
    system, name, broker, bridge = world
    system.shell(name, RULE)
    broker.start()
    bridge.start()
    wait_until(bridge.is_connected, 90, "the bridge connects")
    devices = Devices(broker.port, 7)
    devices.connect()

    def send(ident, temperature):
        devices.send("up/LF-1", json.dumps({"id": ident, "t": temperature}), ident)
        wait_until(lambda: not devices.open, 60, "the message is stored")

    try:
        send("1", 85)
        assert alarms(name) == []
        bridge.kill()
        bridge.start()
        wait_until(lambda: alarms(name) == [("active", 1)], 90, "the alarm is raised")
        wait_until(bridge.is_connected, 90, "the bridge connects again")
        send("2", 75)
        assert alarms(name) == [("active", 1)]
        send("3", 60)
        assert alarms(name) == [("cleared", 1)]
    finally:
        devices.close()
    assert bridge.stop() == 0, bridge.log.read_text()[-2000:]
