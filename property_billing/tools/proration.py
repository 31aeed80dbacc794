"""How much of a month, or of several, a time-based fee covers. Pure: no Odoo import.

All periods are inclusive. Amounts are monthly: a wholly covered month counts 1, a partly covered
one by the item's rule. Over several months the fractions are summed.
"""

import calendar
from datetime import date, timedelta
from fractions import Fraction

METHODS = ("actual", "days30", "full_month", "half_month")


def coverage(period_from, period_to, fee_from, fee_to=None):
    """Clip a fee's standing to the billed period.

    :return: (first day, last day) or None when the fee does not touch the period

    >>> from datetime import date
    >>> coverage(date(2026, 9, 1), date(2026, 9, 30), date(2026, 9, 21))
    (datetime.date(2026, 9, 21), datetime.date(2026, 9, 30))
    >>> coverage(date(2026, 9, 1), date(2026, 9, 30), date(2020, 1, 1), date(2026, 8, 31))
    """
    first = max(period_from, fee_from)
    last = min(period_to, fee_to) if fee_to else period_to
    return (first, last) if first <= last else None


def days(date_from, date_to):
    """Count days inclusively.

    >>> from datetime import date
    >>> days(date(2026, 9, 1), date(2026, 9, 30))
    30
    """
    return (date_to - date_from).days + 1


def add_months(day, count):
    """Move a day by whole months; a day the month does not have becomes its last.

    >>> from datetime import date
    >>> add_months(date(2026, 1, 31), 1), add_months(date(2026, 1, 31), -2)
    (datetime.date(2026, 2, 28), datetime.date(2025, 11, 30))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_index(day, anchor):
    """Count the months between the anchor and the start of the anchored month of a day.

    >>> from datetime import date
    >>> month_index(date(2026, 9, 14), date(2026, 3, 15)), month_index(
    ...     date(2026, 9, 15), date(2026, 3, 15))
    (5, 6)
    """
    index = (day.year - anchor.year) * 12 + day.month - anchor.month
    return index - 1 if add_months(anchor, index) > day else index


def months(date_from, date_to, anchor=None):
    """Cut a span into its months: calendar months, or those that begin on the anchor's day.

    :return: list of (first covered day, last covered day, days of that month)

    >>> from datetime import date
    >>> [(a.day, b.day, n) for a, b, n in months(date(2026, 1, 31), date(2026, 2, 10))]
    [(31, 31, 31), (1, 10, 28)]
    >>> [(a.day, b.day, n) for a, b, n in months(
    ...     date(2026, 9, 10), date(2026, 10, 14), date(2026, 3, 15))]
    [(10, 14, 31), (15, 14, 30)]
    """
    anchor = anchor or date(2000, 1, 1)
    parts, index = [], month_index(date_from, anchor)
    while date_from <= date_to:
        begin, following = add_months(anchor, index), add_months(anchor, index + 1)
        last = min(date_to, following - timedelta(days=1))
        parts.append((date_from, last, (following - begin).days))
        date_from, index = following, index + 1
    return parts


def month_count(date_from, date_to):
    """Count the calendar months a span touches.

    >>> from datetime import date
    >>> month_count(date(2026, 7, 1), date(2026, 9, 30))
    3
    """
    return (date_to.year - date_from.year) * 12 + date_to.month - date_from.month + 1


def month_fraction(covered, length, method="actual"):
    """Weigh one month of which ``covered`` of ``length`` days are covered.

    actual: covered ÷ days of that month. days30: covered ÷ 30, at most 1. full_month: any day
    counts the month. half_month: up to 15 days count half, more count the month.

    >>> month_fraction(10, 30), month_fraction(10, 31, "days30")
    (Fraction(1, 3), Fraction(1, 3))
    >>> month_fraction(1, 30, "full_month"), month_fraction(15, 31, "half_month")
    (Fraction(1, 1), Fraction(1, 2))
    >>> month_fraction(28, 28, "days30")
    Fraction(1, 1)
    """
    if covered >= length or method == "full_month":
        return Fraction(1)
    if method == "actual":
        return Fraction(covered, length)
    if method == "days30":
        return min(Fraction(covered, 30), Fraction(1))
    if method == "half_month":
        return Fraction(1, 2) if covered <= 15 else Fraction(1)
    raise ValueError(f"unknown proration {method!r}")


def covered_months(date_from, date_to, method="actual", within=None, anchor=None):
    """Sum the month fractions of a span.

    With ``within``, the span is one segment of that larger coverage (the tariff changed inside):
    each month's weight is decided on the whole coverage and shared by days, so the segments of a
    coverage always add up to it, whatever the rule. With ``anchor``, months begin on its day.

    :return: Fraction of months

    >>> from datetime import date
    >>> covered_months(date(2026, 9, 1), date(2026, 9, 30))
    Fraction(1, 1)
    >>> covered_months(date(2026, 8, 17), date(2026, 9, 15))
    Fraction(61, 62)
    >>> whole = (date(2026, 9, 1), date(2026, 9, 20))
    >>> covered_months(date(2026, 9, 1), date(2026, 9, 10), "full_month", within=whole)
    Fraction(1, 2)
    """
    outer_from, outer_to = within or (date_from, date_to)
    total = Fraction(0)
    for first, last, length in months(outer_from, outer_to, anchor):
        begin, end = max(first, date_from), min(last, date_to)
        if begin <= end:
            outer_days = days(first, last)
            share = Fraction(days(begin, end), outer_days)
            total += month_fraction(outer_days, length, method) * share
    return total
