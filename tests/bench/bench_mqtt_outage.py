"""The MQTT bridge while PostgreSQL is away for a minute: it waits, drains, loses nothing.

MQTT_OUTAGE_SECONDS without the database, at MQTT_OUTAGE_RATE messages a second.
"""

SERVER = "a PostgreSQL of its own, which waits for the disk, and Mosquitto, which does too"


def run(runner):
    """Take the database away while devices send, and give it back.

    :return: rows
    """
    return runner.module("tests.bench._mqtt_outage")
