"""Throughput and latency of the bridge beside paho alone; see bench_mqtt.py."""

import json
import os
import statistics
import time

import paho.mqtt.client as mqtt

from tests.bench import _mqtt
from tests.mqtt_world import wait_until

COUNT = int(os.environ.get("MQTT_BENCH_MESSAGES", "40000"))
ROUNDS = int(os.environ.get("MQTT_BENCH_ROUNDS", "3"))
RATES = [int(rate) for rate in os.environ.get("MQTT_BENCH_RATES", "100,1000,3000").split(",")]
SECONDS = float(os.environ.get("MQTT_BENCH_SECONDS", "15"))
V5, V311 = mqtt.MQTTv5, mqtt.MQTTv311


def drained(world, database, count):
    """Let a bridge take what waits for it.

    :return: (seconds from the first message to the last commit, work of bridge, server, broker)
    """

    before = world.ask("SELECT COALESCE(sum(received), 0) FROM mqtt_tally", database)[0]
    last = world.ask("SELECT COALESCE(max(id), 0) FROM mqtt_inbox", database)[0]
    bridge = world.bridge()
    server, broker = world.server_cpu(), _mqtt.cpu(world.broker.child.pid)
    bridge.start()
    wait_until(bridge.is_connected, 90, "the bridge connects")
    idle = _mqtt.cpu(bridge.child.pid)

    def done():
        time.sleep(0.02)
        return world.ask("SELECT COALESCE(sum(received), 0) FROM mqtt_tally", database)[0] >= before + count

    wait_until(done, 300, "the bridge has all")
    end = time.time()
    work = _mqtt.cpu(bridge.child.pid) - idle
    after = world.server_cpu()
    first = world.ask(
        "SELECT extract(epoch FROM min(received_at)) FROM mqtt_inbox WHERE id > %d" % last,
        database,
    )[0]
    spent = sum(used - server.get(pid, 0) for pid, used in after.items())
    broker = _mqtt.cpu(world.broker.child.pid) - broker
    assert bridge.stop() == 0, bridge.log.read_text()[-2000:]
    return end - float(first), work, spent, broker


def told(result, count):
    """Write what a message cost."""
    names = ("bridge", "PostgreSQL", "broker")
    parts = (
        f"{name} {1e6 * work / count:.0f}" for name, work in zip(names, result[1:], strict=True)
    )
    return f"µs of work a message: {', '.join(parts)}"


def throughput(world):
    """Let paho alone and the bridge take the same messages, in turn."""
    database, port = world.connect(), world.broker.port
    ways = {"bare5": V5, "bare3": V311}
    for name, protocol in ways.items():
        _mqtt.session(port, name, protocol=protocol)
    _mqtt.session(port, "bench")
    found = {"bare5": [], "bare3": [], "bench": []}
    for turn in range(ROUNDS):
        _mqtt.publish(port, COUNT, turn * COUNT)
        for name, protocol in ways.items():
            found[name].append(_mqtt.bare(port, name, COUNT, protocol))
        found["bench"].append(drained(world, database, COUNT))
    return {name: sorted(results) for name, results in found.items()}


def middle(results):
    return results[len(results) // 2]


def main():
    with _mqtt.World("mqtt-bench", _mqtt.SETUP.replace("__ACK__", "False")) as world:
        world.is_superuser = False
        found = throughput(world)
        for name, results in found.items():
            print(name, [[round(x, 3) for x in r] for r in results])
            r = middle(results)
            print(name, round(COUNT / r[0]), "msgs/s", [round(1e6 * w / COUNT, 1) for w in r[1:]])
        print("ratio", middle(found["bare5"])[0] / middle(found["bench"])[0])


main()
