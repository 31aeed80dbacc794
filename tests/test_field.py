"""The devices of the demo speak, each for itself only, and end with it."""

import json
import time

import paho.mqtt.client as mqtt
import pytest
from odoo.tests.common import get_db_name
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from scripts import field
from scripts.databases import System

from .mqtt_world import wait_until
from .test_backup import _is_template
from .test_mqtt import found_broker

BUILD = 'env["mqtt.demo"].sudo().with_context(mqtt_demo_loading=True)._build(); env.cr.commit()'
COUNT = """
select count(distinct m.device_id), count(*) filter (where m.received_at > now() at time zone 'UTC'
- interval '1 hour' and m.topic like '%/state') from mqtt_inbox m where m.received_at > '{}'
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Let the devices of the demo speak to a database."""
    system = System("test", wanted=())
    found_broker(system)
    with system.postgres:
        name = f"{get_db_name()}-field"
        system.copy(next(found for found in system.postgres.names() if _is_template(found)), name)
        system.shell(name, BUILD)
        folder = tmp_path_factory.mktemp("field")
        try:
            with field.alive(system, name, folder) as programs:
                yield system, name, folder, programs
        finally:
            system.drop(name)


def connected(folder):
    """Say whether the bridge has connected."""
    return b"connected to" in (folder / "bridge.log").read_bytes()


def test_the_devices_speak_and_what_they_say_is_stored(world):
    system, name, folder, _programs = world
    begun = system.postgres.sql("select now() at time zone 'UTC'", name).strip()
    wait_until(lambda: connected(folder), 90, "the bridge connects")

    def heard():
        text = system.postgres.sql(COUNT.format(begun), name).strip()
        return [int(number) for number in text.split("|")]

    wait_until(lambda: heard()[0] >= 12 and heard()[1] >= 10, 60, "devices speak and come")
    told = system.postgres.sql(
        "select count(*) from mqtt_device where by_presence and is_online", name
    )
    assert int(told) >= 10
    balance = "select sum(received - stored - duplicate - dead - queued) from mqtt_tally"
    assert system.postgres.sql(balance, name).strip() == "0"
    assert system.postgres.sql("select count(*) from mqtt_dead_letter", name).strip() == "0"


class Client:
    """A client of the guarded broker."""

    def __init__(self, folder, user, password=None):
        known = json.loads((folder / "devices.json").read_text())
        text = (folder / "mosquitto.conf").read_text()
        self.port = int(text.split("listener ")[1].split()[0])
        self.answers, self.heard, self.reason = {}, [], None
        self.client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2, client_id=f"test-{user}", protocol=mqtt.MQTTv5
        )
        if user:
            self.client.username_pw_set(user, password or known.get(user))
        self.client.on_connect = self._on_connect
        self.client.on_publish = self._on_publish
        self.client.on_message = lambda _client, _data, message: self.heard.append(message.topic)

    def _on_connect(self, _client, _data, _flags, reason, _properties):
        self.reason = reason

    def _on_publish(self, _client, _data, number, reason, _properties):
        self.answers[number] = reason

    def __enter__(self):
        properties = Properties(PacketTypes.CONNECT)
        self.client.connect("127.0.0.1", self.port, 10, properties=properties)
        self.client.loop_start()
        wait_until(lambda: self.reason is not None, 10, "the broker answers")
        return self

    def __exit__(self, *_):
        self.client.disconnect()
        self.client.loop_stop()

    def publish(self, topic):
        """Publish, and say whether the broker took it."""
        number = self.client.publish(topic, b'{"id": "forged"}', qos=1).mid
        wait_until(lambda: number in self.answers, 10, "the broker answers")
        return not self.answers[number].is_failure


def test_a_device_publishes_on_its_own_topics_and_on_no_other(world):
    _system, _name, folder, _programs = world
    with Client(folder, "GT-E") as gate:
        assert gate.publish("iot/GT-E/note")
        for topic in (
            *("iot/LF-0101/data", "iot/LF-0101/state", "dtu/DTU-01/up", "fire/SM-0305/event"),
            *("cmd/GT-E/open", "cmd/LF-0101/ack", "else/GT-E"),
        ):
            assert not gate.publish(topic), topic


def test_a_device_hears_what_is_for_it_and_nothing_else(world):
    _system, _name, folder, _programs = world
    secrets = json.loads((folder / "devices.json").read_text())
    with Client(folder, "GT-W") as gate, Client(folder, "GT-E", secrets["GT-E"]) as spy:
        spy.client.subscribe([("#", 1), ("iot/#", 1), ("cmd/#", 1)])
        time.sleep(0.5)
        assert gate.publish("iot/GT-W/note")
        time.sleep(1)
        assert [topic for topic in spy.heard if not topic.startswith("cmd/GT-E/")] == []


@pytest.mark.parametrize(
    ("user", "password"), [("GT-E", "wrong"), (None, None), ("nobody", "x"), ("bridge", "x")]
)
def test_who_cannot_prove_who_it_is_is_not_let_in(world, user, password):
    _system, _name, folder, _programs = world
    with Client(folder, user, password) as client:
        assert client.reason.is_failure


def test_no_password_is_in_a_log_or_in_the_database(world):
    system, name, folder, programs = world
    words = [*json.loads((folder / "devices.json").read_text()).values()]
    words.append(programs.commands["bridge"][1]["MQTT_BRIDGE_DEMO_PASSWORD"])
    logs = "".join(path.read_text(errors="replace") for path in folder.glob("*.log"))
    rows = system.postgres.sql("select b::text from mqtt_broker b", name)
    rows += system.postgres.sql("select p::text from mqtt_process p", name)
    commands = repr([command for command, _environment in programs.commands.values()])
    for word in words:
        assert word not in logs + rows + commands
    for path in ("passwords", "acl", "devices.json", "mosquitto.conf"):
        assert (folder / path).stat().st_mode & 0o077 == 0, path


def test_what_dies_is_started_again_and_what_was_sent_meanwhile_comes(world):
    _system, _name, folder, programs = world
    wait_until(lambda: connected(folder), 90, "the bridge connects")
    before = programs.children["bridge"]
    before.kill()
    wait_until(lambda: programs.children["bridge"] is not before, 30, "another bridge")
    wait_until(
        lambda: b"session resumed" in (folder / "bridge.log").read_bytes(), 60, "it connects again"
    )


def test_nothing_is_left_running_at_the_end(world):
    _system, _name, folder, programs = world
    wait_until(lambda: "devices" in programs.children, 90, "the devices are started")
    wait_until(lambda: connected(folder), 90, "the bridge connects")
    children = list(programs.children.values())
    assert all(child.poll() is None for child in children)
    programs.stop()
    assert [child.returncode for child in children] == [0, 0, 0]
    assert all(child.poll() is not None for child in children)
