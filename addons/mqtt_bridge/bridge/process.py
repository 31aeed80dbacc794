"""The process: its database, its place as the only one of its client ID, its signals and ends."""

import contextlib
import logging
import os
import signal
import socket
import threading

import psycopg2
from odoo import sql_db

from ..models.mqtt_process import SILENT
from .inbox import now

_logger = logging.getLogger(__name__)

ENDED, DEAF, WRONG, TAKEN = 0, 1, 2, 3
SIGNS = (
    "SELECT count(*) FROM mqtt_process p JOIN mqtt_broker b ON b.id = p.broker_id"
    " WHERE (b.code = %s OR %s) AND p.is_connected AND p.heartbeat_at > %s - %s * interval '1 s'"
)


def main(database, options):
    """Run a role of the bridge.

    :return: code for the process to end with
    """
    threading.current_thread().dbname = database
    if options.check:
        return check(database, options.broker)
    connection = sql_db.db_connect(database)
    code = choose(connection, options.broker)
    if not code:
        return WRONG
    from .ingest import Ingest

    bridge = Ingest(connection, code, most=options.batch, wait=options.wait_ms / 1000)

    def stop(_number, _frame):
        bridge.stop()

    def died(arguments):
        _logger.critical("mqtt: a thread died", exc_info=arguments.exc_value)
        bridge.fail()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    threading.excepthook = died
    return bridge.main()


def check(database, code):
    """Say whether a bridge of a broker is connected and gave a sign of late.

    It loads no addons, for it is asked often.

    :return: code for the process to end with
    """
    try:
        with sql_db.db_connect(database).cursor() as cr:
            cr.execute(SIGNS, [code, not code, now(), SILENT])
            return ENDED if cr.fetchone()[0] else DEAF
    except psycopg2.Error as error:
        _logger.error("mqtt: %s", str(error).strip().splitlines()[0])
        return DEAF


def choose(connection, code):
    """Find the broker that is meant.

    :return: its code, or None with the reason in the log
    """
    with connection.cursor() as cr:
        cr.execute("SELECT to_regclass('mqtt_broker')")
        if not cr.fetchone()[0]:
            _logger.error("mqtt: the addon mqtt_bridge is not installed in %s", cr.dbname)
            return None
        cr.execute("SELECT code FROM mqtt_broker WHERE active ORDER BY code")
        codes = [row[0] for row in cr.fetchall()]
    if code in codes:
        return code
    if code or len(codes) != 1:
        _logger.error("mqtt: name a broker with --broker; there are: %s", ", ".join(codes) or "-")
        return None
    return codes[0]


class Place:
    """The only place of a client ID, held by a lock of the database; and the signs of life."""

    def __init__(self, database, broker_id, client_id, role):
        self.database = database
        self.role, self.broker_id, self.client_id = role, broker_id, client_id
        self._cr = None

    def take(self):
        """Take the place.

        :return: whether it was free
        :raise psycopg2.Error: when the database cannot be reached
        """
        self._cr = self._cr or self.database.cursor()
        name = f"mqtt_bridge:{self.role}:{self.client_id}"
        self._cr.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        is_free = self._cr.fetchone()[0]
        if is_free:
            self._cr.execute(
                START,
                [self.broker_id, self.role, self.client_id, socket.gethostname(), os.getpid()],
            )
        self._commit()
        if not is_free:
            self.leave()
        return is_free

    def filters(self):
        """Return what the process before us, or we, subscribed to."""
        self._cr.execute(FILTERS, self._mine)
        text = self._cr.fetchone()[0]
        self._commit()
        return text.split("\n") if text else []

    def note(self, **values):
        """Write down how we are.

        :param values: columns of mqtt_process; those left out keep what they have
        """
        unknown = values.keys() - set(NOTED)
        if unknown:
            raise TypeError(f"no column of a sign of life: {unknown}")
        self._cr.execute(NOTE, [*(values.get(name) for name in NOTED), *self._mine])
        self._commit()

    def _commit(self):
        # a cursor of its own, for the lock: an open transaction would hold back vacuum
        self._cr.commit()  # pylint: disable=invalid-commit

    @property
    def _mine(self):
        return [self.broker_id, self.role, self.client_id]

    @property
    def is_held(self):
        """Say whether the place was taken and not given up."""
        return self._cr is not None

    def leave(self):
        """Give the place up, whatever has become of the connection."""
        if self._cr is not None:
            cr, self._cr = self._cr, None
            # the lock ends with its connection, which must not go back to the pool
            with contextlib.suppress(psycopg2.Error):
                cr._cnx.close()
                cr.close()


NOTED = (
    *("is_connected", "connections", "connected_at", "queue_length", "filters", "error"),
    "error_at",
)
FILTERS = "SELECT filters FROM mqtt_process WHERE broker_id = %s AND role = %s AND client_id = %s"
NOTE = """
UPDATE mqtt_process SET is_connected = COALESCE(%s, is_connected),
    connections = COALESCE(%s, connections), connected_at = COALESCE(%s, connected_at),
    queue_length = COALESCE(%s, queue_length),
    filters = COALESCE(%s, filters), error = COALESCE(%s, error),
    error_at = COALESCE(%s, error_at), heartbeat_at = now() AT TIME ZONE 'UTC'
WHERE broker_id = %s AND role = %s AND client_id = %s
"""
START = """
INSERT INTO mqtt_process
    (broker_id, role, client_id, machine, pid, started_at, heartbeat_at, is_connected, connections)
VALUES (%s, %s, %s, %s, %s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC', false, 0)
ON CONFLICT (broker_id, role, client_id) DO UPDATE SET machine = EXCLUDED.machine,
    pid = EXCLUDED.pid, started_at = EXCLUDED.started_at, heartbeat_at = EXCLUDED.heartbeat_at,
    is_connected = false, connections = 0, error = NULL, error_at = NULL
"""
