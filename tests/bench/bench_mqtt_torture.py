"""The MQTT bridge tortured: bridge, broker and PostgreSQL killed while devices send.

MQTT_TORTURE_MESSAGES and MQTT_TORTURE_KILLS are parted among MQTT_TORTURE_SEEDS;
MQTT_TORTURE_RATE messages a second.
"""

SERVER = "a PostgreSQL of its own, which waits for the disk, and Mosquitto, which does too"


def run(runner):
    """Send, kill, and compare what was sent with what is kept.

    :return: rows
    """
    return runner.module("tests.bench._mqtt_torture")
