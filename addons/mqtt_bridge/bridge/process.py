"""The process: its database, its place as the only one of its client ID, its signals and ends."""

import contextlib
import logging
import os
import select
import signal
import socket
import threading

import psycopg2
from odoo import sql_db
from odoo.tools import SQL

from ..models.mqtt_process import SILENT
from .inbox import now

_logger = logging.getLogger(__name__)

ENDED, DEAF, WRONG, TAKEN = 0, 1, 2, 3
ROLES = ("ingest", "outbox", "actions")
SIGNS = """
SELECT count(DISTINCT p.role) FROM mqtt_process p JOIN mqtt_broker b ON b.id = p.broker_id
WHERE (b.code = %(code)s OR %(code)s IS NULL) AND p.role = ANY(%(roles)s) AND p.is_connected
    AND (p.heartbeat_at > %(now)s - %(silent)s * interval '1 s' OR EXISTS (
        SELECT 1 FROM mqtt_event e WHERE e.broker_id = p.broker_id AND e.state = 'running'
            AND e.worker = p.client_id AND e.lease_until > %(now)s))
"""


def main(database, options):
    """Run a role of the bridge, or all of them.

    :return: code for the process to end with
    """
    threading.current_thread().dbname = database
    if options.check:
        return check(database, options.broker, options.role)
    code = choose(sql_db.db_connect(database), options.broker)
    if not code:
        return WRONG
    if options.role != "all":
        return run(options.role, database, code, options)
    from .supervisor import Supervisor

    sql_db.close_all()  # children may share no connection with us
    roles = [*ROLES, *["actions"] * (options.workers - 1)]
    return Supervisor(roles, lambda role: run(role, database, code, options)).main()


def run(role, database, code, options):
    """Run one role in this process, until it is asked to end.

    :return: code for the process to end with
    """
    bridge = make(role, database, code, options)

    def stop(_number, _frame):
        bridge.stop()

    def died(arguments):
        _logger.critical("mqtt: a thread died", exc_info=arguments.exc_value)
        bridge.fail()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    threading.excepthook = died
    return bridge.main()


def make(role, database, code, options):
    """Make what does the work of a role."""
    if role == "actions":  # the only one that needs Odoo's models, and a moment to load them
        from odoo.modules.registry import Registry

        from .actions import Actions

        return Actions(Registry(database), code)
    connection = sql_db.db_connect(database)
    if role == "outbox":
        from .outbox import Outbox

        return Outbox(connection, code)
    from .ingest import Ingest

    return Ingest(connection, code, most=options.batch, wait=options.wait_ms / 1000)


def check(database, code, role):
    """Say whether the processes of a role, or of all, are at work and gave a sign of late.

    It loads no addons, for it is asked often.

    :return: code for the process to end with
    """
    roles = list(ROLES) if role == "all" else [role]
    values = {"code": code, "roles": roles, "now": now(), "silent": SILENT}
    try:
        with sql_db.db_connect(database).cursor() as cr:
            cr.execute(SIGNS, values)
            return ENDED if cr.fetchone()[0] == len(roles) else DEAF
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

    def listen(self, channel):
        """Hear the notifications of a channel from now on."""
        self._cr.execute(SQL("LISTEN %s", SQL.identifier(channel)))
        self._commit()

    def wait(self, seconds, ear):
        """Wait for a notification, or for a byte from somebody else.

        :param ear: socket that does not block
        :raise psycopg2.Error: when the connection is lost
        """
        connection = self._cr._cnx
        heard, _write, _fail = select.select([connection, ear], [], [], seconds)
        if ear in heard:
            ear.recv(4096)
        if connection in heard:
            connection.poll()
            connection.notifies.clear()

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
