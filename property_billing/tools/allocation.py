"""Splitting a shared cost over units. Pure: no Odoo import."""

from .rounding import largest_remainder


def allocate(pool, weights):
    """Split a pool to the fen by weights: area, one each, consumption or coefficient.

    The parts always sum to the pool; the fen left over go to the largest remainders, ties in the
    order given (natural order of building, entrance, floor, room).

    :param pool: Decimal in yuan
    :param weights: list of (key, weight), already in natural order
    :return: dict key -> Decimal
    :raise ValueError: when no weight is positive

    >>> from decimal import Decimal
    >>> allocate(Decimal("10.00"), [("1-1-101", 100), ("1-1-102", 100), ("1-1-201", 100)])
    {'1-1-101': Decimal('3.34'), '1-1-102': Decimal('3.33'), '1-1-201': Decimal('3.33')}
    """
    parts = largest_remainder(pool, [weight for _key, weight in weights])
    return {key: part for (key, _weight), part in zip(weights, parts, strict=True)}
