"""The bridge without its database; see bench_mqtt_outage.py."""

import os
import time

from tests.bench import _mqtt
from tests.mqtt_machine import Server
from tests.mqtt_world import wait_until

RATE = int(os.environ.get("MQTT_OUTAGE_RATE", "500"))
SECONDS = int(os.environ.get("MQTT_OUTAGE_SECONDS", "60"))
AROUND = 10  # seconds of sending before and after


def main():
    """Kill the database, keep it away, start it, and see that all that was sent is kept."""
    with _mqtt.World("mqtt-outage", _mqtt.SETUP.replace("__ACK__", "False")) as world:
        bridge, server = world.bridge(), Server(world.machine)
        bridge.start()
        wait_until(bridge.is_connected, 90, "the bridge connects")
        sender, most = _mqtt.Sender(world.broker.port), []

        def look():
            most.append(_mqtt.memory(bridge.child.pid))

        sender.send(RATE, AROUND, look)
        usual = _mqtt.part(most, 0.5)
        server.kill()
        sender.send(RATE, SECONDS, look)
        away = sender.sent
        server.start()
        back = time.monotonic()
        sender.send(RATE, AROUND, look)
        sender.settle()
        database = world.connect()
        wait_until(lambda: _mqtt.received(world, database) >= sender.sent, 120, "all is kept")
        drained = time.monotonic() - back
        sender.close()
        assert bridge.stop() == 0, bridge.log.read_text()[-2000:]
        stored, kept = world.ask(
            "SELECT count(*), count(DISTINCT message_ref) FROM mqtt_inbox", database
        )
    assert stored == kept == sender.sent, (stored, kept, sender.sent)
    _mqtt.row(
        f"PostgreSQL killed, away for {SECONDS} s at {RATE:,} a second",
        drained,
        count=away,
        note=f"seconds from its start until all is kept, {AROUND} s of them with devices sending; "
        f"{sender.sent:,} sent, 0 lost, 0 stored twice; memory of the bridge {usual:.0f} MB, "
        f"at most {max(most):.0f} MB",
    )


main()
