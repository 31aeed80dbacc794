"""The MQTT bridge for ten minutes at 2,000 messages a second: its memory stays flat.

MQTT_SOAK_RATE messages a second for MQTT_SOAK_SECONDS.
"""

SERVER = "a PostgreSQL of its own, which waits for the disk, and Mosquitto, which does too"


def run(runner):
    """Send at a steady rate and watch memory and backlog.

    :return: rows
    """
    return runner.module("tests.bench._mqtt_soak")
