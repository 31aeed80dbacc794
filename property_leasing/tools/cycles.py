"""Months and payment cycles of a lease, counted from an anchor day. Pure: no Odoo import.

A month counted from the 31st begins on the last day of a month that has no 31st, and on the 31st
again in the next one that has: the anchor is never forgotten.
"""

import calendar
from datetime import date, timedelta

#: Calendar quarters, half-years and years begin with January.
CALENDAR = date(2000, 1, 1)
DAY = timedelta(days=1)


def shifted(day, months):
    """Move a day by whole months, to the last day of a month that is too short.

    >>> shifted(date(2026, 1, 31), 1), shifted(date(2024, 1, 31), 1), shifted(date(2024, 2, 29), 12)
    (datetime.date(2026, 2, 28), datetime.date(2024, 2, 29), datetime.date(2025, 2, 28))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def cycle(day, anchor, length):
    """Return the cycle that a day lies in.

    :param anchor: first day of some cycle, before or after the day
    :param length: months of a cycle
    :return: (first day, last day)

    >>> [str(one) for one in cycle(date(2026, 12, 9), CALENDAR, 3)]
    ['2026-10-01', '2026-12-31']
    >>> [str(one) for one in cycle(date(2026, 3, 30), date(2026, 1, 31), 1)]
    ['2026-02-28', '2026-03-30']
    """
    apart = (day.year - anchor.year) * 12 + day.month - anchor.month
    index = apart // length
    if shifted(anchor, index * length) > day:
        index -= 1
    return shifted(anchor, index * length), shifted(anchor, (index + 1) * length) - DAY


def cycles(first, last, anchor, length):
    """List the cycles of a span, the outer ones cut to it.

    :return: list of (first day, last day)

    >>> [(str(a), str(b)) for a, b in cycles(date(2026, 11, 20), date(2027, 2, 3), CALENDAR, 3)]
    [('2026-11-20', '2026-12-31'), ('2027-01-01', '2027-02-03')]
    """
    found = []
    while first <= last:
        end = min(cycle(first, anchor, length)[1], last)
        found.append((first, end))
        first = end + DAY
    return found


def days(first, last):
    """Count days inclusively."""
    return (last - first).days + 1
