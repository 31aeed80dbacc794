"""Throughput and latency of the bridge beside paho alone; see bench_mqtt.py."""

import os
import time

import paho.mqtt.client as mqtt

from tests.bench import _mqtt
from tests.mqtt_world import wait_until

COUNT = int(os.environ.get("MQTT_BENCH_MESSAGES", "40000"))
ROUNDS = int(os.environ.get("MQTT_BENCH_ROUNDS", "3"))
RATES = [int(rate) for rate in os.environ.get("MQTT_BENCH_RATES", "100,1000,3000").split(",")]
SECONDS = float(os.environ.get("MQTT_BENCH_SECONDS", "15"))
V5, V311 = mqtt.MQTTv5, mqtt.MQTTv311


JUDGED = """
if "mqtt.rule" in env:
    broker = broker.copy({"code": "judged", "client_id": "judged"})
    subscription = env["mqtt.subscription"].search([], limit=1).copy({"broker_id": broker.id})
    env["mqtt.metric"].create([
        {"name": code, "code": code, "path": "$." + code, "subscription_id": subscription.id}
        for code in ("temp", "hum")])
    env["mqtt.rule"].create([
        {"name": "Hot", "broker_id": broker.id, "subscription_id": subscription.id,
         "condition": "metrics.temp > 90", "clear_condition": "metrics.temp < 80"},
        {"name": "Dry", "broker_id": broker.id, "subscription_id": subscription.id,
         "condition": "payload.hum < 5"}])
    env.cr.commit()
"""


def drained(world, database, code, count):
    """Let a bridge take what waits for it.

    :return: (seconds from the first message to the last commit, work of bridge, server, broker)
    """
    before = _mqtt.received(world, database)
    last = world.ask("SELECT COALESCE(max(id), 0) FROM mqtt_inbox", database)[0]
    bridge = world.bridge(code=code)
    server, broker = world.server_cpu(), _mqtt.cpu(world.broker.child.pid)
    bridge.start()
    wait_until(bridge.is_connected, 90, "the bridge connects")
    idle = _mqtt.cpu(bridge.child.pid)

    def done():
        time.sleep(0.02)
        return _mqtt.received(world, database) >= before + count

    wait_until(done, 300, "the bridge has all")
    end = time.time()
    work = _mqtt.cpu(bridge.child.pid) - idle
    spent = sum(used - server.get(pid, 0) for pid, used in world.server_cpu().items())
    broker = _mqtt.cpu(world.broker.child.pid) - broker
    first = _mqtt.first_after(world, database, last)
    assert bridge.stop() == 0, bridge.log.read_text()[-2000:]
    return end - first, work, spent, broker


def told(works, count):
    """Write what a message cost."""
    names = ("the process", "PostgreSQL", "the broker")
    parts = [f"{name} {1e6 * work / count:.0f}" for name, work in zip(names, works, strict=False)]
    return f"µs of work a message: {', '.join(parts)}"


def throughput():
    """Let paho alone and the bridge take the same messages, in turn."""
    ways = {
        "paho alone, MQTT 5, QoS 1": V5,
        "paho alone, MQTT 3.1.1, QoS 1": V311,
        "the bridge: read, stored, counted, confirmed": "bench",
        "the same with two metrics kept and two rules judged": "judged",
    }
    setup = _mqtt.SETUP.replace("__ACK__", "False") + JUDGED
    with _mqtt.World("mqtt-bench", setup) as world:
        database, port = world.connect(), world.broker.port
        if not world.ask("SELECT 1 FROM mqtt_broker WHERE code = 'judged'", database):
            ways.popitem()
        found = {what: [] for what in ways}
        for what, way in ways.items():
            is_bridge = isinstance(way, str)
            _mqtt.session(port, way if is_bridge else what, protocol=V5 if is_bridge else way)
        for turn in range(ROUNDS):
            _mqtt.publish(port, COUNT, turn * COUNT)
            for what, way in ways.items():
                found[what].append(
                    drained(world, database, way, COUNT)
                    if isinstance(way, str)
                    else _mqtt.bare(port, what, COUNT, way)
                )
    base = None
    for what, results in found.items():
        seconds, *works = sorted(results)[len(results) // 2]
        more = {"base": base} if base else {}
        base = base or seconds
        _mqtt.row(what, seconds, count=COUNT, note=told(works, COUNT), **more)


def delays():
    """Send at steady rates, each on a database that is told of every message that is kept."""
    ack = repr("cmd/{device}/ack")
    with _mqtt.World("mqtt-bench", _mqtt.SETUP.replace("__ACK__", ack)) as world:
        bridge, database = world.bridge(), world.connect()
        bridge.start()
        wait_until(bridge.is_connected, 90, "the bridge connects")
        sender = _mqtt.Sender(world.broker.port, is_told=True)
        sender.send(200, 3)  # devices become known
        for rate in RATES:
            sender.settle()
            sender.delays.clear()
            sender.send(rate, SECONDS)
            sender.settle()
            wait_until(lambda: _mqtt.received(world, database) >= sender.sent, 60, "all is kept")
            time.sleep(0.5)
            ms = [1000 * _mqtt.part(sender.delays, share) for share in (0.5, 0.99, 1)]
            _mqtt.row(
                f"publish to told that it is kept, {rate:,}/s",
                ms[1] / 1000,
                note=f"99 of 100 below this; half below {ms[0]:.0f} ms, all {ms[2]:.0f} ms",
            )
        sender.close()
        assert bridge.stop() == 0


def main():
    throughput()
    delays()


main()
