"""The MQTT bridge beside paho alone: the same messages, publish to commit.

MQTT_BENCH_MESSAGES waiting messages a round, MQTT_BENCH_ROUNDS rounds, of which the middle one
counts; MQTT_BENCH_RATES messages a second for MQTT_BENCH_SECONDS.
"""

SERVER = "a PostgreSQL of its own, which waits for the disk, and Mosquitto, which does too"


def run(runner):
    """Let both take what waits in the broker; then measure delays at steady rates.

    :return: rows
    """
    return runner.module("tests.bench._mqtt_rate")
