"""When to remind of a day that comes: so many days ahead, each time once."""

from datetime import timedelta


def parse_days(text):
    """Read the days ahead from what a person typed; the longest first.

    :raise ValueError: when it is no list of days from 1 to 3650

    >>> parse_days("30, 90；180")
    (180, 90, 30)
    """
    parts = text or ""
    for mark in ",，;；、":
        parts = parts.replace(mark, " ")
    days = {int(part) for part in parts.split()}
    if any(not 1 <= one <= 3650 for one in days):
        raise ValueError(text)
    return tuple(sorted(days, reverse=True))


def reached(today, day, ahead):
    """List the reminders of a day that are reached and not over.

    :param today: date
    :param day: date to be reminded of
    :param ahead: days ahead, such as (180, 90, 30)

    >>> from datetime import date
    >>> reached(date(2026, 11, 1), date(2027, 1, 1), (180, 90, 30))
    [180, 90]
    >>> reached(date(2027, 1, 2), date(2027, 1, 1), (180, 90, 30))
    []
    """
    if today > day:
        return []
    return [one for one in ahead if today >= day - timedelta(days=one)]
