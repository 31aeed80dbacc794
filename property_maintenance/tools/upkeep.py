"""When preventive maintenance is due: by the calendar or by a counter, fixed or from last done.

Both rhythms number their due points 0, 1, 2 … and answer the same questions, so one function
decides what is to be raised. Calendar points are counted from the start, never from the point
before: the last of January, monthly, is 28 February and again 31 March.

>>> monthly = Calendar(date(2026, 1, 31), 1, "month")
>>> [monthly.point(n).isoformat() for n in range(3)]
['2026-01-31', '2026-02-28', '2026-03-31']
>>> monthly.last_index(date(2026, 3, 30))
1
>>> Counter(Decimal(500), Decimal(250)).last_index(Decimal(1100))
2
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from decimal import Decimal

#: Domain of the requests that are not finished, service requests or others.
UNFINISHED = [("stage_id.done", "=", False), ("archive", "=", False)]
DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "year": 12}
#: A forecast looks no further than ten years.
FORECAST_DAYS = 3650
#: Nobody makes good more missed points than these: what lies further back was a slip of a year.
MOST_DUES = 1000


def decimal(value):
    """Return the value of a counter as it is shown, None for none.

    >>> decimal(0.1) * 3
    Decimal('0.3')
    """
    return None if value is None else Decimal(str(value))


def add_months(day, months):
    """Return the day `months` later, the last of the month where it has no such day.

    >>> add_months(date(2024, 2, 29), 12)
    datetime.date(2025, 2, 28)
    >>> add_months(date(2024, 2, 29), 12 * 9000)
    datetime.date(9999, 12, 31)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > MAXYEAR:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Calendar:
    """Every so many days, weeks, months or years.

    :param start: first day it is due
    :param every: how many units, 1 or more
    :param unit: day, week, month or year
    """

    start: date
    every: int
    unit: str

    def after(self, day, periods=1):
        """Return the day `periods` periods after `day`."""
        if self.unit in DAYS:
            days = DAYS[self.unit] * self.every * periods
            return day + timedelta(days=min(days, (date.max - day).days))
        return add_months(day, MONTHS[self.unit] * self.every * periods)

    def point(self, index):
        """Return the due day with this number; 0 is the start."""
        return self.after(self.start, index)

    def last_index(self, limit):
        """Return the number of the last due day that is not after `limit`, −1 for none."""
        if limit < self.start:
            return -1
        if self.unit in DAYS:
            return (limit - self.start).days // (DAYS[self.unit] * self.every)
        months = (limit.year - self.start.year) * 12 + limit.month - self.start.month
        index = months // (MONTHS[self.unit] * self.every)
        return index if self.point(index) <= limit else index - 1


@dataclass(frozen=True)
class Counter:
    """Every so many running hours, starts or whatever the counter counts.

    :param start: first reading it is due at
    :param every: units of the counter between two, more than 0
    """

    start: Decimal
    every: Decimal

    def after(self, reading, periods=1):
        """Return the reading `periods` periods after `reading`."""
        return reading + self.every * periods

    def point(self, index):
        """Return the due reading with this number; 0 is the start."""
        return self.after(self.start, index)

    def last_index(self, limit):
        """Return the number of the last due reading that is not above `limit`, −1 for none."""
        return -1 if limit < self.start else int((limit - self.start) // self.every)


def fixed_dues(rhythm, limit, raised=None, most=None):
    """Return every due point that is not raised yet, oldest first.

    :param rhythm: Calendar or Counter
    :param limit: the last day or reading to look at
    :param raised: the latest point raised before, None for none
    :param most: how many of the latest are wanted, None for all

    >>> weekly = Calendar(date(2026, 1, 5), 1, "week")
    >>> [day.day for day in fixed_dues(weekly, date(2026, 1, 20), date(2026, 1, 5))]
    [12, 19]
    """
    first = 0 if raised is None else rhythm.last_index(raised) + 1
    after = rhythm.last_index(limit) + 1
    if most is not None:
        first = max(first, after - most)
    return [rhythm.point(index) for index in range(first, after)]


def due_from_done(rhythm, done=None):
    """Return the due point that follows the last work done; the start when there was none."""
    return rhythm.start if done is None else rhythm.after(done)


@dataclass(frozen=True)
class History:
    """What became of a plan so far, in points of its rhythm.

    :param raised: the latest due point an order was raised for
    :param done: the day, or reading, of the last work done
    :param is_open: whether an order is not finished
    """

    raised: date | Decimal | None = None
    done: date | Decimal | None = None
    is_open: bool = False

    @property
    def covered(self):
        """Return the point up to which nothing is owed: what was raised, and what was done."""
        return max((at for at in (self.raised, self.done) if at is not None), default=None)


def to_raise(rhythm, limit, history, anchor, catch_up="latest"):
    """Return the orders to raise now as pairs of due point and the points it stands for too.

    ``last_done``: one order at a time, counted from the work done last. ``fixed``: by the fixed
    points; after a standstill each missed point gets its order (``every``), or one order stands
    for all of them and nothing is raised while one is open (``latest``).

    :param rhythm: Calendar or Counter
    :param limit: raise what is due up to this day or reading
    :param anchor: fixed or last_done
    :param catch_up: every or latest

    >>> weekly = Calendar(date(2026, 1, 5), 1, "week")
    >>> [(due.day, len(missed)) for due, missed in to_raise(
    ...     weekly, date(2026, 1, 27), History(date(2026, 1, 5)), "fixed")]
    [(26, 2)]
    """
    if anchor == "fixed" and catch_up == "every":
        return [(due, ()) for due in fixed_dues(rhythm, limit, history.raised, MOST_DUES)]
    if history.is_open:
        return []
    if anchor == "fixed":
        *missed, due = fixed_dues(rhythm, limit, history.covered, MOST_DUES) or [None]
    else:
        missed, due = (), due_from_done(rhythm, history.done)
    return [] if due is None or due > limit else [(due, tuple(missed))]


def upcoming(rhythm, history, anchor, catch_up="latest"):
    """Return the next point that will be raised."""
    if anchor == "last_done":
        return due_from_done(rhythm, history.done)
    return next_due(rhythm, history.raised if catch_up == "every" else history.covered)


def next_due(rhythm, raised=None):
    """Return the first fixed due point after those raised.

    >>> next_due(Calendar(date(2026, 1, 31), 1, "month"), date(2026, 2, 28))
    datetime.date(2026, 3, 31)
    """
    return rhythm.point(0 if raised is None else rhythm.last_index(raised) + 1)


def forecast(latest, today, history, target):
    """Return the day a counter will reach `target` at its recent pace, None when unknown.

    :param latest: total of the last reading
    :param today: the day of that reading
    :param history: (day, total) of an earlier reading to measure the pace from, or None
    :param target: total in question

    >>> forecast(Decimal(200), date(2026, 3, 1), (date(2026, 2, 19), Decimal(100)), Decimal(250))
    datetime.date(2026, 3, 6)
    """
    if target <= latest:
        return today
    if not history or history[0] >= today or history[1] >= latest:
        return None
    days = (target - latest) * (today - history[0]).days // (latest - history[1])
    return today + timedelta(days=min(int(days), FORECAST_DAYS))
