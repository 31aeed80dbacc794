"""Who is on duty: shifts by the clock, over midnight too, and a dated roster with days off."""

from dataclasses import dataclass
from datetime import date, timedelta

DAY = 24 * 60


@dataclass(frozen=True)
class Hours:
    """The hours of a shift in minutes of the day; it ends on the next day unless it ends later."""

    start: int
    end: int


@dataclass(frozen=True)
class Duty:
    """A line of the roster: the days of its guard, ``days_on`` of duty and ``days_off`` in turn.

    ``last`` is inclusive; None: until further notice.
    """

    first: date
    last: date | None = None
    days_on: int = 1
    days_off: int = 0


def minutes_of(hour):
    """Return the minute of the day of an hour written as a number.

    >>> minutes_of(7.5), minutes_of(24.0), minutes_of(23.9999)
    (450, 0, 0)
    """
    return round(hour * 60) % DAY


def shift_day(hours, moment):
    """Tell to the shift of which day a moment belongs: the day on which that shift began.

    A shift has its first minute and not its last one; one that ends as it starts lasts a day.

    :param hours: Hours
    :param moment: local datetime
    :return: date, None when no shift is running

    >>> from datetime import datetime
    >>> night = Hours(20 * 60, 8 * 60)
    >>> shift_day(night, datetime(2026, 3, 2, 3)), shift_day(night, datetime(2026, 3, 2, 20))
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 2))
    >>> shift_day(night, datetime(2026, 3, 2, 8))
    """
    minute, day = moment.hour * 60 + moment.minute, moment.date()
    if hours.start < hours.end:
        return day if hours.start <= minute < hours.end else None
    if minute >= hours.start:
        return day
    return day - timedelta(days=1) if minute < hours.end else None


def is_on(duty, day):
    """Tell whether a guard has duty on the shift that begins on a day.

    >>> week = Duty(date(2026, 3, 2), date(2026, 3, 8), days_on=1, days_off=2)
    >>> [day for day in range(1, 10) if is_on(week, date(2026, 3, day))]
    [2, 5, 8]
    """
    if day < duty.first or (duty.last and day > duty.last):
        return False
    return (day - duty.first).days % (duty.days_on + duty.days_off) < duty.days_on
