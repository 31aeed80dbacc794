"""From the broker into the inbox: take a batch, store it, commit, and only then confirm."""

import logging
import time

from . import inbox
from .connection import Connection, Refused
from .process import TAKEN, Place
from .role import DATABASE, ISOLATION, LONGEST_WAIT, Role, first_line, is_passing

_logger = logging.getLogger(__name__)

SWEEP = 1  # seconds between two looks at the rules whose time has come
TRIES = 4  # of a batch, before the connection is given up


class Ingest(Role):
    """The role that hears."""

    role = "ingest"
    longest_pause = 5  # a database that is away is asked at no cost

    def __init__(self, database, code, most, wait):
        """Prepare.

        :param database: whose cursor() gives a cursor
        :param code: of the broker
        :param most: deliveries a batch
        :param wait: seconds for a batch to fill
        """
        super().__init__(database, code)
        self.most, self.wait = most, wait
        self.connection = self.inbox = None
        self.connections = 0
        self.next_try = 0.0

    def ring(self):
        """End a wait for messages."""
        if self.connection:
            self.connection.queue.wake()

    def _seize(self):
        self.place = Place(self.database, self.broker_id, self.client_id, self.role)
        if self.place.take():
            return None
        _logger.error("mqtt: another process has the client ID %s", self.client_id)
        return TAKEN

    def _configured(self, sources):
        self.inbox = inbox.Inbox(self.broker_id, sources)

    def _turn(self):
        """Do what is next.

        :return: code to end with, or None
        """
        try:
            if time.monotonic() >= self.next_beat and (code := self._beat()):
                return code
            self._sweep()
            self.inbox.news.tell(self.database)
            if self.connection is None:
                return self._connect()
        except DATABASE as error:
            self._without_database(error)
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

    def _state(self):
        connection = self.connection
        return {
            "is_connected": bool(connection and not connection.lost.is_set()),
            "connections": self.connections,
            "queue_length": len(connection.queue) if connection else 0,
        }

    def _on_changed(self):
        _logger.info("mqtt: the configuration has changed")
        self._let_go()

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
        self.place.note(is_connected=True, connections=self.connections, connected_at=inbox.now())
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
