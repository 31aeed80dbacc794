"""Kill bridge, broker and database while devices send; see bench_mqtt_torture.py."""

import os
import random
import sys
import time

from tests import mqtt_torture
from tests.bench import _mqtt
from tests.mqtt_machine import Server
from tests.mqtt_world import Devices, wait_until

COUNT = int(os.environ.get("MQTT_TORTURE_MESSAGES", "200000"))
KILLS = int(os.environ.get("MQTT_TORTURE_KILLS", "36"))
RATE = int(os.environ.get("MQTT_TORTURE_RATE", "600"))
SEEDS = [int(seed) for seed in os.environ.get("MQTT_TORTURE_SEEDS", "2026,2027,2028").split(",")]


def torture(seed, count, kills):
    """Run one seed in a world of its own, and report it."""
    with _mqtt.World("mqtt-torture", mqtt_torture.SETUP) as world:
        bridge, server = world.bridge(code="torture"), Server(world.machine)
        bridge.start()
        wait_until(bridge.is_connected, 90, "the bridge connects")
        chance = random.Random(seed)  # noqa: S311  (repeatable, no secret)
        devices = Devices(world.broker.port, seed)
        devices.connect()
        victims = {bridge: 0.4, world.broker: 0.3, server: 0.3}
        one = mqtt_torture.Torture(devices, bridge, victims, chance, RATE)
        began = time.monotonic()
        try:
            one.run(kills, count)
            one.finish()
        except AssertionError:
            sys.stderr.write(bridge.log.read_text()[-5000:])
            raise
        finally:
            devices.close()
        spent = time.monotonic() - began
        assert bridge.stop() == 0, bridge.log.read_text()[-2000:]
        told = mqtt_torture.found(world.machine, world.name)
        faults = one.faults(told)
        assert not faults, (seed, faults, told)
    parts = f"{bridge.kills} bridge, {world.broker.kills} broker, {server.kills} PostgreSQL"
    _mqtt.row(
        f"seed {seed}: {kills} kills -9 ({parts})",
        spent,
        count=one.sent,
        note=f"0 lost, 0 stored twice; {one.twice:,} sent twice, {devices.resent:,} again; "
        f"received {told['received']:,} = stored {told['stored']:,} + duplicate "
        f"{told['duplicate']:,} + dead {told['dead']:,} + queued {told['queued']:,}",
    )


def main():
    """Part the messages and kills among the seeds."""
    for seed in SEEDS:
        torture(seed, COUNT // len(SEEDS), -(-KILLS // len(SEEDS)))


main()
