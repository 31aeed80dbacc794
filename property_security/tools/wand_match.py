"""To which patrol a visit belongs that a wand read without knowing of patrols."""

from dataclasses import dataclass
from datetime import datetime, timedelta

NEAR = timedelta(hours=2)  # a visit farther from all patrols belongs to none


@dataclass(frozen=True)
class Span:
    """The time of a patrol; ``is_own`` when it is the guard's."""

    key: object
    opens: datetime
    deadline: datetime
    is_own: bool = True


def best(at, spans):
    """Choose the patrol of a visit: whose time it is in, else the nearest one; the own one first.

    :param at: datetime
    :param spans: list of Span
    :return: key, None when there is none near

    >>> day = [datetime(2026, 3, 2, hour) for hour in range(24)]
    >>> spans = [Span("eight", day[8], day[9]), Span("ten", day[10], day[11])]
    >>> [best(day[hour], spans) for hour in (8, 12, 14)]
    ['eight', 'ten', None]
    """
    near = [(distance(at, span), not span.is_own, span.opens) for span in spans]
    order = sorted(range(len(spans)), key=near.__getitem__)
    if not order or near[order[0]][0] > NEAR:
        return None
    return spans[order[0]].key


def distance(at, span):
    """Return how far a moment lies outside of a patrol's time; nothing inside."""
    return max(span.opens - at, at - span.deadline, timedelta(0))
