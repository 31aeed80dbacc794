"""A broker, a database and bridges for the benchmarks, and what each of them costs.

The bridge, the broker and PostgreSQL are set as in production: all of them wait for the disk.
"""

import contextlib
import json
import os
import random
import tempfile
import threading
import time
from pathlib import Path

import paho.mqtt.client as mqtt
import psycopg2

from scripts import tools
from scripts.state import Fault
from tests.bench._mqtt_raw import Raw
from tests.mqtt_machine import Machine
from tests.mqtt_world import Bridge, Broker

TICK = os.sysconf("SC_CLK_TCK")
DEVICES = 200
BLOCK = 250  # messages sent at once
SETUP = """
broker = env["mqtt.broker"].create({
    "name": "Bench", "code": "bench", "username": False, "client_id": "bench"})
env["mqtt.subscription"].create({
    "broker_id": broker.id, "name": "Bench", "topic": "up/+", "device_path": "topic:2",
    "message_id_path": "$.id", "timestamp_path": "$.ts", "tz": "UTC",
    "unknown_device": "register", "ack_topic": __ACK__})
env.cr.commit()
"""


def row(what, seconds, **more):
    """Print a row of the benchmark's table."""
    print(json.dumps({"what": what, "seconds": seconds, **more}), flush=True)


def cpu(pid):
    """Return the seconds that a process has worked so far."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK
    return 0.0


def memory(pid):
    """Return the memory that a process has now, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def content(number, moment=None):
    """Write a message as devices do.

    :return: (topic, payload)
    """
    device = number % DEVICES
    told = {
        "id": f"m{number}",
        "ts": round(moment or time.time(), 3),
        "temp": round(20 + random.random() * 5, 1),  # noqa: S311  (no secret)
        "hum": 40 + number % 20,
    }
    return f"up/D{device:03}", json.dumps(told).encode()


class World:
    """A database of its own, a broker, and the bridges of a benchmark."""

    def __init__(self, name, setup):
        self.machine, self.name, self.setup = Machine(), name, setup
        self.programs = []
        self._exit = contextlib.ExitStack()

    def __enter__(self):
        program = tools.broker(self.machine.tools)
        if not program:
            raise Fault("there is no Mosquitto of 2.1 or later here")
        self.folder = Path(self._exit.enter_context(tempfile.TemporaryDirectory(prefix="mqtt-")))
        self._exit.enter_context(self.machine.postgres)
        self.machine.fresh(self.name, self.setup)
        self._exit.callback(self.machine.drop, self.name)
        self._exit.callback(self._stop)
        self.broker = self.started(Broker(program, self.folder))
        return self

    def __exit__(self, *exception):
        return self._exit.__exit__(*exception)

    def _stop(self):
        for program in reversed(self.programs):
            if program.child and program.child.poll() is None:
                program.child.kill()
                program.child.wait()

    def started(self, program):
        """Start a program, which ends with the world."""
        self.programs.append(program)
        program.start()
        return program

    def bridge(self, *options, code="bench"):
        """Make a bridge, which is not started yet."""
        found = Bridge(
            self.machine, self.name, self.folder, self.broker.port, "--broker", code, *options
        )
        self.programs.append(found)
        return found

    def connect(self):
        """Connect to the database.

        :return: a connection, for reading; every statement sees what is committed
        """
        variables = self.machine.postgres.variables()
        connection = psycopg2.connect(
            host=variables["PGHOST"],
            user=variables["PGUSER"],
            passfile=variables["PGPASSFILE"],
            dbname=self.name,
        )
        connection.autocommit = True
        return connection

    def ask(self, query, connection=None, values=()):
        """Return the first row of what a query finds."""
        one = connection or self.connect()
        try:
            with one.cursor() as cr:
                cr.execute(query, values or None)
                return cr.fetchone()
        finally:
            if connection is None:
                one.close()

    def server_cpu(self):
        """Return the seconds that the server's processes have worked so far, by process."""
        top = (self.machine.postgres.data / "postmaster.pid").read_text().split()[0]
        children = Path(f"/proc/{top}/task/{top}/children").read_text().split()
        return {pid: cpu(pid) for pid in [top, *children]}


def session(port, client_id, filters=("up/+",), protocol=mqtt.MQTTv5):
    """Make a session in the broker that keeps what comes."""
    client = new_client(client_id, protocol)
    done = threading.Event()
    client.on_subscribe = lambda *_: done.set()
    client.on_connect = lambda client, *_: client.subscribe([(one, 1) for one in filters])
    connect(client, port, protocol)
    client.loop_start()
    if not done.wait(20):
        raise Fault("the broker took no subscription")
    client.disconnect()
    client.loop_stop()


def new_client(client_id, protocol, **options):
    """Make a client that its session outlives."""
    if protocol != mqtt.MQTTv5:
        options["clean_session"] = False
    client = mqtt.Client(
        mqtt.CallbackAPIVersion.VERSION2, client_id=client_id, protocol=protocol, **options
    )
    client.max_queued_messages_set(0)
    return client


def connect(client, port, protocol):
    """Connect as the bridge does."""
    options = {}
    if protocol == mqtt.MQTTv5:
        properties = mqtt.Properties(mqtt.PacketTypes.CONNECT)
        properties.SessionExpiryInterval = 86400
        properties.ReceiveMaximum = 2000
        options = {"clean_start": False, "properties": properties}
    client.connect("127.0.0.1", port, 60, **options)


def publish(port, count, first=0, topic=None):
    """Publish messages at QoS 1 as fast as the broker takes them, and wait until it has them.

    :param topic: makes another topic of a number and a device's name
    """
    client = Raw(port, "sender")
    for start in range(first, first + count, BLOCK):
        block = []
        for number in range(start, min(start + BLOCK, first + count)):
            usual, payload = content(number)
            block.append((topic(number, usual.partition("/")[2]) if topic else usual, payload))
        client.send(block)
    client.settle()
    client.close()


def bare(port, client_id, count, protocol):
    """Take messages with paho alone, which confirms each by itself.

    :return: (seconds, seconds of work)
    """
    client = new_client(client_id, protocol)
    seen = [0, 0.0]

    def on_message(_client, _userdata, _message):
        seen[0] += 1
        if seen[0] == 1:
            seen[1] = time.perf_counter()
        if seen[0] >= count:
            client.disconnect()

    client.on_message = on_message
    client.on_connect = lambda client, *_: client.subscribe("up/+", 1)
    before = time.process_time()
    connect(client, port, protocol)
    client.loop_forever()
    return time.perf_counter() - seen[1], time.process_time() - before


class Sender:
    """A sender at a steady rate, which notes when devices are told that all is kept."""

    def __init__(self, port, is_told=False):
        self.delays, self._moments = [], {}
        self.raw = Raw(port, "sender", self._told if is_told else None)

    @property
    def sent(self):
        return self.raw.sent

    def _told(self, content):
        moment = self._moments.pop(content["id"], None)
        if moment:
            self.delays.append(time.perf_counter() - moment)

    def send(self, rate, seconds, each=None):
        """Send for some time.

        :param each: called about ten times a second
        """
        began, first, turn = time.monotonic(), self.sent, 0
        while (spent := time.monotonic() - began) < seconds:
            numbers = range(self.sent, first + int(rate * spent) + 1)[:BLOCK]
            if self.raw._heard:
                self._moments.update((f"m{number}", time.perf_counter()) for number in numbers)
            if numbers:
                self.raw.send([content(number) for number in numbers])
            turn += 1
            if each and turn % 20 == 0:
                each()
            time.sleep(0.005)

    def settle(self):
        """Wait until the broker has everything."""
        self.raw.settle()

    def close(self):
        self.raw.close()


def part(values, share):
    """Return what a share of the values stays below."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def first_after(world, connection, last):
    """Return when the first message after a number came, in seconds since 1970."""
    query = "SELECT extract(epoch FROM min(received_at)) FROM mqtt_inbox WHERE id > %s"
    return float(world.ask(query, connection, [last])[0])


def received(world, connection):
    """Count what the bridges have confirmed."""
    return world.ask("SELECT COALESCE(sum(received), 0) FROM mqtt_tally", connection)[0]
