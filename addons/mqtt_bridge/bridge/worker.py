"""What the roles that empty a queue of the database have in common.

A queue is a table. Whoever adds a row says NOTIFY in the same transaction, so that the row is seen
at once when, and only when, the transaction is committed; a look every second finds what a lost
notification leaves behind.
"""

import logging
import random
import socket
import time

from psycopg2.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from .process import TAKEN, Place
from .role import DATABASE, ISOLATION, Role

_logger = logging.getLogger(__name__)

RIVALS = (DeadlockDetected, LockNotAvailable, SerializationFailure)
ROUNDS = 5  # attempts while other transactions are in the way
POLL = 1  # seconds between two looks at the queue when nobody rings


def pause_for_others():
    """Wait a moment, each a different one, for transactions that are in our way."""
    time.sleep(random.uniform(0.01, 0.2))  # noqa: S311  (no secret)


class Worker(Role):
    """A process of one role that empties a queue."""

    channel = ""
    sweep = 5  # seconds between two looks for what was left behind
    places = 1  # processes that may have this role for one broker at a time

    def __init__(self, database, code):
        """Prepare.

        :param database: whose cursor() gives a cursor
        :param code: of the broker
        """
        super().__init__(database, code)
        self._ear, self._bell = socket.socketpair()
        self._ear.setblocking(False)
        self._bell.setblocking(False)

    def ring(self):
        """End a wait, from any thread."""
        try:
            self._bell.send(b"!")
        except BlockingIOError:
            pass  # it has rung often enough

    # -- what a role fills in

    def _recover(self):
        """Take up what a process at our place left unfinished."""
        raise NotImplementedError

    def _sweep(self):
        """Look for what waits too long."""
        raise NotImplementedError

    def _work(self):
        """Do what is next.

        :return: whether there was anything to do
        """
        raise NotImplementedError

    def _state(self):
        """Return how we are: values of Place.note()."""
        return {"is_connected": True}

    # -- the same for all

    def _seize(self):
        for number in range(1, self.places + 1):
            name = f"{self.client_id}-{self.role}" + (f"-{number}" if number > 1 else "")
            self.place = Place(self.database, self.broker_id, name, self.role)
            if self._take():
                _logger.info("mqtt: %s of %s at work as %s", self.role, self.code, name)
                return None
        _logger.error("mqtt: another process is %s of %s", self.role, self.code)
        return TAKEN

    def _take(self):
        """Take the place, and what was left there.

        :return: whether it was free
        """
        if not self.place.take():
            return False
        self.place.listen(self.channel)
        self._recover()
        return True

    def _turn(self):
        """Do what is next.

        :return: code to end with, or None
        """
        try:
            if time.monotonic() >= self.next_beat and (code := self._beat()):
                return code
            if time.monotonic() >= self.next_sweep:
                self._sweep()
                self.next_sweep = time.monotonic() + self.sweep
            if not self._work() and not self.stopping.is_set():
                self.place.wait(POLL, self._ear)
            self.delay = 1
        except DATABASE as error:
            self._without_database(error)
        return None

    def _transact(self, statement, values):
        """Run a statement in a transaction of its own, again when another is in its way.

        :return: its rows as dictionaries, committed when this returns
        """
        for left in reversed(range(ROUNDS)):
            try:
                with self.database.cursor() as cr:
                    cr.execute(ISOLATION)
                    cr.execute(statement, values)
                    return cr.dictfetchall() if cr.description else []
            except RIVALS:
                if not left:
                    raise
                pause_for_others()
        return []

    def _close(self):
        self._ear.close()
        self._bell.close()
