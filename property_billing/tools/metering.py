"""From counter readings to consumption, and what to think of a reading. Pure: no Odoo import.

A metering point is a succession of meters; each has readings ``(day, value, …)`` sorted by day, the
first of which is the initial reading and, once it was replaced, the last the final one.
"""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

DAY = timedelta(days=1)


def pick_readings(readings, period_from, period_to):
    """Find the two readings that make a period's consumption on one meter.

    The closing one is the last on or before the period's end, the opening one the last before its
    start. A meter installed inside the period opens with its first reading.

    :param readings: list of (day, value, …), sorted by day, the initial reading included
    :return: (opening, closing) or None when nothing was read inside the period

    >>> from datetime import date
    >>> read = [(date(2026, 8, 31), 486), (date(2026, 9, 30), 502)]
    >>> opening, closing = pick_readings(read, date(2026, 9, 1), date(2026, 9, 30))
    >>> closing[1] - opening[1]
    16
    >>> pick_readings(read, date(2026, 10, 1), date(2026, 10, 31))
    """
    before = [reading for reading in readings if reading[0] < period_from]
    until = [reading for reading in readings if reading[0] <= period_to]
    if not until or until[-1][0] < period_from:
        return None
    opening = before[-1] if before else until[0]
    return None if opening is until[-1] else (opening, until[-1])


def pick_segments(meters, period_from, period_to, opened=None):
    """Find the pairs of readings that make a period's consumption on a succession of meters.

    A meter that was replaced counts from the opening to its final reading, its successor from the
    initial reading on, so the sum is what flowed whatever counter counted it.

    :param meters: list, oldest first, of (key, readings)
    :param opened: day of the reading to open with, when that is not the last before the period
    :return: list of (key, opening, closing), or None when nothing was read inside the period

    >>> from datetime import date
    >>> old = [(date(2026, 8, 31), 486), (date(2026, 9, 12), 493)]
    >>> new = [(date(2026, 9, 12), 2), (date(2026, 9, 30), 11)]
    >>> [(key, opening[1], closing[1]) for key, opening, closing in pick_segments(
    ...     [("old", old), ("new", new)], date(2026, 9, 1), date(2026, 9, 30))]
    [('old', 486, 493), ('new', 2, 11)]
    """
    points = [
        (reading, index)
        for index, (_key, readings) in enumerate(meters)
        for reading in readings
        if reading[0] <= period_to
    ]
    if not points or points[-1][0][0] < period_from:
        return None
    limit = period_from if opened is None else opened + DAY
    before = [point for point in points if point[0][0] < limit]
    (opening, first), (closing, last) = (before or points[:1])[-1], points[-1]
    if opening is closing:
        return None
    segments = []
    for index in range(first, last + 1):
        own = [point[0] for point in points if point[1] == index]
        start = opening if index == first else own[0]
        end = closing if index == last else own[-1]
        if start is not end:
            segments.append((meters[index][0], start, end))
    return segments or None


def consumption(opening, closing, digits, multiplier=Decimal(1)):
    """Difference of two readings on a counter that starts again after its last digit.

    :param digits: whole digits of the counter; 0 when it does not turn over
    :param multiplier: transformer ratio
    :return: Decimal
    :raise ValueError: when a counter that does not turn over went backwards

    >>> consumption(Decimal(99990), Decimal(5), 5)
    Decimal('15')
    >>> consumption(Decimal(8342), Decimal(8350), 6, Decimal(20))
    Decimal('160')
    """
    difference = closing - opening
    if digits:
        difference %= Decimal(10) ** digits
        if difference < 0:
            difference += Decimal(10) ** digits
    elif difference < 0:
        raise ValueError("the counter went backwards")
    return difference * multiplier


def is_turn(before, after, digits):
    """Tell whether a lower reading may come from a counter that started again.

    It may when the turn is the shorter way: less than half of the counter's range. Any smaller
    fall is a wrong reading, or a meter that was replaced.

    >>> is_turn(Decimal(99990), Decimal(5), 5), is_turn(Decimal(502), Decimal(498), 5)
    (True, False)
    """
    if not digits or after >= before:
        return False
    span = 10**digits
    return (after - before + span) * 2 < span


def signed_consumption(opening, closing, digits, multiplier=Decimal(1)):
    """Difference of two readings, below zero where a fall is no turn of the counter.

    >>> signed_consumption(Decimal(502), Decimal(498), 5)
    Decimal('-4')
    >>> signed_consumption(Decimal(99998), Decimal(3), 5)
    Decimal('5')
    """
    if is_turn(opening, closing, digits):
        return consumption(opening, closing, digits, multiplier)
    return (closing - opening) * multiplier


def flowed(opening, closing, digits, multiplier=Decimal(1), is_estimated=False):
    """Difference of two readings, the first of which may have been a guess.

    A real counter that shows less has turned over; one that shows less than was estimated has not
    come that far yet, so what flowed since the estimate is below zero.

    :param is_estimated: whether the opening reading was estimated
    :raise ValueError: when a counter that does not turn over went backwards

    >>> flowed(Decimal(60), Decimal(45), 5, is_estimated=True), flowed(Decimal(60), Decimal(45), 5)
    (Decimal('-15'), Decimal('99985'))
    """
    count = signed_consumption if is_estimated else consumption
    return count(opening, closing, digits, multiplier)


def daily_average(history, digits, multiplier, periods):
    """Average consumption a day over the last intervals between readings.

    :param history: list of (day, value), sorted by day, of readings that can be trusted
    :param periods: number of intervals to look back at
    :return: (Fraction a day or None when there is none, number of intervals used)

    >>> from datetime import date
    >>> read = [(date(2026, 1, 1), Decimal(0)), (date(2026, 1, 11), Decimal(20))]
    >>> daily_average(read, 5, Decimal(1), 6)
    (Fraction(2, 1), 1)
    """
    recent = history[-(periods + 1) :]
    pairs = [(a, b) for a, b in pairwise(recent) if b[0] > a[0]]
    if not pairs:
        return None, 0
    used = sum(signed_consumption(a[1], b[1], digits, multiplier) for a, b in pairs)
    length = sum((b[0] - a[0]).days for a, b in pairs)
    return Fraction(max(used, Decimal(0))) / length, len(pairs)


def review(history, day, value, digits, multiplier, rule):
    """Tell whether a reading should be looked at by a second person before it is billed.

    :param history: list of (day, value), sorted by day, of earlier readings that can be trusted
    :param rule: dict ``ratio`` (how many times the usual consumption is too much; 0 never),
        ``periods`` (intervals of history the judgement needs) and ``floor`` (consumption up to
        this is never too much)
    :return: (None, "fell" or "high", the usual consumption for so many days or None)

    >>> from datetime import date
    >>> rule = {"ratio": Decimal(5), "periods": 2, "floor": Decimal(20)}
    >>> read = [(date(2026, 1, 31), Decimal(10)), (date(2026, 2, 28), Decimal(20)),
    ...         (date(2026, 3, 31), Decimal(30))]
    >>> review(read, date(2026, 4, 30), Decimal(41), 5, Decimal(1), rule)
    (None, None)
    >>> kind, usual = review(read, date(2026, 4, 30), Decimal(410), 5, Decimal(1), rule)
    >>> kind, round(usual)
    ('high', 10)
    >>> review(read, date(2026, 4, 30), Decimal(3), 5, Decimal(1), rule)[0]
    'fell'
    >>> still = [(day, Decimal(10)) for day, _value in read]
    >>> review(still, date(2026, 4, 30), Decimal(410), 5, Decimal(1), rule)[0] is None
    True
    """
    if not history:
        return None, None
    last_day, last = history[-1]
    average, intervals = daily_average(history, digits, multiplier, 2 * rule["periods"])
    usual = average * (day - last_day).days if average is not None else None
    used = signed_consumption(last, value, digits, multiplier)
    if used < 0:
        return "fell", usual
    if (
        rule["ratio"]
        and intervals >= max(rule["periods"], 1)
        and usual  # a meter that stood still says nothing about whoever moves in
        and used > rule["floor"]
        and used > Fraction(rule["ratio"]) * usual
    ):
        return "high", usual
    return None, None


def estimate(history, last, day, digits, multiplier, periods):
    """Estimate what a counter shows on a day: as used on average over the last intervals.

    :param history: list of (day, value), sorted by day, of real readings
    :param last: (day, value) to go on from: the last reading, estimated or not
    :return: Decimal, a whole number, or None without history

    >>> from datetime import date
    >>> read = [(date(2026, 1, 1), Decimal(99980)), (date(2026, 1, 11), Decimal(99995))]
    >>> estimate(read, read[-1], date(2026, 1, 21), 5, Decimal(1), 6)
    Decimal('10')
    """
    average, _intervals = daily_average(history, digits, multiplier, periods)
    if average is None or day <= last[0]:
        return None
    moved = average * (day - last[0]).days / Fraction(multiplier)
    moved = Decimal(moved.numerator) / Decimal(moved.denominator)
    value = (last[1] + moved).quantize(Decimal(1), ROUND_HALF_UP)
    return value % Decimal(10) ** digits if digits else value
