"""A limit of time for code that is not ours, in three steps.

PostgreSQL ends a statement; an alarm ends what runs in Python; and where neither is heard, as in a
regular expression that never comes to an end, a thread in C ends the whole process.
"""

import contextlib
import faulthandler
import signal
import sys

GRACE = 10  # seconds after which the process ends that did not hear the alarm
AGAIN = 1  # second: an alarm that the code has swallowed rings again


class TooLong(BaseException):
    """The time is over. No Exception, which the code might take for one of its own."""


@contextlib.contextmanager
def limit(seconds, grace=GRACE):
    """Raise TooLong in here after so many seconds; only in the main thread.

    What the alarm was used for before goes on afterwards, later by the time that passed here.
    """
    is_armed = True

    def ring(_number, _frame):
        if is_armed:
            raise TooLong

    former = signal.signal(signal.SIGALRM, ring)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    faulthandler.dump_traceback_later(seconds + grace, exit=True, file=sys.__stderr__)
    try:
        try:
            yield
        finally:
            is_armed = False
    finally:
        # it rings once a second: not again before this is done
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGALRM, former)
        if left:
            signal.setitimer(signal.ITIMER_REAL, left, interval)
