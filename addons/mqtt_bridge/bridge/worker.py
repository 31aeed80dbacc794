"""What the roles that empty a queue of the database have in common.

A queue is a table. Whoever adds a row says NOTIFY in the same transaction, so that the row is seen
at once when, and only when, the transaction is committed; a look every second finds what a lost
notification leaves behind.
"""

import logging
import random
import socket
import threading
import time

from psycopg2.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from . import configuration, inbox
from .ingest import BEAT, DATABASE, ISOLATION, LONGEST_WAIT, first_line, is_passing
from .process import DEAF, ENDED, TAKEN, WRONG, Place

_logger = logging.getLogger(__name__)

RIVALS = (DeadlockDetected, LockNotAvailable, SerializationFailure)
ROUNDS = 5  # attempts while other transactions are in the way
POLL = 1  # seconds between two looks at the queue when nobody rings


def pause_for_others():
    """Wait a moment, each a different one, for transactions that are in our way."""
    time.sleep(random.uniform(0.01, 0.2))  # noqa: S311  (no secret)


class Worker:
    """A process of one role for one broker."""

    role = channel = ""
    sweep = 5  # seconds between two looks for what was left behind
    places = 1  # processes that may have this role for one broker at a time

    def __init__(self, database, code):
        """Prepare.

        :param database: whose cursor() gives a cursor
        :param code: of the broker
        """
        self.database, self.code = database, code
        self.stopping = threading.Event()
        self.failed = False
        self.place = None
        self.broker_id = self.client_id = self.stamp = self.error = None
        self.settings = {}
        self.next_beat = self.next_sweep = 0.0
        self.delay = 1
        self._ear, self._bell = socket.socketpair()
        self._ear.setblocking(False)
        self._bell.setblocking(False)

    def stop(self):
        """Ask it to end; what is in hand is finished."""
        self.stopping.set()
        self.ring()

    def fail(self):
        """Say that a thread died: the process ends, for another to start."""
        self.failed = True
        self.stop()

    def ring(self):
        """End a wait, from any thread."""
        try:
            self._bell.send(b"!")
        except BlockingIOError:
            pass  # it has rung often enough

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

    def _let_go(self):
        """Give up what a lost database makes doubtful."""

    def _state(self):
        """Return how we are: values of Place.note()."""
        return {"is_connected": True}

    # -- the same for all

    def _start(self):
        if not self.load():
            _logger.error("mqtt: there is no broker %s in use", self.code)
            return WRONG
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

    def load(self):
        """Read the configuration.

        :return: whether the broker is there and in use
        """
        with self.database.cursor() as cr:
            found = configuration.load(cr, self.code)
        if not found:
            return False
        self.broker_id, self.settings, _sources, self.stamp = found
        self.client_id = self.settings["client_id"]
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
            if not is_passing(error):
                raise
            _logger.warning("mqtt: the database cannot be used: %s", first_line(error))
            self._let_go()
            self.place.leave()
            self.next_beat = 0.0
            self.stopping.wait(self.delay)
            self.delay = min(self.delay * 2, LONGEST_WAIT)
        return None

    def _beat(self):
        """Give a sign of life, keep the place, and see whether the configuration has changed."""
        if not self.place.is_held and not self._take():
            _logger.error("mqtt: another process has taken our place")
            return TAKEN
        values = self._state()
        if self.error:
            error, self.error = self.error, None
            values.update(error=error[:200], error_at=inbox.now())
        self.place.note(**values)
        self.next_beat = time.monotonic() + BEAT
        with self.database.cursor() as cr:
            stamp = configuration.stamp(cr, self.code)
        if stamp == self.stamp:
            return None
        client_id = self.client_id
        if not self.load():
            _logger.error("mqtt: the broker %s is archived or gone", self.code)
            return WRONG
        if self.client_id != client_id:
            _logger.error("mqtt: the client ID has changed; ending, to start with the new one")
            return WRONG
        self._on_changed()
        return None

    def _on_changed(self):
        """Follow a changed configuration."""

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

    def _end(self):
        self._let_go()
        if self.place:
            try:
                if self.place.is_held:
                    self.place.note(is_connected=False, queue_length=0)
            except DATABASE as error:
                _logger.info("mqtt: no last sign: %s", first_line(error))
            self.place.leave()
        self._ear.close()
        self._bell.close()
        _logger.info("mqtt: %s ended", self.role)
