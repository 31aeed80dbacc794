"""Counting a cash drawer."""

from decimal import Decimal

DENOMINATIONS = ("100", "50", "20", "10", "5", "1", "0.5", "0.1")


def count_cash(numbers):
    """Add up notes and coins.

    :param dict numbers: value as text -> how many, whole and not negative
    :return: Decimal yuan
    :raise ValueError: for a value that is not legal tender, or a number that is no count

    >>> count_cash({"100": 3, "0.5": "2", "0.1": 0})
    Decimal('301.0')
    >>> count_cash({})
    Decimal('0')
    >>> count_cash({"2": 1})
    Traceback (most recent call last):
    ...
    ValueError: 2
    >>> count_cash({"1": -1})
    Traceback (most recent call last):
    ...
    ValueError: -1
    """
    total = Decimal(0)
    for value, number in numbers.items():
        if value not in DENOMINATIONS:
            raise ValueError(value)
        count = int(number or 0)
        if count < 0 or count > 100_000 or isinstance(number, float):
            raise ValueError(number)
        total += Decimal(value) * count
    return total
