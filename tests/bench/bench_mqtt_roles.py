"""Commands and server actions of the MQTT bridge, beside the same work done without it.

MQTT_BENCH_COMMANDS given, a tenth of them in transactions that are rolled back, while the outbox is
killed MQTT_BENCH_ROLE_KILLS times; MQTT_BENCH_EVENTS events whose action makes a record.
"""

SERVER = "a PostgreSQL of its own, which waits for the disk, and Mosquitto, which does too"


def run(runner):
    """Give commands and queue events, with and without the bridge.

    :return: rows
    """
    return runner.module("tests.bench._mqtt_roles")
