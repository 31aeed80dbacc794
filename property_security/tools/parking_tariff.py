"""What a parking tariff says: plain values that `parking` charges by.

Times are local wall-clock times of the car park without a zone, money is Decimal.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

DAY = 24 * 60
WEEKDAY, WEEKEND, HOLIDAY = "weekday", "weekend", "holiday"
DAY_TYPES = frozenset((WEEKDAY, WEEKEND, HOLIDAY))


class NoTariff(ValueError):
    """No tariff is in force at a moment that has to be charged."""


@dataclass(frozen=True)
class Step:
    """Price of a block, from a number of counted minutes on."""

    after: int
    block: int  # minutes, at least 1
    price: Decimal


@dataclass(frozen=True)
class Rate:
    """A stretch of the clock on some kinds of day, and what it costs.

    `start` and `end` are minutes since midnight; an end at or before the start lies on the next
    day, so 1260–420 is the night and 0–0 the whole day. Either `steps` (in order, the first after
    0 minutes) or `flat`, a price for each time that the stretch comes round.
    """

    name: str
    start: int
    end: int
    steps: tuple[Step, ...] = ()
    flat: Decimal | None = None
    cap: Decimal | None = None
    day_types: frozenset[str] = DAY_TYPES

    def covers(self, minute, day_type):
        """Tell whether the rate holds at a minute of a day of this type."""
        if day_type not in self.day_types:
            return False
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end


@dataclass(frozen=True)
class Tariff:
    """The posted price of one parking area for one class of vehicle."""

    name: str
    rates: tuple[Rate, ...] = ()  # the first that covers a moment holds; none: it is free
    entry_price: Decimal = Decimal(0)
    free_minutes: int = 0
    free_rule: str = "within"  # within: all is charged once it is exceeded | deducted
    rounding: str = "up"  # up: a started block counts | completed: only a whole one does
    steps_restart: str = "stay"  # the first block comes once per stay | period (24 h) | segment
    cap_period: Decimal | None = None  # per 24 hours from entry
    cap_day: Decimal | None = None  # per calendar day
    cap_stay: Decimal | None = None
    leave_minutes: int = 15  # to drive out after paying


@dataclass(frozen=True)
class Calendar:
    """Which days are holidays, and which days of a weekend are worked instead (调休)."""

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def day_type(self, day):
        """Return the type of a day.

        >>> Calendar(holidays=frozenset([date(2026, 10, 1)])).day_type(date(2026, 10, 1))
        'holiday'
        >>> Calendar(workdays=frozenset([date(2026, 10, 10)])).day_type(date(2026, 10, 10))
        'weekday'
        """
        if day in self.holidays:
            return HOLIDAY
        if day.weekday() >= 5 and day not in self.workdays:
            return WEEKEND
        return WEEKDAY


@dataclass(frozen=True)
class Book:
    """The tariffs of an area and class one after the other, each in force until the next.

    They begin at full minutes and stand in the order of that.

    `change` says which one charges a stay that lasts over a change: `entry` (what was posted when
    the driver came in and agreed to it) or `moment` (what is in force when a block starts).
    """

    tariffs: tuple[tuple[datetime, Tariff], ...]
    calendar: Calendar = field(default_factory=Calendar)
    change: str = "entry"

    def at(self, moment):
        """Return the tariff in force.

        :raise NoTariff: before the first one
        """
        found = [tariff for since, tariff in self.tariffs if since <= moment]
        if not found:
            raise NoTariff(f"no parking tariff is in force at {moment:%Y-%m-%d %H:%M}")
        return found[-1]

    def since(self, moment):
        """Return from when the tariff of a moment is in force."""
        return max(since for since, _tariff in self.tariffs if since <= moment)

    def next_change(self, moment):
        """Return when the next tariff comes into force, or None."""
        return min((since for since, _tariff in self.tariffs if since > moment), default=None)

    def rate_at(self, tariff, moment):
        """Return the tariff's rate at a moment, or None when that is free of charge."""
        minute, day_type = clock(moment), self.calendar.day_type(moment.date())
        return next((rate for rate in tariff.rates if rate.covers(minute, day_type)), None)


def clock(moment):
    """Return the minutes since midnight.

    >>> clock(datetime(2026, 2, 28, 7, 30))
    450
    """
    return moment.hour * 60 + moment.minute


def occurrence(rate, moment):
    """Return the day on which the stretch of a rate began that holds at a moment.

    >>> night = Rate("night", 1260, 420)
    >>> occurrence(night, datetime(2026, 3, 1, 2, 0))
    datetime.date(2026, 2, 28)
    >>> occurrence(night, datetime(2026, 3, 1, 22, 0))
    datetime.date(2026, 3, 1)
    """
    before = rate.start >= rate.end and clock(moment) < rate.end
    return moment.date() - timedelta(days=1) if before else moment.date()


def stretch(rate, moment):
    """Name the stretch of the clock around a moment: its hours, and the day on which it began.

    A night is one night, whatever kind of day or tariff follows at midnight.
    """
    return rate.start, rate.end, occurrence(rate, moment)


def next_boundary(tariff, moment):
    """Return the next time at which another rate may hold: a limit of a rate, or midnight."""
    midnight = datetime.combine(moment.date(), datetime.min.time())
    now = clock(moment)
    limits = {limit for rate in tariff.rates for limit in (rate.start, rate.end)}
    return midnight + timedelta(minutes=min([m for m in limits if m > now] + [DAY]))
