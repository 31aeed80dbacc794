"""The parent of the roles: one process for each, started again when it dies.

A process that hangs or is killed takes no other with it: devices are heard while an action hangs.
"""

import contextlib
import logging
import os
import signal
import threading
import time

from .process import ENDED, TAKEN, WRONG

_logger = logging.getLogger(__name__)

PATIENCE = 45  # seconds in which children end that are asked to
LOOK = 0.2  # seconds between two looks at the children
LONGEST_WAIT = 30  # seconds before a child that dies again and again is started again
LIVED = 60  # seconds after which a child counts as one that works


class Supervisor:
    """Starts children, and starts those again that die."""

    def __init__(self, roles, run):
        """Prepare.

        :param roles: name for each child
        :param run: runs a role in the child, and returns the code to end with
        """
        self.run = run
        self.stopping = False
        self.code = ENDED
        self.children = {}  # process id: (role, when it was started)
        self.waiting = [(0.0, role) for role in roles]  # (when to start, role)
        self.deaths = dict.fromkeys(roles, 0)
        # children read from it: it ends with us, however we end
        self._life, self._held = os.pipe()

    def main(self):
        """Look after the children until asked to end, or until one says that it cannot work.

        :return: code for the process to end with
        """
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        while not self.stopping:
            self._start_due()
            self._reap()
            time.sleep(LOOK)
        self._end()
        return self.code

    def _stop(self, _number, _frame):
        self.stopping = True

    def _start_due(self):
        for entry in [one for one in self.waiting if one[0] <= time.monotonic()]:
            self.waiting.remove(entry)
            child = os.fork()
            if not child:
                self._live(entry[1])
            self.children[child] = (entry[1], time.monotonic())
            _logger.info("mqtt: %s started as process %s", entry[1], child)

    def _live(self, role):
        """Be the child, and never return."""
        code = 1
        try:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            os.close(self._held)
            threading.Thread(target=self._follow, args=[os.getpid()], daemon=True).start()
            code = self.run(role)
        except Exception:
            _logger.exception("mqtt: %s died", role)
        finally:
            logging.shutdown()
            os._exit(code)

    def _follow(self, child):
        """End the child when its parent is gone."""
        os.read(self._life, 1)
        os.kill(child, signal.SIGTERM)

    def _reap(self):
        """See who died."""
        while self.children:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            role, since = self.children.pop(child, (None, 0))
            if role is None:
                continue
            code = os.waitstatus_to_exitcode(status)
            if self.stopping:
                continue
            _logger.warning("mqtt: %s ended with %s", role, code)
            if code in (WRONG, TAKEN):
                # not for us to mend: whoever started us starts us again
                self.code, self.stopping = code, True
                continue
            lived = time.monotonic() - since > LIVED
            self.deaths[role] = 1 if lived else self.deaths[role] + 1
            wait = min(2 ** (self.deaths[role] - 1), LONGEST_WAIT)
            self.waiting.append((time.monotonic() + wait, role))

    def _end(self):
        """Ask the children to end, and after a while end them."""
        self._signal(signal.SIGTERM)
        end = time.monotonic() + PATIENCE
        while self.children and time.monotonic() < end:
            self._reap()
            time.sleep(LOOK)
        self._signal(signal.SIGKILL)
        while self.children:
            self._reap()
            time.sleep(LOOK)

    def _signal(self, number):
        for child in self.children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, number)
