"""Billing cycles: which days of a fee fall due in which run. Pure: no Odoo import.

A cycle is N months counted from an anchor: the calendar (1 January) or a fee's own day, such as the
handover. Billed in advance it is due on its first day, in arrears on its last.
"""

from datetime import date, timedelta

from .proration import add_months, month_index

CALENDAR = date(2000, 1, 1)
DAY = timedelta(days=1)


def cycles(anchor, length, date_from, date_to):
    """List the cycles that touch a span.

    :param anchor: first day of some cycle
    :param length: months of a cycle
    :return: list of (first day, last day), whole cycles in order

    >>> [(a.isoformat(), b.isoformat())
    ...  for a, b in cycles(CALENDAR, 3, date(2026, 9, 30), date(2026, 10, 1))]
    [('2026-07-01', '2026-09-30'), ('2026-10-01', '2026-12-31')]
    >>> [a.isoformat()
    ...  for a, _b in cycles(date(2026, 1, 31), 1, date(2026, 3, 1), date(2026, 4, 1))]
    ['2026-02-28', '2026-03-31']
    """
    index = month_index(date_from, anchor) // length * length
    found = []
    while (first := add_months(anchor, index)) <= date_to:
        found.append((first, add_months(anchor, index + length) - DAY))
        index += length
    return found


def due_spans(anchor, length, timing, due_from, due_to, fee_from, fee_to=None):
    """List the days of a fee that fall due in a span, cycle by cycle.

    A cycle is cut to the days of the fee; what is left is due on its own first or last day.

    :param timing: "advance" or "arrears"
    :return: list of (first day, last day)

    >>> due_spans(CALENDAR, 3, "advance", date(2026, 10, 1), date(2026, 10, 31), date(2020, 1, 1))
    [(datetime.date(2026, 10, 1), datetime.date(2026, 12, 31))]
    >>> due_spans(CALENDAR, 3, "advance", date(2026, 8, 1), date(2026, 8, 31), date(2026, 8, 20))
    [(datetime.date(2026, 8, 20), datetime.date(2026, 9, 30))]
    >>> due_spans(CALENDAR, 3, "arrears", date(2026, 8, 1), date(2026, 8, 31), date(2026, 8, 20))
    []
    """
    spans = []
    for first, last in cycles(anchor, length, due_from, due_to):
        first, last = max(first, fee_from), min(last, fee_to) if fee_to else last
        if first <= last and due_from <= (first if timing == "advance" else last) <= due_to:
            spans.append((first, last))
    return spans


def subtract(span, taken):
    """List what is left of a span without the days taken.

    :param taken: iterable of (first day, last day), in any order, overlapping or not

    >>> subtract((date(2026, 9, 1), date(2026, 9, 30)), [(date(2026, 9, 10), date(2026, 9, 19))])
    [(datetime.date(2026, 9, 1), datetime.date(2026, 9, 9)), \
(datetime.date(2026, 9, 20), datetime.date(2026, 9, 30))]
    """
    cursor, last = span
    left = []
    for begin, end in sorted(taken):
        if end < cursor or begin > last:
            continue
        if begin > cursor:
            left.append((cursor, begin - DAY))
        cursor = end + DAY
    if cursor <= last:
        left.append((cursor, last))
    return left
