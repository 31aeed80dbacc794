"""Marginal tiers: the first part of the consumption at the first price, the next at the next.

Limits are per month; a bill over several months multiplies them. Pure: no Odoo import.
"""

from decimal import Decimal

from .rounding import FEN, round_step


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


def tier_lines(consumption, tiers, months=1, step=FEN, direction="half_up"):
    """Price a consumption by marginal tiers; every line is rounded by itself.

    :param consumption: Decimal, of the whole bill
    :param tiers: list of (from, to or None, price), limits per month
    :param months: months on the bill, multiplying the limits
    :return: list of (from, to or None, quantity, price, amount), empty tiers left out
    :raise ValueError: when the consumption exceeds the last limit

    >>> water = [(Decimal(0), Decimal(15), Decimal("3.45")),
    ...          (Decimal(15), Decimal(25), Decimal("4.83")), (Decimal(25), None, Decimal("5.83"))]
    >>> [(str(q), str(amount)) for _f, _t, q, _p, amount in tier_lines(Decimal(27), water)]
    [('15', '51.75'), ('10', '48.30'), ('2', '11.66')]
    """
    lines = []
    for lower, upper, price in sorted(tiers, key=lambda tier: tier[0]):
        lower = lower * months
        upper = upper * months if upper is not None else None
        top = consumption if upper is None else min(consumption, upper)
        if top > lower:
            quantity = top - lower
            amount = round_step(quantity * price, step, direction)
            lines.append((lower, upper, quantity, price, amount))
    if sum(line[2] for line in lines) != consumption:
        raise ValueError("the consumption exceeds the last tier")
    return lines
