"""The roles that act and that send, as processes with a real broker, killed at any moment."""

import json
import os
import random
import signal
import subprocess
import threading
import time
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from odoo import sql_db
from odoo.tests.common import get_db_name
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from scripts.databases import System

from .mqtt_world import Bridge, Broker, wait_until
from .test_backup import _is_template
from .test_mqtt import found_broker

COMMANDS = int(os.environ.get("MQTT_COMMANDS", "300"))
EVENTS = int(os.environ.get("MQTT_EVENTS", "40"))
KILLS = int(os.environ.get("MQTT_ROLE_KILLS", "3"))
SEED = int(os.environ.get("MQTT_SEED", "2026"))
SETUP = """
import json
from odoo import Command
groups = ["base.group_user", "mqtt_bridge.group_operator", "base.group_partner_manager"]
runner = env["res.users"].create({"name": "Runner", "login": "mqtt_runner",
    "group_ids": [Command.set([env.ref(name).id for name in groups])]})
broker = env["mqtt.broker"].create({"name": "Roles", "code": "roles", "user_id": runner.id,
    "action_seconds": 5, "action_tries": 20})
env["mqtt.subscription"].create({"broker_id": broker.id, "name": "Open", "topic": "up/+",
    "device_path": "topic:2", "message_id_path": "$.id", "reply_path": "$.re",
    "reply_result_path": "$.code", "unknown_device": "register", "tz": "UTC"})
device = env["mqtt.device"].create({"name": "D0", "code": "D0", "broker_id": broker.id})
def action(code):
    return env["ir.actions.server"].create({"name": "Act", "usage": "mqtt", "state": "code",
        "model_id": env["ir.model"]._get_id("mqtt.event"), "code": code}).id
actions = {
    "plain": action("env['res.partner'].create({'name': 'effect %s' % payload['n']})"
        "\\ntime.sleep(0.03)"),
    "commits": action("if once('effect'):\\n"
        "    env['res.partner'].create({'name': 'effect %s' % payload['n']})\\n"
        "    env.cr.commit()\\ntime.sleep(0.03)"),
    "hangs": action("sum(range(10 ** 13))"),
    "loops": action("while True:\\n    pass"),
    "sends": action("env['mqtt.command'].send(device, {'cmd': 'stop'})"),
}
env.cr.commit()
print(json.dumps({"broker": broker.id, "device": device.id, "actions": actions}))
"""
GIVE = """
import json, random, time
chance = random.Random(%(seed)s)
device = env["mqtt.device"].search([("code", "=", "D0")])
kept, ghosts = [], []
for number in range(%(count)s):
    command = env["mqtt.command"].send(device, {"n": number}, expires=0, expect_ack=False)
    reference = command.reference
    if chance.random() < 0.1:
        env.cr.rollback()
        ghosts.append(reference)
    else:
        env.cr.commit()
        kept.append(reference)
    time.sleep(0.004)
print(json.dumps([kept, ghosts]))
"""


class Device:
    """A device with a session, which writes down what it is told, and may answer."""

    def __init__(self, port, answers=False):
        self.heard = []
        self.client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2, client_id="device-D0", protocol=mqtt.MQTTv5
        )
        self.client.on_connect = lambda client, *_: client.subscribe("cmd/D0", qos=1)
        self.client.on_message = self._on_message
        self.answers = answers
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = 600
        self.client.connect("127.0.0.1", port, 10, clean_start=False, properties=properties)
        self.client.loop_start()
        wait_until(self.client.is_connected, 10, "the device connects")

    def _on_message(self, _client, _userdata, message):
        told = json.loads(message.payload)
        self.heard.append(told)
        if self.answers:
            reply = {"id": f"re-{told['id']}", "re": told["id"], "code": 0}
            self.client.publish("up/D0", json.dumps(reply), qos=1)

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


class World:
    """A database with a broker, an action of each kind, and processes that are ended with it."""

    def __init__(self, system, name, folder, broker):
        self.system, self.name, self.folder, self.broker = system, name, folder, broker
        self.programs = [broker]
        self.ids = json.loads(system.shell(name, SETUP).strip().splitlines()[-1])

    def bridge(self, role, *options):
        """Prepare a process of a role."""
        folder = self.folder / f"{role}-{len(self.programs)}"
        folder.mkdir()
        options = ("--broker", "roles", "--role", role, *options)
        program = Bridge(self.system, self.name, folder, self.broker.port, *options)
        self.programs.append(program)
        return program

    def rows(self, statement, *values):
        """Ask the database."""
        with sql_db.db_connect(self.name).cursor() as cr:
            cr.execute(statement, values)
            return cr.fetchall() if cr.description else []

    def add_events(self, kind, numbers):
        """Add events as the bridge does."""
        self.rows(
            "INSERT INTO mqtt_event (kind, broker_id, device_id, action_id, payload)"
            " SELECT 'matched', %s, %s, %s, json_build_object('n', n)::text"
            " FROM unnest(%s::int[]) AS new(n)",
            *(self.ids["broker"], self.ids["device"], self.ids["actions"][kind], list(numbers)),
        )
        self.rows("NOTIFY mqtt_event")

    def states(self, table="mqtt_event"):
        """Count the rows of a queue of the broker by state."""
        statement = f"SELECT state, count(*) FROM {table} WHERE broker_id = %s GROUP BY state"  # noqa: S608
        return dict(self.rows(statement, self.ids["broker"]))


def says(program, text):
    """Say whether a process has written something since it was started."""
    with program.log.open("rb") as log:
        log.seek(program._begun)
        return text.encode() in log.read()


def children_of(program):
    """Return the processes that a process has started, by id."""
    path = Path(f"/proc/{program.child.pid}/task/{program.child.pid}/children")
    return [int(word) for word in path.read_text().split()]


def is_running(process):
    """Say whether a process runs, and is not only waiting to be counted."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def world(tmp_path):
    """Make a database and a broker."""
    system = System("test", wanted=())
    program = found_broker(system)
    with system.postgres:
        name = f"{get_db_name()}-roles"
        system.copy(next(found for found in system.postgres.names() if _is_template(found)), name)
        broker = Broker(program, tmp_path)
        broker.start()
        made = World(system, name, tmp_path, broker)
        try:
            yield made
        finally:
            for program in reversed(made.programs):
                if program.child and program.child.poll() is None:
                    program.child.kill()
                    program.child.wait()
            sql_db.close_db(name)
            system.drop(name)


def test_commands_of_rolled_back_transactions_are_never_sent_and_all_others_are(world):
    outbox = world.bridge("outbox")
    device = Device(world.broker.port)
    outbox.start()
    wait_until(lambda: says(outbox, "connected to"), 60, "the outbox connects")
    told = []
    code = GIVE % {"seed": SEED, "count": COMMANDS}
    giver = threading.Thread(target=lambda: told.append(world.system.shell(world.name, code)))
    giver.start()
    chance = random.Random(SEED)  # noqa: S311  (repeatable, no secret)
    wait_until(lambda: device.heard, 60, "the first command")
    while outbox.kills < KILLS:
        time.sleep(0.2 + chance.random())
        outbox.kill()
        outbox.start()
        wait_until(lambda: says(outbox, "connected to"), 60, "the outbox connects again")
    giver.join()
    kept, ghosts = json.loads(told[0].strip().splitlines()[-1])
    heard = lambda: {one["id"] for one in device.heard}  # noqa: E731
    wait_until(lambda: len(heard()) >= len(kept), 60, "all commands arrive")
    wait_until(lambda: world.states("mqtt_command") == {"sent": len(kept)}, 30, "all are sent")
    assert outbox.stop() == 0, outbox.log.read_text()[-2000:]
    device.close()
    print(
        f"{len(kept)} kept, {len(ghosts)} rolled back, {outbox.kills} kills,"
        f" {len(device.heard) - len(kept)} heard twice"
    )
    assert len(ghosts) > COMMANDS // 20
    assert not heard() & set(ghosts)
    assert heard() == set(kept)
    first = list(dict.fromkeys(one["n"] for one in device.heard))
    assert first == sorted(first)


def test_killed_between_effect_and_mark_an_action_has_its_effect_once(world):
    worker = world.bridge("actions")
    world.add_events("plain", range(EVENTS))
    world.add_events("commits", range(EVENTS, 2 * EVENTS))
    worker.start()
    chance = random.Random(SEED)  # noqa: S311  (repeatable, no secret)
    while worker.kills < KILLS:
        done = world.states().get("done", 0)
        wait_until(
            lambda done=done: world.states().get("done", 0) > done + 3, 90, "events are done"
        )
        time.sleep(0.1 * chance.random())
        worker.kill()
        worker.start()
    wait_until(lambda: world.states() == {"done": 2 * EVENTS}, 120, "all are done")
    assert worker.stop() == 0, worker.log.read_text()[-2000:]
    effects = world.rows(
        "SELECT name, count(*) FROM res_partner WHERE name LIKE 'effect %%' GROUP BY name"
    )
    assert len(effects) == 2 * EVENTS
    assert {count for _name, count in effects} == {1}
    [(interrupted,)] = world.rows("SELECT count(*) FROM mqtt_event WHERE tries > 1")
    print(f"{worker.kills} kills, {interrupted} actions interrupted and run again")


def check(world, program, role):
    """Return what the check of health of a role says."""
    done = subprocess.run(
        [*program.command, "--role", role, "--check"], env=program.environment, check=False
    )
    return done.returncode


def test_all_roles_work_together_and_one_that_hangs_is_ended_alone(world):
    world.rows("UPDATE mqtt_broker SET action_seconds = 5, action_tries = 1")
    parent = world.bridge("all")
    device = Device(world.broker.port, answers=True)
    parent.start()
    wait_until(lambda: says(parent, "subscriptions, session"), 60, "messages are heard")
    wait_until(lambda: says(parent, "to send"), 60, "commands are sent")
    wait_until(lambda: says(parent, "actions of roles at work"), 60, "actions run")
    assert len(children_of(parent)) == 3
    assert check(world, parent, "all") == 0
    # an action sends a command, the device answers, and the answer is heard
    world.add_events("sends", [1])
    wait_until(lambda: world.states("mqtt_command") == {"done": 1}, 30, "the device answers")
    # one loops, one hangs so that no signal reaches it, and one comes after them
    world.add_events("loops", [2])
    world.add_events("hangs", [3])
    world.add_events("plain", [4])
    wait_until(lambda: world.states() == {"done": 2, "dead": 2}, 120, "the last one is done")
    faults = world.rows(
        "SELECT fault FROM mqtt_event WHERE state = 'dead' AND broker_id = %s", world.ids["broker"]
    )
    assert sorted(faults) == [("ended",), ("time",)]
    assert "run_for" in parent.log.read_text(), "where it hung is in the log"
    assert len(children_of(parent)) == 3
    # whoever is killed is started again
    [(victim,)] = world.rows("SELECT pid FROM mqtt_process WHERE role = 'outbox'")
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: victim not in children_of(parent), 10, "the death is noticed")
    world.add_events("sends", [5])
    wait_until(lambda: world.states("mqtt_command") == {"done": 2}, 30, "another outbox sends")
    second = world.bridge("all")
    second.start()
    assert second.child.wait(60) == 3
    assert parent.stop(60) == 0, parent.log.read_text()[-2000:]
    assert check(world, parent, "all") == 1
    # children do not outlive a parent that is killed
    parent.start()
    wait_until(lambda: len(children_of(parent)) == 3, 60, "the children start")
    wait_until(lambda: says(parent, "actions of roles at work"), 60, "actions run")
    orphans = children_of(parent)
    parent.kill()
    wait_until(lambda: not any(map(is_running, orphans)), 30, "the children end")
    device.close()
