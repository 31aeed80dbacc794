"""Rounding of money and splitting a sum without losing a fen. Pure: no Odoo import."""

from decimal import Decimal
from fractions import Fraction

FEN = Decimal("0.01")


def to_decimal(value):
    """Read a number the way a person wrote it, so that 3.3 stays 3.3.

    >>> to_decimal(3.3), to_decimal("98.54"), to_decimal(None)
    (Decimal('3.3'), Decimal('98.54'), Decimal('0'))
    """
    if isinstance(value, Decimal):
        return value
    return Decimal(str(value or 0))


def round_step(value, step=FEN, direction="half_up"):
    """Round to a multiple of ``step``; halves go away from zero.

    :param value: Decimal, Fraction or int, exact
    :param step: smallest amount on the bill, e.g. 0.01 (fen), 0.1 (jiao), 1 (yuan)
    :param direction: "half_up", "up" (away from zero) or "down" (towards zero)
    :return: Decimal

    >>> round_step(Decimal("1.005")), round_step(Fraction(-1005, 1000))
    (Decimal('1.01'), Decimal('-1.01'))
    >>> round_step(Decimal("12.34"), Decimal("0.1"), "down")
    Decimal('12.3')
    >>> round_step(Decimal("12.01"), Decimal("1"), "up")
    Decimal('13')
    """
    step = to_decimal(step) or FEN
    ratio = Fraction(value) / Fraction(step)
    whole, rest = divmod(abs(ratio), 1)
    if direction == "up":
        whole += 1 if rest else 0
    elif direction == "half_up":
        whole += 1 if rest * 2 >= 1 else 0
    elif direction != "down":
        raise ValueError(f"unknown rounding direction {direction!r}")
    return (-step if ratio < 0 else step) * int(whole)


def largest_remainder(total, weights, step=FEN):
    """Split ``total`` in proportion to ``weights`` so that the parts sum to it exactly.

    Every part is first cut down to a multiple of ``step``; the steps left over go to the largest
    remainders, ties to the earlier place in the list.

    :param total: Decimal, a multiple of ``step``
    :param weights: non-negative numbers with a positive sum
    :return: list of Decimal, in the order of ``weights``
    :raise ValueError: when there is nothing to split over, or a weight is negative

    >>> largest_remainder(Decimal("1.00"), [1, 1, 1])
    [Decimal('0.34'), Decimal('0.33'), Decimal('0.33')]
    >>> largest_remainder(Decimal("-0.05"), [1, 1])
    [Decimal('-0.03'), Decimal('-0.02')]
    """
    weights = [Fraction(to_decimal(w)) if not isinstance(w, Fraction) else w for w in weights]
    weight_sum = sum(weights)
    if weight_sum <= 0 or any(w < 0 for w in weights):
        raise ValueError("weights must be non-negative and not all zero")
    units, rest = divmod(abs(Fraction(total)) / Fraction(step), 1)
    if rest:
        raise ValueError("the total is not a multiple of the step")
    quotas = [divmod(units * w / weight_sum, 1) for w in weights]
    left = int(units - sum(floor for floor, _rest in quotas))
    order = sorted(range(len(weights)), key=lambda i: (-quotas[i][1], i))
    winners = set(order[:left])
    sign = -1 if total < 0 else 1
    return [step * sign * (int(q[0]) + (i in winners)) for i, q in enumerate(quotas)]
