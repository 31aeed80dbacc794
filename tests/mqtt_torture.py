"""Devices that send at a steady rate while whoever takes their messages is killed."""

import json
import time
import zlib

from .mqtt_world import wait_until

LARGEST = 256 * 1024  # bytes, as a new subscription allows
DAY = 86400
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
FOUND = """
import base64, json, zlib
broker = env["mqtt.broker"].search([("code", "=", "torture")])
tallies = env["mqtt.tally"].search([("broker_id", "=", broker.id)])
env.cr.execute('''SELECT d.code, m.message_ref, m.clock FROM mqtt_inbox m JOIN mqtt_device d
    ON d.id = m.device_id WHERE d.broker_id = %s''', [broker.id])
rows = env.cr.fetchall()
env.cr.execute(
    "SELECT topic, payload FROM mqtt_dead_letter WHERE broker_id = %s", [broker.id])
letters = [[topic, zlib.crc32(base64.b64decode(bytes(payload)))]
    for topic, payload in env.cr.fetchall()]
print(json.dumps({
    "rows": rows, "letters": letters,
    "unsound": len(tallies._check()),
    **{name: sum(tallies.mapped(name)) for name in
        ("received", "stored", "duplicate", "dead", "queued", "difference")},
}))
"""


def poison(number):
    """Return bytes that cannot be read, each other ones."""
    large = 5_000_000 if number % 160 == 7 else 300_000
    kinds = (
        b"",
        b"\xff\xfe %d" % number,
        b'{"id": "n%d", "v": NaN}' % number,
        b'{"id": "z%d\\u0000"}' % number,
        b"[" * 10_000 + b"%d" % number + b"]" * 10_000,
        b'{"id": ["%d"]}' % number,
        b'{"id": "%d", "v": 1e999}' % number,
        b'{"id": "b%d", "v": "' % number + b"x" * large + b'"}',
    )
    return kinds[number % len(kinds)]


class Torture:
    """Devices send at a steady rate; bridge, broker or database are killed and started again."""

    def __init__(self, devices, bridge, victims, chance, rate):
        """Prepare.

        :param victims: how often each is the one, by what has kill() and start()
        :param rate: messages a second
        """
        self.devices, self.bridge, self.chance, self.rate = devices, bridge, chance, rate
        self.victims = victims
        self.stored, self.dead, self.future = set(), set(), set()
        self.sent = self.twice = 0
        self.began = time.monotonic()

    def run(self, kills, least=0):
        """Kill, each time while messages flow.

        :param least: messages to send at least, the kills spread over them
        """
        for number in range(1, kills + 1):
            self.flow()
            self.send_until(lambda part=number / (kills + 1): self.sent >= least * part, 900)
            end = time.monotonic() + 1.5 * self.chance.random()
            self.send_until(lambda end=end: time.monotonic() > end, 5)
            [victim] = self.chance.choices([*self.victims], [*self.victims.values()])
            victim.kill()
            victim.start()
        self.flow()
        self.send_until(lambda: self.sent >= least, 900)

    def flow(self):
        """Send until messages come through, from device to database and back."""
        before = len(self.devices.results)
        self.send_until(self.bridge.is_connected, 90)
        self.send_until(lambda: len(self.devices.results) > before, 120)

    def send_until(self, true, seconds):
        """Send until something is true."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, self.bridge.log.read_text()[-2000:]
            # what could not be sent while a process was started again is sent at twice the rate
            due = self.rate * (time.monotonic() - self.began)
            for _ in range(min(int(due) - self.sent, self.rate // 50 + 1)):
                self.send()
            self.devices.send_again()
            time.sleep(0.01)

    def send(self):
        """Send a message, at times twice, at times with poison."""
        number = self.sent
        self.sent += 1
        device, ident = f"D{number % 97:02}", str(number)
        moment = time.time()
        if number % 40 == 3:
            moment += DAY
            self.future.add((device, ident))
        payload = json.dumps({"id": ident, "ts": moment, "v": number}).encode()
        self.stored.add((device, ident))
        twice = self.chance.random() < 0.06
        self.twice += twice
        for _ in range(2 if twice else 1):
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

    def finish(self):
        """Wait until everything is confirmed."""
        # a broker may forget, killed, what it has just taken; these nobody has confirmed
        for number in range(0, self.sent, 60):
            self.send_poison(number)

        def all_confirmed():
            self.devices.send_again()
            return not self.devices.open

        wait_until(all_confirmed, 90 + self.sent // 500, "all messages are confirmed")
        wait_until(lambda: not self.devices.client._out_messages, 60, "the broker has all")
        time.sleep(2)

    def faults(self, told):
        """Compare what the devices sent with what was found.

        :return: list of what is wrong
        """
        rows = [tuple(row[:2]) for row in told["rows"]]
        future = {tuple(row[:2]) for row in told["rows"] if row[2] == "future"}
        letters = [tuple(letter) for letter in told["letters"]]
        checks = {
            "lost": self.stored - set(rows),
            "invented": set(rows) - self.stored,
            "stored twice": len(rows) - len(set(rows)),
            "future not told": future ^ self.future,
            "poison lost": self.dead - set(letters),
            "poison invented": set(letters) - self.dead,
            "poison twice": len(letters) - len(set(letters)),
            "stored miscounted": len(rows) - told["stored"],
            "dead miscounted": len(letters) - told["dead"],
            "duplicates missing": max(len(self.stored) // 25 - told["duplicate"], 0),
            "difference": told["difference"],
            "waiting": told["queued"],
            "hours unsound": told["unsound"],
        }
        return [(what, found) for what, found in checks.items() if found]


class Found(dict):
    """What is in the database, shown without its rows."""

    def __repr__(self):
        return repr({name: found for name, found in self.items() if type(found) is not list})


def found(system, database):
    """Read what is in the database.

    :return: Found
    """
    return Found(json.loads(system.shell(database, FOUND).strip().splitlines()[-1]))
