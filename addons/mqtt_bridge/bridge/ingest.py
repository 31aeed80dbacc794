"""From the broker into the inbox: take a batch, store it, commit, and only then confirm."""

import logging
import threading
import time

import psycopg2
from odoo.sql_db import PoolError

from . import configuration, inbox
from .connection import Connection, Refused
from .process import DEAF, ENDED, TAKEN, WRONG, Place

_logger = logging.getLogger(__name__)

BEAT = 5  # seconds between two signs of life
SWEEP = 1  # seconds between two looks at the rules whose time has come
TRIES = 4  # of a batch, before the connection is given up
LONGEST_WAIT = 30  # seconds between two attempts to connect
LONGEST_PAUSE = 5  # seconds between two looks for the database, which is asked at no cost
# a key that another process has just committed is a duplicate then, and no error
ISOLATION = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"
TOO_LARGE = "54"  # class of errors: a row or a statement is over a limit of PostgreSQL
DATABASE = (psycopg2.Error, PoolError)


class Ingest:
    """The role that hears."""

    def __init__(self, database, code, most, wait):
        """Prepare.

        :param database: whose cursor() gives a cursor
        :param code: of the broker
        :param most: deliveries a batch
        :param wait: seconds for a batch to fill
        """
        self.database, self.code = database, code
        self.most, self.wait = most, wait
        self.stopping = threading.Event()
        self.failed = False
        self.connection = self.place = self.inbox = None
        self.settings, self.stamp, self.error = {}, None, None
        self.connections = 0
        self.next_beat = self.next_try = self.next_sweep = 0.0
        self.delay = 1

    def stop(self):
        """Ask it to end; the batch in hand is finished."""
        self.stopping.set()
        if self.connection:
            self.connection.queue.wake()

    def fail(self):
        """Say that a thread died: the process ends, for another to start."""
        self.failed = True
        self.stop()

    def main(self):
        """Run until asked to end.

        :return: code for the process to end with
        """
        try:
            code = self._start()
            while code is None and not self.stopping.is_set():
                code = self._turn()
        finally:
            self._end()
        if self.failed:
            return DEAF
        return code or ENDED

    def _start(self):
        if not self.load():
            _logger.error("mqtt: there is no broker %s in use", self.code)
            return WRONG
        self.place = Place(self.database, self.broker_id, self.settings["client_id"], "ingest")
        if not self.place.take():
            _logger.error("mqtt: another process has the client ID %s", self.settings["client_id"])
            return TAKEN
        return None

    def load(self):
        """Read the configuration.

        :return: whether the broker is there and in use
        """
        with self.database.cursor() as cr:
            found = configuration.load(cr, self.code)
        if not found:
            return False
        self.broker_id, self.settings, sources, self.stamp = found
        self.inbox = inbox.Inbox(self.broker_id, sources)
        return True

    def _turn(self):
        """Do what is next.

        :return: code to end with, or None
        """
        try:
            if time.monotonic() >= self.next_beat and (code := self._beat()):
                return code
            self._sweep()
            if self.connection is None:
                return self._connect()
        except DATABASE as error:
            if not is_passing(error):
                raise
            _logger.warning("mqtt: the database cannot be used: %s", first_line(error))
            self._let_go()
            self.place.leave()
            self.next_beat = 0  # without the place nothing else may be done
            self._pause()
            return None
        batch = self.connection.queue.take(self.most, self.wait)
        if batch and not self.connection.lost.is_set():
            self._keep(batch)
        if self.connection and (self.connection.lost.is_set() or self.connection.queue.overflowed):
            lost = self.connection.lost.is_set()
            self.error = "the connection was lost" if lost else "more came than could be stored"
            _logger.warning("mqtt: %s; connecting anew", self.error)
            self._let_go()
        return None

    def _sweep(self):
        """Let the rules act whose time has come, once a second."""
        if time.monotonic() < self.next_sweep:
            return
        self.next_sweep = time.monotonic() + SWEEP
        try:
            self._transact(self.inbox.judge.sweep)
        except DATABASE as error:
            if is_passing(error):
                raise
            self.error = f"the rules: {first_line(error)}"
            _logger.error("mqtt: %s", self.error)

    def _beat(self):
        """Give a sign of life, keep the place, and see whether the configuration has changed."""
        if not self.place.is_held and not self.place.take():
            _logger.error("mqtt: another process has taken the client ID")
            return TAKEN
        connection = self.connection
        values = {
            "is_connected": bool(connection and not connection.lost.is_set()),
            "connections": self.connections,
            "queue_length": len(connection.queue) if connection else 0,
        }
        if self.error:
            error, self.error = self.error, None
            values.update(error=error[:200], error_at=inbox.now())
        self.place.note(**values)
        self.next_beat = time.monotonic() + BEAT
        with self.database.cursor() as cr:
            stamp = configuration.stamp(cr, self.code)
        if stamp == self.stamp:
            return None
        _logger.info("mqtt: the configuration has changed")
        client_id = self.settings["client_id"]
        self._let_go()
        if not self.load():
            _logger.error("mqtt: the broker %s is archived or gone", self.code)
            return WRONG
        if self.settings["client_id"] != client_id:
            _logger.error("mqtt: the client ID has changed; ending, to start with the new one")
            return WRONG
        return None

    def _connect(self):
        if time.monotonic() < self.next_try:
            self.stopping.wait(min(self.next_try - time.monotonic(), 0.2))
            return
        try:
            connection = Connection(self.settings)
            connection.open()
        except (Refused, OSError, ValueError) as error:  # unreadable certificates are OSErrors
            self.error = f"not connected: {error}"
            _logger.warning("mqtt: %s", self.error)
            self.next_try = time.monotonic() + self.delay
            self.delay = min(self.delay * 2, LONGEST_WAIT)
            return
        self.connection, self.delay = connection, 1
        self.connections += 1
        filters = [source.filter for source in self.inbox.sources]
        former = set(self.place.filters()) - set(filters)
        # written down before they are subscribed to, so that none is ever forgotten
        self.place.note(filters="\n".join(sorted({*filters, *former})))
        connection.subscribe(filters, former)
        self.place.note(is_connected=True, connections=self.connections)
        _logger.info(
            "mqtt: connected to %s:%s, %s subscriptions, session %s",
            *(self.settings["host"], self.settings["port"], len(filters)),
            "resumed" if connection.session_present else "new",
        )
        return

    def _keep(self, batch):
        """Store a batch and confirm it; without the database nothing is confirmed."""
        delay = 0.1
        for _ in range(TRIES):
            try:
                items = self._store(batch)
            except DATABASE as error:
                if not is_passing(error):
                    raise
                self.error = f"the database: {first_line(error)}"
                _logger.warning("mqtt: a batch waits: %s", self.error)
                if self.stopping.wait(delay):
                    return
                delay *= 3
            else:
                self._confirm(items)
                return
        # the broker keeps the rest; what is in hand comes again
        self._let_go()

    def _store(self, batch):
        """Store deliveries; where they fail together, store those that do not fail alone.

        :return: Item for each, all committed
        :raise psycopg2.Error: when the database cannot be used now, and some may be committed
        """
        try:
            return self._transact(self.inbox.store, batch)
        except Exception as error:
            if is_passing(error):
                raise
            fault = first_line(error)
        if len(batch) == 1:
            _logger.error("mqtt: a message cannot be stored: %s", fault)
            return [self._transact(self.inbox.bury, batch[0], fault)]
        middle = len(batch) // 2
        return self._store(batch[:middle]) + self._store(batch[middle:])

    def _transact(self, do, *arguments):
        """Do something in a transaction of its own, which is committed when this returns."""
        with self.database.cursor() as cr:
            cr.execute(ISOLATION)
            return do(cr, *arguments)

    def _confirm(self, items):
        """Confirm what is stored: to the broker, and to the devices that want to know."""
        told = [found for item in items if (found := inbox.confirmation(item))]
        self.connection.confirm([item.delivery for item in items], told)

    def _let_go(self):
        if self.connection:
            connection, self.connection = self.connection, None
            connection.close()

    def _pause(self):
        self.stopping.wait(min(self.delay, LONGEST_PAUSE))
        self.delay = min(self.delay * 2, LONGEST_PAUSE)

    def _end(self):
        self._let_go()
        if self.place:
            try:
                if self.place.is_held:
                    self.place.note(is_connected=False, queue_length=0)
            except DATABASE as error:
                _logger.info("mqtt: no last sign: %s", first_line(error))
            self.place.leave()
        _logger.info("mqtt: ended")


def is_passing(error):
    """Say whether the same may succeed later: it is the database, and no message is at fault."""
    code = getattr(error, "pgcode", None)
    if code:
        return isinstance(error, psycopg2.OperationalError) and not code.startswith(TOO_LARGE)
    # a connection that the server closed while it was idle gives the plain class, without a code
    lost = (psycopg2.OperationalError, psycopg2.InterfaceError, PoolError)
    return isinstance(error, lost) or type(error) is psycopg2.DatabaseError


def first_line(error):
    """Say what went wrong, without the row that PostgreSQL quotes after it."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else ''}"[:300]
