"""How far a round is: a matter of dates, not of jobs that ran."""

from dataclasses import dataclass
from datetime import datetime

PLANNED, OPEN, RUNNING, DONE = "planned", "open", "running", "done"
INCOMPLETE, MISSED, CANCELLED = "incomplete", "missed", "cancelled"
STATES = (PLANNED, OPEN, RUNNING, DONE, INCOMPLETE, MISSED, CANCELLED)


@dataclass(frozen=True)
class Facts:
    """What is known of a round; naive UTC datetimes."""

    opens: datetime
    deadline: datetime
    started: datetime | None = None
    finished: datetime | None = None
    is_cancelled: bool = False


def state_of(facts, now):
    """Tell the state of a round at a moment.

    >>> eight, nine, ten = (datetime(2026, 1, 1, hour) for hour in (8, 9, 10))
    >>> [state_of(Facts(eight, nine), now) for now in (eight, nine, ten)]
    ['open', 'open', 'missed']
    >>> [state_of(Facts(eight, nine, started=eight), now) for now in (nine, ten)]
    ['running', 'incomplete']
    >>> state_of(Facts(eight, nine, finished=ten), ten)
    'done'
    """
    if facts.is_cancelled:
        return CANCELLED
    if facts.finished:
        return DONE
    if now > facts.deadline:
        return INCOMPLETE if facts.started else MISSED
    if facts.started:
        return RUNNING
    return OPEN if now >= facts.opens else PLANNED
