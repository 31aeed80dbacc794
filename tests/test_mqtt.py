"""The MQTT bridge with a real broker: whoever is killed, every message is kept exactly once."""

import os
import random
import subprocess

import pytest
from odoo.tests.common import get_db_name
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from odoo.addons.mqtt_bridge.bridge.connection import Connection, Refused

from scripts import tools
from scripts.databases import System

from . import mqtt_torture
from .mqtt_world import (
    GUARD,
    Bridge,
    Broker,
    Devices,
    hashed,
    is_on_ci,
    make_certificates,
    wait_until,
)
from .test_backup import _is_template

KILLS = int(os.environ.get("MQTT_KILLS", "10"))
RATE = int(os.environ.get("MQTT_RATE", "150"))  # messages a second
SEED = int(os.environ.get("MQTT_SEED", "2026"))


def found_broker(system):
    """Find the broker, or leave the test out; where it has to be, fail."""
    program = tools.broker(system.tools)
    if not program:
        message = "there is no Mosquitto of 2.1 or later here"
        assert not is_on_ci(), message
        pytest.skip(message)
    return program


@pytest.fixture
def world(tmp_path):
    """Make a database, a broker and whoever speaks to them."""
    system = System("test", wanted=())
    program = found_broker(system)
    with system.postgres:
        name = f"{get_db_name()}-mqtt"
        system.copy(next(found for found in system.postgres.names() if _is_template(found)), name)
        system.shell(name, mqtt_torture.SETUP)
        broker = Broker(program, tmp_path)
        bridge = Bridge(system, name, tmp_path, broker.port, "--broker", "torture")
        try:
            yield system, name, broker, bridge
        finally:
            for program in (bridge, broker):
                if program.child and program.child.poll() is None:
                    program.child.kill()
                    program.child.wait()
            system.drop(name)


def test_killed_at_any_moment_the_bridge_keeps_every_message_once(world):
    system, name, broker, bridge = world
    broker.start()
    bridge.start()
    # from now on the broker has a session for it, and keeps what comes while it is away
    wait_until(bridge.is_connected, 90, "the bridge connects")
    devices = Devices(broker.port, SEED)
    devices.connect()
    chance = random.Random(SEED)  # noqa: S311  (repeatable, no secret)
    torture = mqtt_torture.Torture(devices, bridge, {bridge: 0.7, broker: 0.3}, chance, RATE)
    try:
        torture.run(KILLS)
        torture.finish()
    finally:
        devices.close()
    assert bridge.stop() == 0, bridge.log.read_text()[-2000:]
    assert bridge.kills + broker.kills == KILLS
    told = mqtt_torture.found(system, name)
    print(f"kills {bridge.kills} + {broker.kills}, sent again {devices.resent}, {told}")
    assert torture.faults(told) == []


SETTINGS = {
    "host": "localhost",
    "client_id": "guarded",
    "username": "bridge",
    "password": "right and secret",
    "protocol": "5",
    "tls": True,
    "keepalive": 10,
    "session_seconds": 60,
    "receive_maximum": 10,
}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """Start a broker that wants TLS, a certificate and a password."""
    program = found_broker(System("test", wanted=()))
    folder = tmp_path_factory.mktemp("guarded")
    paths = make_certificates(folder)
    (folder / "passwords").write_text(hashed("bridge", SETTINGS["password"]))
    more = GUARD.format(folder=folder)
    broker = Broker(program, folder, more, text="")
    broker.start()
    yield {**SETTINGS, **paths, "port": broker.port}
    broker.stop()


def heard(connection, count):
    """Take deliveries as they come.

    :return: list of them
    """
    found = []

    def enough():
        found.extend(connection.queue.take(1000, 0.05))
        return len(found) >= count

    wait_until(enough, 20, f"{count} messages come")
    return found


def opened(settings):
    """Connect and subscribe; a message that does not take the short way fails the test."""
    connection = Connection(settings)
    long_way = []
    connection.client.on_message = lambda *arguments: long_way.append(arguments)
    connection.open()
    connection.subscribe(["up/+"], [])
    connection.long_way = long_way
    return connection


@pytest.mark.parametrize("protocol", ["5", "311"])
def test_messages_take_the_short_way_and_come_again_until_they_are_confirmed(guarded, protocol):
    settings = {**guarded, "protocol": protocol, "client_id": f"short-{protocol}"}
    told = {f"up/D{number}": bytes([number]) * number * 3000 for number in range(1, 9)}
    connection = opened(settings)
    sender = Connection({**settings, "client_id": f"sender-{protocol}"})
    sender.open()
    properties = Properties(PacketTypes.PUBLISH)
    properties.UserProperty = [("k", "v")]
    for number, (topic, payload) in enumerate(told.items()):
        more = {"properties": properties} if protocol == "5" else {}
        sender.client.publish(topic, payload, qos=number % 2, **more)
    first = heard(connection, len(told))
    assert {one.topic: one.payload for one in first} == told
    assert [bool(one.number) for one in first] == [False, True] * 4
    # one is confirmed, with one at QoS 0 that nobody may confirm, and a word to its device
    connection.confirm(first[:2], [("up/told", b"{}")])
    [echo] = heard(connection, 1)
    assert (echo.topic, echo.payload, echo.number) == ("up/told", b"{}", 0)
    connection.close()
    again = opened(settings)
    second = heard(again, 3)
    assert {one.topic for one in second} == {one.topic for one in first[2:] if one.number}
    assert all(one.is_repeated for one in second)
    again.confirm(second)
    again.client.publish("up/last", b"1", qos=1)
    assert [one.topic for one in heard(again, 1)] == ["up/last"]
    for one in (again, sender):
        one.close()
    assert (connection.long_way, again.long_way) == ([], [])
    last = opened(settings)
    assert [one.topic for one in heard(last, 1)] == ["up/last"]
    last.close()


def connect(settings):
    """Connect once, and disconnect."""
    connection = Connection(settings)
    connection.open()
    connection.close()


@pytest.mark.parametrize("protocol", ["5", "311"])
def test_a_bridge_with_certificate_and_password_is_let_in(guarded, protocol):
    connect({**guarded, "protocol": protocol})


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "wrong"},
        {"password": None},
        {"username": None},
        {"cert_path": None, "key_path": None},
        {"ca_path": None},  # the system does not know who signed the broker's certificate
        {"host": "127.0.0.1"},  # which is for localhost
        {"tls": False},
    ],
)
def test_a_bridge_that_lacks_something_is_refused(guarded, wrong):
    with pytest.raises((Refused, OSError)) as refusal:
        connect({**guarded, **wrong})
    assert SETTINGS["password"] not in str(refusal.value)


def test_a_second_bridge_of_the_same_client_ends_and_the_first_goes_on(world):
    system, name, broker, bridge = world
    broker.start()
    bridge.start()
    wait_until(bridge.is_connected, 90, "the bridge connects")
    second = Bridge(system, name, bridge.log.parent, broker.port, "--broker", "torture")
    second.start()
    assert second.child.wait(60) == 3
    assert bridge.child.poll() is None
    check = subprocess.run([*second.command, "--check"], env=second.environment, check=False)
    assert check.returncode == 0
    assert bridge.stop() == 0
    check = subprocess.run([*second.command, "--check"], env=second.environment, check=False)
    assert check.returncode == 1
