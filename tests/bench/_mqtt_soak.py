"""Memory and backlog of the bridge at a steady rate; see bench_mqtt_soak.py."""

import os
import time

from tests.bench import _mqtt
from tests.mqtt_world import wait_until

RATE = int(os.environ.get("MQTT_SOAK_RATE", "2000"))
SECONDS = int(os.environ.get("MQTT_SOAK_SECONDS", "600"))
GROWTH = 4  # MB that the second half may take more than the first


def main():
    """Send, and look ten times a second."""
    with _mqtt.World("mqtt-soak", _mqtt.SETUP.replace("__ACK__", "False")) as world:
        bridge, database = world.bridge(), world.connect()
        bridge.start()
        wait_until(bridge.is_connected, 90, "the bridge connects")
        sender, seen = _mqtt.Sender(world.broker.port), []
        work, began = _mqtt.cpu(bridge.child.pid), time.monotonic()

        def look():
            behind = sender.sent - _mqtt.received(world, database)
            spent = time.monotonic() - began
            seen.append((spent, _mqtt.memory(bridge.child.pid), behind))

        sender.send(RATE, SECONDS, look)
        sender.settle()
        wait_until(lambda: _mqtt.received(world, database) >= sender.sent, 60, "all is kept")
        spent = time.monotonic() - began
        work = _mqtt.cpu(bridge.child.pid) - work
        sender.close()
        assert bridge.stop() == 0
        stored = world.ask("SELECT count(DISTINCT message_ref) FROM mqtt_inbox", database)[0]
    assert stored == sender.sent, (stored, sender.sent)
    halves = [[mb for at, mb, _ in seen if lo <= at < hi] for lo, hi in _parts(SECONDS)]
    middles = [_mqtt.part(half, 0.5) for half in halves]
    assert middles[1] < middles[0] + GROWTH, middles
    _mqtt.row(
        f"{RATE:,} a second for {SECONDS} s",
        spent,
        count=sender.sent,
        note=f"0 lost; memory of the bridge {middles[0]:.1f} MB in the first half after a warm-up, "
        f"{middles[1]:.1f} MB in the second, {max(mb for _, mb, _ in seen):.1f} MB at most; "
        f"at most {max(behind for *_, behind in seen):,} behind; "
        f"{100 * work / spent:.0f} % of a core",
    )


def _parts(seconds):
    warm = seconds * 0.1
    middle = (seconds + warm) / 2
    return (warm, middle), (middle, seconds)


main()
