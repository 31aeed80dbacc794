"""Two MQTT bridges with a filter each beside one: rate, and order of each device's messages.

MQTT_SCALE_MESSAGES waiting messages.
"""

SERVER = "a PostgreSQL of its own, which waits for the disk, and Mosquitto, which does too"


def run(runner):
    """Let one bridge, then two, take the same messages.

    :return: rows
    """
    return runner.module("tests.bench._mqtt_scale")
