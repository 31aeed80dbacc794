"""What all roles have in common: a place of their own, signs of life, a configuration to follow."""

import logging
import threading
import time

import psycopg2
from odoo.sql_db import PoolError

from . import configuration, inbox
from .process import DEAF, ENDED, TAKEN, WRONG

_logger = logging.getLogger(__name__)

BEAT = 5  # seconds between two signs of life
LONGEST_WAIT = 30  # seconds between two attempts to connect
# a key that another process has just committed is a duplicate then, and no error
ISOLATION = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"
TOO_LARGE = "54"  # class of errors: a row or a statement is over a limit of PostgreSQL
DATABASE = (psycopg2.Error, PoolError)


class Role:
    """A process of one role for one broker."""

    role = ""
    longest_pause = LONGEST_WAIT  # seconds between two looks for a database that is away

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

    def stop(self):
        """Ask it to end; what is in hand is finished."""
        self.stopping.set()
        self.ring()

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

    # -- what a role fills in

    def ring(self):
        """End a wait, from any thread."""
        raise NotImplementedError

    def _seize(self):
        """Take a place that is free.

        :return: code to end with, or None
        """
        raise NotImplementedError

    def _turn(self):
        """Do what is next.

        :return: code to end with, or None
        """
        raise NotImplementedError

    def _state(self):
        """Return how we are: values of Place.note()."""
        raise NotImplementedError

    def _take(self):
        """Take our place again.

        :return: whether it was free
        """
        return self.place.take()

    def _let_go(self):
        """Give up what a lost database makes doubtful."""

    def _close(self):
        """Close what it opened for as long as it runs."""

    def _configured(self, sources):
        """Take in a configuration that was read."""

    def _on_changed(self):
        """Follow a changed configuration."""

    # -- the same for all

    def _start(self):
        if not self.load():
            _logger.error("mqtt: there is no broker %s in use", self.code)
            return WRONG
        return self._seize()

    def load(self):
        """Read the configuration.

        :return: whether the broker is there and in use
        """
        with self.database.cursor() as cr:
            found = configuration.load(cr, self.code)
        if not found:
            return False
        self.broker_id, self.settings, sources, self.stamp = found
        self.client_id = self.settings["client_id"]
        self._configured(sources)
        return True

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

    def _without_database(self, error):
        """Wait a while for a database that is away; what is in hand is given up.

        :raise: the error, when it is no passing one
        """
        if not is_passing(error):
            raise error
        _logger.warning("mqtt: the database cannot be used: %s", first_line(error))
        self._let_go()
        self.place.leave()
        self.next_beat = 0.0  # without the place nothing else may be done
        self.stopping.wait(min(self.delay, self.longest_pause))
        self.delay = min(self.delay * 2, self.longest_pause)

    def _end(self):
        self._let_go()
        if self.place:
            try:
                if self.place.is_held:
                    self.place.note(is_connected=False, queue_length=0)
            except DATABASE as error:
                _logger.info("mqtt: no last sign: %s", first_line(error))
            self.place.leave()
        self._close()
        _logger.info("mqtt: %s ended", self.role)


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
