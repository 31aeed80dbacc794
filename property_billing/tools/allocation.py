"""Splitting a shared cost over units. Pure: no Odoo import."""

from .rounding import largest_remainder


def allocate(pool, weights):
    """Split a pool to the fen by weights: area, one each, consumption, coefficient or persons.

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


def allocate_levels(pool, groups):
    """Split a pool over groups (buildings) first, then each group's part over its members.

    :param pool: Decimal in yuan
    :param groups: list of (key, weight, members), members like the weights of ``allocate``
    :return: dict group key -> (part, dict member key -> part); groups without weight get nothing
    :raise ValueError: when no group has weight, or a group with a part has no member to bear it

    >>> from decimal import Decimal
    >>> allocate_levels(Decimal("10.00"), [("A", 2, [(1, 1), (2, 1)]), ("B", 1, [(3, 1)])])
    {'A': (Decimal('6.67'), {1: Decimal('3.34'), 2: Decimal('3.33')}), 'B': (Decimal('3.33'), \
{3: Decimal('3.33')})}
    """
    parts = allocate(pool, [(key, weight) for key, weight, _members in groups])
    return {
        key: (parts[key], allocate(parts[key], members))
        for key, _weight, members in groups
        if parts[key]
    }
