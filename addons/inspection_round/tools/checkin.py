"""How a check-in is judged: its place, its time, and its order among those of the round."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

EARTH = 6371008.8  # mean radius in metres (IUGG)
CREDIT = 100  # metres of inaccuracy that speak for the person at most
SKEW = 120  # seconds by which the clock of a device may be wrong without being marked
FASTEST = 0.5  # share of the expected minutes below which nobody walks the way
WEAK = frozenset({"manual"})

BY_ORDER = frozenset({"out_of_order", "too_fast"})


@dataclass(frozen=True)
class Point:
    """Where a checkpoint is; degrees and metres."""

    latitude: float
    longitude: float
    radius: float


@dataclass(frozen=True)
class Fix:
    """Where a device says it is; accuracy in metres, None when it does not say."""

    latitude: float
    longitude: float
    accuracy: float | None = None


@dataclass(frozen=True)
class Visit:
    """A check-in as the order of a round sees it."""

    key: object
    point: int  # which checkpoint
    position: object  # its place in the order of the route; anything that can be compared
    minutes: float  # expected for the way to it; 0: any time will do
    at: datetime


def distance(point, fix):
    """Measure the way between two places on the globe (haversine).

    :return: metres

    >>> round(distance(Point(31.2304, 121.4737, 0), Fix(31.2304, 121.4748)))
    105
    """
    phi, other = math.radians(point.latitude), math.radians(fix.latitude)
    lift = math.sin((other - phi) / 2) ** 2
    turn = math.sin(math.radians(fix.longitude - point.longitude) / 2) ** 2
    chord = lift + math.cos(phi) * math.cos(other) * turn
    return 2 * EARTH * math.asin(math.sqrt(min(chord, 1.0)))


def judge_place(point, fix):
    """Judge where a check-in was made.

    What the device does not know of its place speaks for the person, up to CREDIT metres.

    :param point: Point, or None for a checkpoint without a position
    :param fix: Fix, or None when the device told none
    :return: set of flags

    >>> judge_place(Point(31.2304, 121.4737, 50), Fix(31.2304, 121.4748, 20))
    {'outside_radius'}
    >>> judge_place(Point(31.2304, 121.4737, 50), Fix(31.2304, 121.4748, 60))
    set()
    >>> judge_place(None, None), judge_place(Point(31.2, 121.4, 50), None)
    (set(), {'no_position'})
    """
    if point is None:
        return set()
    if fix is None:
        return {"no_position"}
    accuracy = max(fix.accuracy or 0.0, 0.0)
    flags = {"imprecise"} if accuracy > CREDIT else set()
    if distance(point, fix) - min(accuracy, CREDIT) > point.radius:
        flags.add("outside_radius")
    return flags


def true_time(device_at, skew, received_at):
    """Tell when something happened from what a device's clock said.

    :param device_at: naive UTC datetime by the device's clock
    :param skew: seconds by which that clock is ahead of ours
    :param received_at: naive UTC datetime by our clock: nothing is received before it happens
    :return: naive UTC datetime by our clock

    >>> true_time(datetime(2026, 1, 4, 8), 3 * 86400, datetime(2026, 1, 1, 8, 5))
    datetime.datetime(2026, 1, 1, 8, 0)
    >>> true_time(datetime(2026, 1, 1, 9), 0, datetime(2026, 1, 1, 8, 5))
    datetime.datetime(2026, 1, 1, 8, 5)
    """
    return min(device_at - timedelta(seconds=skew), received_at)


def judge_time(at, opens, deadline, skew):
    """Judge when a check-in was made.

    :param at: naive UTC datetime, the clock's error taken out
    :param opens: first moment of the round
    :param deadline: last moment of the round
    :param skew: seconds
    :return: set of flags

    >>> judge_time(datetime(2026, 1, 1, 9), datetime(2026, 1, 1, 8), datetime(2026, 1, 1, 9), -130)
    {'clock'}
    """
    flags = {"clock"} if abs(skew) > SKEW else set()
    if at < opens:
        flags.add("early")
    elif at > deadline:
        flags.add("late")
    return flags


def judge_order(visits, is_strict):
    """Judge the visits of a round among each other, by when they were made.

    Out of order: on a route with a strict order, a later point was visited before. Too fast:
    since the last visit of another point less than half of the expected minutes have passed.

    :param visits: Visit in any order
    :param is_strict: the points have to be visited in their order
    :return: {key: set of flags}

    >>> start = datetime(2026, 1, 1, 8)
    >>> way = [Visit(n, n, n, 4, start + timedelta(minutes=m)) for n, m in ((1, 0), (3, 5), (2, 6))]
    >>> {key: sorted(flags) for key, flags in judge_order(way, True).items()}
    {1: [], 3: [], 2: ['out_of_order', 'too_fast']}
    """
    flags, farthest, here, left_at = {}, None, None, None
    arrived_at = None  # the latest visit of the point where the person is
    for visit in sorted(visits, key=lambda visit: (visit.at, visit.position)):
        found = flags.setdefault(visit.key, set())
        if visit.point != here:
            here, left_at = visit.point, arrived_at
        arrived_at = visit.at
        if left_at and (visit.at - left_at).total_seconds() < visit.minutes * 60 * FASTEST:
            found.add("too_fast")
        if is_strict and farthest is not None and visit.position < farthest:
            found.add("out_of_order")
        farthest = visit.position if farthest is None else max(farthest, visit.position)
    return flags


def coverage(required, visited):
    """Tell the share of the required points that have a valid check-in.

    :param required: ids of checkpoints
    :param visited: ids of checkpoints of valid check-ins; repeated and foreign ones do not count
    :return: (number that counts, share 0–1); nothing required: 0

    >>> coverage({1, 2, 3, 4}, [1, 1, 2, 9])
    (2, 0.5)
    """
    count = len(set(required) & set(visited))
    return count, count / len(set(required)) if required else 0.0
