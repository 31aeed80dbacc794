"""What a command and a server action cost on their way through the database."""

import json
import os
import random
import statistics
import threading
import time

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from scripts.state import Fault
from tests.bench._mqtt import World, row
from tests.mqtt_world import wait_until

COMMANDS = int(os.environ.get("MQTT_BENCH_COMMANDS", "1000"))
KILLS = int(os.environ.get("MQTT_BENCH_ROLE_KILLS", "8"))
EVENTS = int(os.environ.get("MQTT_BENCH_EVENTS", "500"))
SEED, PACE = 2026, 0.005  # seconds between two commands
SETUP = """
from odoo import Command
groups = ["base.group_user", "mqtt_bridge.group_operator", "base.group_partner_manager"]
runner = env["res.users"].create({"name": "Runner", "login": "mqtt_runner",
    "group_ids": [Command.set([env.ref(name).id for name in groups])]})
broker = env["mqtt.broker"].create({"name": "Bench", "code": "bench", "username": False,
    "client_id": "bench", "user_id": runner.id})
env["mqtt.device"].create({"name": "D0", "code": "D0", "broker_id": broker.id})
env["ir.actions.server"].create({"name": "Bench", "usage": "mqtt", "state": "code",
    "model_id": env["ir.model"]._get_id("mqtt.event"),
    "code": "env['res.partner'].create({'name': 'effect %s' % payload['n']})"})
env.cr.commit()
"""
GIVE = """
import json, random, time
chance = random.Random(__SEED__)
device = env["mqtt.device"].search([("code", "=", "D0")])
kept, ghosts = [], []
for number in range(__COUNT__):
    reference = env["mqtt.command"].send(
        device, {"n": number}, expires=0, expect_ack=False).reference
    if chance.random() < __GHOSTS__:
        env.cr.rollback()
        ghosts.append(reference)
    else:
        env.cr.commit()
        kept.append((reference, time.time()))
    time.sleep(__PACE__)
print(json.dumps([kept, ghosts]))
"""
ONE_BY_ONE = """
import time
user = env["res.users"].search([("login", "=", "mqtt_runner")])
began = time.perf_counter()
for number in range(__COUNT__):
    env["res.partner"].with_user(user).create({"name": "plain %s" % number})
    env.cr.commit()
print(time.perf_counter() - began)
"""
QUEUE = """
INSERT INTO mqtt_event (kind, broker_id, device_id, action_id, payload)
SELECT 'matched', b.id, d.id, a.id, json_build_object('n', n)::text
FROM mqtt_broker b JOIN mqtt_device d ON d.broker_id = b.id,
    ir_act_server a, generate_series(1, %s) AS n
WHERE a.usage = 'mqtt' RETURNING id
"""


class Ear:
    """A device that writes down when it hears which command."""

    def __init__(self, port):
        self.heard, self.times = {}, 0
        self.client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2, client_id="device", protocol=mqtt.MQTTv5
        )
        done = threading.Event()
        self.client.on_subscribe = lambda *_: done.set()
        self.client.on_connect = lambda client, *_: client.subscribe("cmd/D0", qos=1)
        self.client.on_message = self._on_message
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = 600
        self.client.connect("127.0.0.1", port, 60, clean_start=False, properties=properties)
        self.client.loop_start()
        if not done.wait(20):
            raise Fault("the broker took no subscription")

    def _on_message(self, _client, _userdata, message):
        self.times += 1
        self.heard.setdefault(json.loads(message.payload)["id"], time.time())

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


def give(world, count, ghosts):
    """Give commands in Odoo's shell.

    :return: those that were committed with the time, those that were not
    """
    code = GIVE
    for name, value in (("SEED", SEED), ("COUNT", count), ("GHOSTS", ghosts), ("PACE", PACE)):
        code = code.replace(f"__{name}__", repr(value))
    printed = world.machine.shell(world.name, code)
    return json.loads(printed.strip().splitlines()[-1])


def bare(port, count):
    """Let paho alone publish at the same pace; return the delays."""
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="bare", protocol=mqtt.MQTTv5)
    client.connect("127.0.0.1", port, 60)
    client.loop_start()
    ear, sent = Ear(port), {}
    for number in range(count):
        sent[f"bare-{number}"] = time.time()
        client.publish("cmd/D0", json.dumps({"n": number, "id": f"bare-{number}"}), qos=1)
        time.sleep(PACE)
    wait_until(lambda: len(ear.heard) >= count, 30, "all arrive")
    client.disconnect()
    client.loop_stop()
    ear.close()
    return [ear.heard[ident] - moment for ident, moment in sent.items()]


def spread(delays):
    """Describe delays."""
    ordered = sorted(delays)
    late = ordered[int(len(ordered) * 0.99)]
    return f"99 of 100 within {late * 1000:.1f} ms"


def commands(world):
    """Measure from commit to device; then kill the outbox while commands are given."""
    base = bare(world.broker.port, COMMANDS // 2)
    outbox = world.started(world.bridge("--role", "outbox"))
    wait_until(outbox.is_connected, 60, "the outbox connects")
    ear = Ear(world.broker.port)
    kept, _none = give(world, COMMANDS // 2, 0)
    wait_until(lambda: len(ear.heard) >= len(kept), 60, "all arrive")
    delays = [ear.heard[ident] - moment for ident, moment in kept]
    row(
        "a command from commit to device, the middle one; base: paho alone, publish to device",
        statistics.median(delays),
        base=statistics.median(base),
        note=f"{spread(delays)}; paho {spread(base)}",
    )
    ear.close()
    ear, told = Ear(world.broker.port), []
    chance = random.Random(SEED)  # noqa: S311  (repeatable, no secret)
    giver = threading.Thread(target=lambda: told.append(give(world, COMMANDS, 0.1)))
    began = time.perf_counter()
    giver.start()
    wait_until(lambda: ear.heard, 60, "the first one arrives")
    while outbox.kills < KILLS:
        time.sleep(0.1 + 0.4 * chance.random())
        outbox.kill()
        outbox.start()
        wait_until(outbox.is_connected, 60, "the outbox connects again")
    giver.join()
    kept, ghosts = told[0]
    wanted = {ident for ident, _moment in kept}
    wait_until(lambda: len(ear.heard) >= len(wanted), 60, "all arrive")
    time.sleep(2)
    heard = set(ear.heard)
    verdict = f"{len(wanted - heard)} missing, {len(heard & set(ghosts))} ghosts"
    row(
        f"{COMMANDS} commands, {len(ghosts)} of them rolled back, {KILLS} kills of the outbox",
        time.perf_counter() - began,
        count=len(wanted),
        note=f"{verdict}, {ear.times - len(heard)} heard twice",
    )
    if verdict != "0 missing, 0 ghosts":
        raise Fault(verdict)
    ear.close()
    outbox.stop()


def actions(world):
    """Measure events whose action makes a record, beside making the records one by one."""
    code = ONE_BY_ONE.replace("__COUNT__", str(EVENTS))
    base = float(world.machine.shell(world.name, code).strip().splitlines()[-1])
    worker = world.started(world.bridge("--role", "actions"))
    wait_until(lambda: b"at work" in worker.log.read_bytes(), 60, "actions run")
    connection = world.connect()
    began = time.perf_counter()
    world.ask(QUEUE, connection, [EVENTS])
    connection.cursor().execute("NOTIFY mqtt_event")
    count = "SELECT count(*) FROM mqtt_event WHERE state = 'done'"
    wait_until(lambda: world.ask(count, connection)[0] == EVENTS, 300, "all are done")
    row(
        "events whose action makes a record; base: the same records, a transaction each",
        time.perf_counter() - began,
        count=EVENTS,
        base=base,
    )
    connection.close()
    worker.stop()


with World("mqtt-roles", SETUP) as bench:
    if COMMANDS:
        commands(bench)
    actions(bench)
