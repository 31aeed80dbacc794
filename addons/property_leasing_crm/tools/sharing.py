"""Share an amount of money by weights, to the last fen. Pure: no Odoo import."""

from decimal import ROUND_FLOOR, Decimal


def shared(amount, weights, digits=2):
    """Share an amount by weights; what rounding leaves goes to the largest remainders.

    :param amount: yuan, not negative
    :param weights: not negative; all equal when they are all zero
    :param digits: decimal places of the currency
    :return: list of floats that sum to the amount

    >>> shared(1000, [3000, 3000, 3000])
    [333.34, 333.33, 333.33]
    >>> shared(1000, [0, 0]), shared(0, [1, 2]), shared(100, [1, 3])
    ([500.0, 500.0], [0.0, 0.0], [25.0, 75.0])
    """
    unit = Decimal(1).scaleb(-digits)
    total = Decimal(str(amount)).quantize(unit)
    weights = [Decimal(str(weight)) for weight in weights]
    if not any(weights):
        weights = [Decimal(1)] * len(weights)
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [part.quantize(unit, ROUND_FLOOR) for part in exact]
    left = int((total - sum(parts)) / unit) if parts else 0
    order = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in order[:left]:
        parts[index] += unit
    return [float(part) for part in parts]
