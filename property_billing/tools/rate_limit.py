"""How often somebody may knock: a sliding window a key, in the memory of one worker."""

import threading
from collections import OrderedDict, deque


class RateLimit:
    """Allow so many events a key within so many seconds.

    The number of keys remembered is bounded: the ones that have been quiet longest are forgotten.

    >>> limit = RateLimit(2, 60, keys=2)
    >>> [limit.allows("a", now) for now in (0, 1, 2, 59, 61)]
    [True, True, False, False, True]
    >>> limit.allows("b", 61), limit.allows("c", 61), len(limit)
    (True, True, 2)
    """

    def __init__(self, events, seconds, keys=10000):
        """Set the limit.

        :param events: how many events are allowed
        :param seconds: within this time
        :param keys: how many keys are remembered
        """
        self.events, self.seconds, self.keys = events, seconds, keys
        self._seen = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self):
        return len(self._seen)

    def allows(self, key, now):
        """Tell whether one more event is allowed, and count it if so.

        :param key: whose event, such as an address
        :param now: seconds of a clock that never goes back
        """
        with self._lock:
            times = self._seen.setdefault(key, deque())
            self._seen.move_to_end(key)
            while times and times[0] <= now - self.seconds:
                times.popleft()
            allowed = len(times) < self.events
            if allowed:
                times.append(now)
            while len(self._seen) > self.keys:
                self._seen.popitem(last=False)
            return allowed

    def is_full(self, key, now):
        """Tell whether the next event would be refused, without counting one.

        :param key: whose event
        :param now: seconds of the same clock

        >>> limit = RateLimit(1, 60)
        >>> limit.is_full("a", 0), limit.allows("a", 0), limit.is_full("a", 1)
        (False, True, True)
        """
        with self._lock:
            times = self._seen.get(key, ())
            return sum(moment > now - self.seconds for moment in times) >= self.events
