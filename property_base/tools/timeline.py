"""Who pays for a unit on which days, from dated ownership and tenancy rows."""

from datetime import date, timedelta

_DAY = timedelta(days=1)


def payer_segments(owners, tenants, date_from, date_to):
    """Return the payers of a span of days as adjacent segments in order.

    Owners: the days before the first owner's entry fall to that first owner, the days between
    two owners to the earlier one, and the days after the last owner's exit stay with that owner.
    A tenant row replaces the owner on its own days.

    :param owners: list of (payer, date_from, date_to or None), at most one owner a day
    :param tenants: the same for primary tenants; empty when the owner pays
    :param date date_from: first day, inclusive
    :param date date_to: last day, inclusive
    :return: list of (payer, date_from, date_to), both inclusive, without neighbours of one payer;
        days for which nobody is known are left out

    >>> d = lambda m, day: date(2026, m, day)
    >>> old, new = ("old", d(1, 5), d(9, 14)), ("new", d(9, 15), None)
    >>> [(p, a.day, b.day) for p, a, b in payer_segments([old, new], [], d(9, 1), d(9, 30))]
    [('old', 1, 14), ('new', 15, 30)]
    >>> payer_segments([new], [], d(9, 1), d(9, 2))[0][0]
    'new'
    >>> [(p, a.day, b.day) for p, a, b in payer_segments(
    ...     [new], [("rent", d(9, 10), d(9, 20))], d(9, 1), d(9, 30))]
    [('new', 1, 9), ('rent', 10, 20), ('new', 21, 30)]
    >>> payer_segments([], [], d(9, 1), d(9, 30))
    []
    """
    if date_to < date_from:
        return []
    base = _clip(_stretch(owners), date_from, date_to)
    let = _clip(_bounded(tenants), date_from, date_to)
    return _merge(_overlay(base, let))


def payer_on(owners, tenants, day):
    """Return the payer of one day, or None when nobody is known.

    >>> payer_on([("a", date(2026, 1, 1), None)], [], date(2025, 1, 1))
    'a'
    """
    segments = payer_segments(owners, tenants, day, day)
    return segments[0][0] if segments else None


def _ordered(rows):
    return sorted(rows, key=lambda row: row[1])


def _stretch(owners):
    """Extend owner rows over all of time: each up to the day before the next one's entry."""
    rows = _ordered(owners)
    return [
        (
            payer,
            date.min if index == 0 else start,
            rows[index + 1][1] - _DAY if index + 1 < len(rows) else date.max,
        )
        for index, (payer, start, _end) in enumerate(rows)
    ]


def _bounded(tenants):
    """Close tenant rows; of two that overlap the later entry wins from its first day."""
    rows = _ordered(tenants)
    result = []
    for index, (payer, start, end) in enumerate(rows):
        end = end or date.max
        if index + 1 < len(rows):
            end = min(end, rows[index + 1][1] - _DAY)
        result.append((payer, start, end))
    return result


def _clip(rows, date_from, date_to):
    clipped = ((payer, max(start, date_from), min(end, date_to)) for payer, start, end in rows)
    return [row for row in clipped if row[1] <= row[2]]


def _overlay(base, top):
    """Lay the rows of ``top`` over those of ``base``; both are ordered and free of overlap."""
    result = list(top)
    for payer, start, end in base:
        cursor = start
        for _payer, top_start, top_end in top:
            if top_end < cursor or top_start > end:
                continue
            if top_start > cursor:
                result.append((payer, cursor, top_start - _DAY))
            if top_end >= end:
                cursor = None
                break
            cursor = top_end + _DAY
        if cursor is not None:
            result.append((payer, cursor, end))
    return _ordered(result)


def _merge(rows):
    merged = []
    for payer, start, end in rows:
        if merged and merged[-1][0] == payer and merged[-1][2] + _DAY == start:
            merged[-1] = (payer, merged[-1][1], end)
        else:
            merged.append((payer, start, end))
    return merged
