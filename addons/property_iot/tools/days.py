"""Which day a telegram counts for, and whether that day is one of those to be kept. Pure."""

import calendar
from datetime import UTC, date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

DAILY, MONTHLY = "daily", "monthly"
PLACES = Decimal("0.001")  # with which readings are kept


def reading_day(moment, zone, hours=0):
    """Tell which day a telegram counts for: its reading is what the counter shows as the day ends.

    :param moment: UTC, without a zone
    :param zone: of the site
    :param hours: after midnight for which the day before still goes on, for meters that send the
        value of midnight a little later
    :return: date

    >>> from datetime import datetime
    >>> late = datetime(2026, 9, 30, 15, 59)
    >>> reading_day(late, "Asia/Shanghai")
    datetime.date(2026, 9, 30)
    >>> reading_day(late + timedelta(minutes=1), "Asia/Shanghai")
    datetime.date(2026, 10, 1)
    >>> reading_day(datetime(2026, 9, 30, 16, 5), "Asia/Shanghai", 2)
    datetime.date(2026, 9, 30)
    """
    local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return (local.replace(tzinfo=None) - timedelta(hours=hours)).date()


def anchor(day, of_month):
    """Return the last reading day on or before a day.

    :param of_month: 1 to 31; months without such a day are read on their last

    >>> anchor(date(2026, 3, 30), 31), anchor(date(2026, 2, 28), 30), anchor(date(2026, 1, 4), 5)
    (datetime.date(2026, 2, 28), datetime.date(2026, 2, 28), datetime.date(2025, 12, 5))
    """
    found = _in_month(day.year, day.month, of_month)
    if found <= day:
        return found
    before = day.replace(day=1) - timedelta(days=1)
    return _in_month(before.year, before.month, of_month)


def _in_month(year, month, of_month):
    return date(year, month, min(of_month, calendar.monthrange(year, month)[1]))


def is_kept(day, how, of_month, known):
    """Tell whether the reading of a day is kept.

    A month is read on its reading day, or on the first day after it that brought a telegram.

    :param how: DAILY or MONTHLY
    :param known: days with a reading

    >>> end = date(2026, 9, 30)
    >>> is_kept(end, "monthly", 31, ()), is_kept(date(2026, 10, 2), "monthly", 31, (end,))
    (True, False)
    >>> is_kept(date(2026, 10, 2), "monthly", 31, (date(2026, 8, 31),))
    True
    """
    if how == DAILY:
        return True
    first = anchor(day, of_month)
    return not any(first <= one < day for one in known)


def shown(value, factor=1.0):
    """Return what the counter shows: what was sent, in the unit of the meter.

    :return: float with three decimals

    >>> shown("1234567", 0.001), shown(0.0005), shown(12)
    (1234.567, 0.001, 12.0)
    """
    exact = Decimal(str(value)) * Decimal(str(factor))
    return float(exact.quantize(PLACES, ROUND_HALF_UP))
