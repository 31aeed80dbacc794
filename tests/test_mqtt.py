"""The MQTT bridge with a real broker: whoever is killed, every message is kept exactly once."""

import json
import os
import random
import subprocess
import time
import zlib

import pytest
from odoo.tests.common import get_db_name

from odoo.addons.mqtt_bridge.bridge.connection import Connection, Refused

from scripts import tools
from scripts.databases import System
from scripts.field import hashed

from .mqtt_world import (
    GUARD,
    Bridge,
    Broker,
    Devices,
    is_on_ci,
    make_certificates,
    wait_until,
)
from .test_backup import _is_template

KILLS = int(os.environ.get("MQTT_KILLS", "10"))
RATE = int(os.environ.get("MQTT_RATE", "150"))  # messages a second
SEED = int(os.environ.get("MQTT_SEED", "2026"))
LARGEST = 256 * 1024  # bytes, as a new subscription allows
SETUP = """
broker = env["mqtt.broker"].create({
    "name": "Torture", "code": "torture", "username": False, "receive_maximum": 500})
common = {"broker_id": broker.id, "device_path": "topic:2", "message_id_path": "$.id",
    "timestamp_path": "$.ts", "tz": "UTC", "ack_topic": "cmd/{device}/ack"}
env["mqtt.subscription"].create([
    {**common, "name": "Open", "topic": "up/+", "unknown_device": "register"},
    {**common, "name": "Strict", "topic": "strict/+", "unknown_device": "reject"},
])
env.cr.commit()
"""
VERDICT = """
import json, zlib
broker = env["mqtt.broker"].search([("code", "=", "torture")])
tallies = env["mqtt.tally"].search([("broker_id", "=", broker.id)])
env.cr.execute('''SELECT d.code, m.message_ref FROM mqtt_inbox m JOIN mqtt_device d
    ON d.id = m.device_id WHERE d.broker_id = %s''', [broker.id])
rows = env.cr.fetchall()
env.cr.execute(
    "SELECT topic, payload FROM mqtt_dead_letter WHERE broker_id = %s", [broker.id])
import base64
letters = [[topic, zlib.crc32(base64.b64decode(bytes(payload)))]
    for topic, payload in env.cr.fetchall()]
print(json.dumps({
    "rows": rows, "letters": letters,
    "unsound": len(tallies._check()),
    **{name: sum(tallies.mapped(name)) for name in
        ("received", "stored", "duplicate", "dead", "queued", "difference")},
}))
"""


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
        system.shell(name, SETUP)
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


def poison(number):
    """Return bytes that cannot be read, each other ones."""
    kinds = (
        b"",
        b"\xff\xfe %d" % number,
        b'{"id": "n%d", "v": NaN}' % number,
        b'{"id": "z%d\\u0000"}' % number,
        b"[" * 10_000 + b"%d" % number + b"]" * 10_000,
        b'{"id": ["%d"]}' % number,
        b'{"id": "%d", "v": 1e999}' % number,
        b'{"id": "b%d", "v": "' % number + b"x" * 300_000 + b'"}',
    )
    return kinds[number % len(kinds)]


class Torture:
    """Devices send at a steady rate while bridge and broker are killed."""

    def __init__(self, devices, broker, bridge, chance):
        self.devices, self.broker, self.bridge, self.chance = devices, broker, bridge, chance
        self.stored, self.dead = set(), set()
        self.sent = 0
        self.began = time.monotonic()

    def run(self):
        """Kill, each time while messages flow; what is killed is started again."""
        for _ in range(KILLS):
            self.send_until(self.bridge.is_connected, 90)
            end = time.monotonic() + 1.5 * self.chance.random()
            self.send_until(lambda end=end: time.monotonic() > end, 5)
            victim = self.broker if self.chance.random() < 0.3 else self.bridge
            victim.kill()
            victim.start()
        self.send_until(self.bridge.is_connected, 90)

    def send_until(self, true, seconds):
        """Send until something is true."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, self.bridge.log.read_text()[-2000:]
            while self.sent < RATE * (time.monotonic() - self.began):
                self.send()
            self.devices.send_again()
            time.sleep(0.01)

    def send(self):
        """Send a message, at times twice, at times with poison."""
        number = self.sent
        self.sent += 1
        device, ident = f"D{number % 97:02}", str(number)
        payload = json.dumps({"id": ident, "ts": time.time(), "v": number}).encode()
        self.stored.add((device, ident))
        for _ in range(2 if self.chance.random() < 0.06 else 1):
            self.devices.send(f"up/{device}", payload, ident)
        if number % 60 == 0:
            self.send_poison(number)
        if number % 75 == 0:
            payload = json.dumps({"id": ident}).encode()
            self.dead.add((f"strict/S{number}", zlib.crc32(payload)))
            self.devices.send(f"strict/S{number}", payload, ident)

    def send_poison(self, number):
        """Send what cannot be read; nobody can confirm that it came."""
        content = poison(number // 60)
        kept = content[:4096] if len(content) > LARGEST else content
        self.dead.add((f"up/P{number}", zlib.crc32(kept)))
        self.devices.send(f"up/P{number}", content)


def test_killed_at_any_moment_the_bridge_keeps_every_message_once(world):
    system, name, broker, bridge = world
    broker.start()
    bridge.start()
    # from now on the broker has a session for it, and keeps what comes while it is away
    wait_until(bridge.is_connected, 90, "the bridge connects")
    devices = Devices(broker.port, SEED)
    devices.connect()
    try:
        chance = random.Random(SEED)  # noqa: S311  (repeatable, no secret)
        torture = Torture(devices, broker, bridge, chance)
        torture.run()
        # a broker may forget, killed, what it has just taken; these nobody has confirmed
        for number in range(0, torture.sent, 60):
            torture.send_poison(number)

        def all_confirmed():
            devices.send_again()
            return not devices.open

        wait_until(all_confirmed, 90, "all messages are confirmed")
        wait_until(lambda: not devices.client._out_messages, 30, "the broker has all")
        time.sleep(2)
    finally:
        devices.close()
    assert bridge.stop() == 0, bridge.log.read_text()[-2000:]
    told = json.loads(system.shell(name, VERDICT).strip().splitlines()[-1])
    rows = [tuple(row) for row in told.pop("rows")]
    letters = [tuple(letter) for letter in told.pop("letters")]
    print(f"kills {bridge.kills} + {broker.kills}, sent again {devices.resent}, {told}")
    stored, dead = torture.stored, torture.dead
    assert bridge.kills + broker.kills == KILLS
    assert (stored - set(rows), set(rows) - stored) == (set(), set())
    assert len(rows) == len(stored) == told["stored"]
    assert (dead - set(letters), set(letters) - dead) == (set(), set())
    assert len(letters) == len(dead) == told["dead"]
    assert told["duplicate"] >= len(stored) // 25
    assert (told["difference"], told["unsound"]) == (0, 0)


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
