"""Which price was in force when. Pure: no Odoo import."""

from datetime import timedelta

DAY = timedelta(days=1)


def tariff_segments(date_from, date_to, tariffs):
    """Cut a coverage at the days the tariff changes.

    :param tariffs: iterable of (first day, last day or None, anything), not overlapping
    :return: (segments, gaps): lists of (first day, last day, anything) and (first day, last day)

    >>> from datetime import date
    >>> segments, gaps = tariff_segments(
    ...     date(2026, 6, 1), date(2026, 7, 31),
    ...     [(date(2026, 7, 1), None, "new"), (date(2020, 1, 1), date(2026, 6, 29), "old")])
    >>> [(a.isoformat(), b.isoformat(), t) for a, b, t in segments]
    [('2026-06-01', '2026-06-29', 'old'), ('2026-07-01', '2026-07-31', 'new')]
    >>> [(a.isoformat(), b.isoformat()) for a, b in gaps]
    [('2026-06-30', '2026-06-30')]
    """
    segments, gaps, cursor = [], [], date_from
    for first, last, payload in sorted(tariffs, key=lambda tariff: tariff[0]):
        begin, end = max(first, date_from), min(last, date_to) if last else date_to
        if begin > end:
            continue
        if begin > cursor:
            gaps.append((cursor, begin - DAY))
        segments.append((begin, end, payload))
        cursor = end + DAY
    if cursor <= date_to:
        gaps.append((cursor, date_to))
    return segments, gaps


def tariff_on(day, tariffs):
    """Return what is in force on a day, or None.

    >>> from datetime import date
    >>> tariff_on(date(2026, 9, 30), [(date(2026, 1, 1), None, "price")])
    'price'
    """
    segments, _gaps = tariff_segments(day, day, tariffs)
    return segments[0][2] if segments else None
