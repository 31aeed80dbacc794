"""Discounts of campaigns (优惠活动): plain values in, plain values out."""

from .rounding import FEN, round_step


def early_discount(amount, percent):
    """Return the discount for paying a bill before a day.

    :param Decimal amount: what is open
    :param Decimal percent: 0 to 100

    >>> from decimal import Decimal
    >>> early_discount(Decimal("98.54"), Decimal(5))
    Decimal('4.93')
    """
    return min(round_step(amount * percent / 100, FEN), amount)


def free_months(bills, months, paid):
    """Choose what is free when N months paid ahead cost M: the last N − M of every N months.

    Months are counted in order; only whole groups of N months that are all paid now count.

    :param bills: list of (key, months of the bill: whole number, open amount) in order of period
    :param int months: N
    :param int paid: M, less than N
    :return: dict key -> Decimal discount > 0

    >>> from decimal import Decimal
    >>> year = [(month, 1, Decimal("300.00")) for month in range(1, 14)]
    >>> free_months(year, 12, 11)
    {12: Decimal('300.00')}
    >>> free_months([("h1", 6, Decimal(600)), ("h2", 6, Decimal(600))], 12, 11)
    {'h2': Decimal('100.00')}
    >>> free_months(year[:11], 12, 11)
    {}
    """
    if not 0 < paid < months:
        raise ValueError("of N months, between 1 and N - 1 are paid")
    whole = sum(length for _key, length, _amount in bills) // months * months
    result = {}
    position = 0
    for key, length, amount in bills:
        free = sum(
            1
            for month in range(position, position + length)
            if month < whole and month % months >= paid
        )
        position += length
        if free:
            discount = round_step(amount * free / length, FEN)
            if discount:
                result[key] = discount
    return result
