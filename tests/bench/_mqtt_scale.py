"""One bridge and two with a filter each; see bench_mqtt_scale.py."""

import os
import time

from tests.bench import _mqtt
from tests.mqtt_world import wait_until

COUNT = int(os.environ.get("MQTT_SCALE_MESSAGES", "40000"))
SIDES = ("left", "right")
SETUP = """
def broker(code, *sides):
    found = env["mqtt.broker"].create({
        "name": code, "code": code, "username": False, "client_id": code})
    env["mqtt.subscription"].create([{
        "broker_id": found.id, "name": side, "topic": side + "/+", "device_path": "topic:2",
        "message_id_path": "$.id", "timestamp_path": "$.ts", "tz": "UTC",
        "unknown_device": "register"} for side in sides])
broker("both", "left", "right")
broker("left", "left")
broker("right", "right")
env.cr.commit()
"""
BACK = """
SELECT count(*) FROM (
    SELECT substr(message_ref, 2)::bigint < lag(substr(message_ref, 2)::bigint)
        OVER (PARTITION BY device_id ORDER BY id) AS is_back
    FROM mqtt_inbox
) AS steps WHERE is_back
"""


def drained(world, database, codes):
    """Let bridges take what waits for them.

    :return: seconds from the first message to the last commit
    """
    before = _mqtt.received(world, database)
    last = world.ask("SELECT COALESCE(max(id), 0) FROM mqtt_inbox", database)[0]
    bridges = [world.bridge(code=code) for code in codes]
    for number, bridge in enumerate(bridges):
        bridge.log = bridge.log.with_name(f"{codes[number]}.log")
        bridge.start()
    for bridge in bridges:
        wait_until(bridge.is_connected, 90, "the bridges connect")

    def done():
        time.sleep(0.02)
        return _mqtt.received(world, database) >= before + COUNT

    wait_until(done, 300, "the bridges have all")
    end = time.time()
    first = _mqtt.first_after(world, database, last)
    for bridge in bridges:
        assert bridge.stop() == 0, bridge.log.read_text()[-2000:]
    return end - first


def main():
    """Publish once, for the sessions of all."""
    with _mqtt.World("mqtt-scale", SETUP) as world:
        database, port = world.connect(), world.broker.port
        filters = {"both": ("left/+", "right/+"), "left": ("left/+",), "right": ("right/+",)}
        for code, topics in filters.items():
            _mqtt.session(port, code, topics)
        _mqtt.publish(port, COUNT, topic=lambda number, name: f"{SIDES[number % 2]}/{name}")
        one = drained(world, database, ["both"])
        two = drained(world, database, ["left", "right"])
        stored = world.ask("SELECT count(*) FROM mqtt_inbox", database)[0]
        back = world.ask(BACK, database)[0]
    assert (stored, back) == (2 * COUNT, 0), (stored, back)
    _mqtt.row("one process, both filters", one, count=COUNT)
    _mqtt.row(
        "two processes, a filter each",
        two,
        count=COUNT,
        base=one,
        note="0 lost, 0 stored twice, the messages of each device in their order; two cores are "
        "full with one bridge, PostgreSQL and the broker: more cores are needed to show more",
    )


main()
