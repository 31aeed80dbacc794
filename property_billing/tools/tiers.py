"""Marginal tiers: the first part of the consumption at the first price, the next at the next.

Limits are per month, and a bill over several months multiplies them; or they are per year, and what
earlier bills of the year used comes first. Pure: no Odoo import.
"""

from datetime import timedelta
from decimal import Decimal

from .rounding import FEN, round_step

THOUSANDTH = Decimal("0.001")


def check_tiers(tiers):
    """Return what is wrong with a tier table, or None.

    :param tiers: list of (from, to or None, price)

    >>> check_tiers([(Decimal(0), Decimal(15), 3), (Decimal(15), None, 4)])
    >>> check_tiers([(Decimal(0), Decimal(15), 3), (Decimal(20), None, 4)])
    'gap'
    """
    expected = Decimal(0)
    for index, (lower, upper, _price) in enumerate(sorted(tiers, key=lambda tier: tier[0])):
        if lower != expected:
            return "gap" if lower > expected else "overlap"
        if upper is None:
            return None if index == len(tiers) - 1 else "overlap"
        if upper <= lower:
            return "empty"
        expected = upper
    return "closed"


def tier_lines(consumption, tiers, months=1, step=FEN, direction="half_up", before=Decimal(0)):
    """Price a consumption by marginal tiers; every line is rounded by itself.

    With consumption ``before`` it in the same year, each line is what the year's amount in that
    tier grows by. Bills of a year therefore sum to the same fen however the year was cut up.

    :param consumption: Decimal, of the whole bill
    :param tiers: list of (from, to or None, price), limits per month, or per year with months 1
    :param months: months on the bill, multiplying the limits
    :param before: what earlier bills of the year used up of the tiers
    :return: list of (from, to or None, quantity, price, amount), empty tiers left out
    :raise ValueError: when the consumption exceeds the last limit

    >>> water = [(Decimal(0), Decimal(15), Decimal("3.45")),
    ...          (Decimal(15), Decimal(25), Decimal("4.83")), (Decimal(25), None, Decimal("5.83"))]
    >>> [(str(q), str(amount)) for _f, _t, q, _p, amount in tier_lines(Decimal(27), water)]
    [('15', '51.75'), ('10', '48.30'), ('2', '11.66')]
    >>> [(str(q), str(amount)) for _f, _t, q, _p, amount in tier_lines(
    ...     Decimal(7), water, before=Decimal(10))]
    [('5', '17.25'), ('2', '9.66')]
    """
    lines, reached = [], before + consumption
    for lower, upper, price in sorted(tiers, key=lambda tier: tier[0]):
        lower = lower * months
        upper = upper * months if upper is not None else None
        used, total = (_inside(value, lower, upper) for value in (before, reached))
        if total > used:
            amount = round_step(total * price, step, direction)
            amount -= round_step(used * price, step, direction)
            lines.append((lower, upper, total - used, price, amount))
    if sum(line[2] for line in lines) != consumption:
        raise ValueError("the consumption exceeds the last tier")
    return lines


def _inside(value, lower, upper):
    """Return how much of a consumption counted from zero lies in a tier."""
    top = value if upper is None else min(value, upper)
    return max(top - lower, Decimal(0))


def raise_limits(tiers, extra):
    """Raise every limit of a tier table by the same quantity, as for a large household.

    >>> [(str(low), str(high)) for low, high, _price in raise_limits(
    ...     [(Decimal(0), Decimal(15), 3), (Decimal(15), None, 4)], Decimal(5))]
    [('0', '20'), ('20', 'None')]
    """
    return [
        (lower + extra if lower else lower, upper + extra if upper is not None else None, price)
        for lower, upper, price in tiers
    ]


def first_year_months(started, first, last):
    """Return how many months of a year of the tiers a customer has, the month of the start counted.

    :param started: first day of the customer's fee
    :param first: first day of the year of the tiers
    :param last: its last day
    :return: 12 unless the fee starts within the year

    >>> from datetime import date
    >>> first, last = date(2026, 1, 1), date(2026, 12, 31)
    >>> [first_year_months(date(*day), first, last) for day in ((2025, 12, 31), (2026, 3, 31))]
    [12, 10]
    """
    if started <= first:
        return 12
    return max((last.year - started.year) * 12 + last.month - started.month + 1, 1)


def scale_limits(tiers, months):
    """Lower the limits of a year to those of some months of it, to the thousandth of a unit.

    >>> [(str(low), str(high)) for low, high, _price in scale_limits(
    ...     [(Decimal(0), Decimal(180), 3), (Decimal(180), None, 4)], 10)]
    [('0', '150.000'), ('150.000', 'None')]
    """
    if months == 12:
        return tiers

    def part(limit):
        return round_step(limit * months / 12, THOUSANDTH) if limit else limit

    return [(part(low), part(high), price) for low, high, price in tiers]


def tier_year(day, month=1):
    """Return the year of the tiers a day lies in, which starts on the first of a month.

    >>> from datetime import date
    >>> [str(end) for end in tier_year(date(2026, 3, 5), 7)]
    ['2025-07-01', '2026-06-30']
    """
    first = day.replace(year=day.year - (day.month < month), month=month, day=1)
    return first, first.replace(year=first.year + 1) - timedelta(days=1)
