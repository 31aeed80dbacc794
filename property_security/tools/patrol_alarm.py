"""What a patrol has missed at a moment, while there is time to send somebody and after."""

from dataclasses import dataclass
from datetime import datetime, timedelta

ROUND = 0  # that nobody has begun; points are told by their ids


@dataclass(frozen=True)
class Patrol:
    """What is known of a patrol; naive UTC datetimes, sets of ids of points."""

    planned: datetime
    deadline: datetime
    started: datetime | None = None
    finished: datetime | None = None
    required: frozenset = frozenset()
    visited: frozenset = frozenset()
    is_cancelled: bool = False


def misses(patrol, minutes, now):
    """Tell what a patrol has missed at a moment.

    Nobody has begun ``minutes`` after the planned start: the patrol is missed, and stays so when
    it is begun after its deadline. Points that are left are missed when the patrol was finished,
    or ``minutes`` before its deadline, though not in the first half of its time.

    :param patrol: Patrol
    :param minutes: int, not negative
    :param now: naive UTC datetime
    :return: set of ROUND and ids of points

    >>> eight, nine = datetime(2026, 1, 1, 8), datetime(2026, 1, 1, 9)
    >>> at = lambda minute: eight + timedelta(minutes=minute)
    >>> [misses(Patrol(eight, nine), 10, at(minute)) for minute in (9, 10, 300)]
    [set(), {0}, {0}]
    >>> begun = Patrol(eight, nine, at(5), required=frozenset({1, 2}), visited=frozenset({1}))
    >>> [misses(begun, 10, at(minute)) for minute in (10, 49, 50)]
    [set(), set(), {2}]
    """
    if patrol.is_cancelled:
        return set()
    warning = timedelta(minutes=minutes)
    if patrol.started is None or patrol.started > patrol.deadline:
        late = min(patrol.planned + warning, patrol.deadline)
        return {ROUND} if now >= late or patrol.started is not None else set()
    half = patrol.planned + (patrol.deadline - patrol.planned) / 2
    if patrol.finished is None and now < max(patrol.deadline - warning, half):
        return set()
    return set(patrol.required - patrol.visited)
