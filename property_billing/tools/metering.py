"""From counter readings to consumption. Pure: no Odoo import."""

from decimal import Decimal


def pick_readings(readings, period_from, period_to):
    """Find the two readings that make a period's consumption.

    The closing one is the last on or before the period's end, the opening one the last before its
    start. A meter installed inside the period opens with its first reading.

    :param readings: list of (day, value), sorted by day, the initial reading included
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
