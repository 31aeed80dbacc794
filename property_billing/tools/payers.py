"""Who pays which part when the payer changes inside a charge. Pure: no Odoo import."""

from .proration import days
from .rounding import largest_remainder


def merge_payers(segments):
    """Join neighbouring segments of the same payer.

    :param segments: list of (payer, first day, last day), in order, without gaps

    >>> from datetime import date
    >>> merge_payers([("a", date(2026, 9, 1), date(2026, 9, 5)),
    ...               ("a", date(2026, 9, 6), date(2026, 9, 9))])
    [('a', datetime.date(2026, 9, 1), datetime.date(2026, 9, 9))]
    """
    merged = []
    for payer, first, last in segments:
        if merged and merged[-1][0] == payer:
            merged[-1] = (payer, merged[-1][1], last)
        else:
            merged.append((payer, first, last))
    return merged


def split_by_payer(amount, segments):
    """Split a whole amount by the days of each payer, to the fen.

    Largest remainder, ties to the earlier payer: the parts always sum to the whole.

    :param amount: Decimal, the rounded whole
    :param segments: list of (payer, first day, last day), in order
    :return: list of (payer, first day, last day, Decimal)

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> parts = split_by_payer(Decimal("100.01"), [
    ...     ("old", date(2026, 9, 1), date(2026, 9, 15)),
    ...     ("new", date(2026, 9, 16), date(2026, 9, 30))])
    >>> [(payer, amount) for payer, _first, _last, amount in parts]
    [('old', Decimal('50.01')), ('new', Decimal('50.00'))]
    """
    segments = merge_payers(segments)
    if len(segments) == 1:
        return [(*segments[0], amount)]
    parts = largest_remainder(amount, [days(first, last) for _payer, first, last in segments])
    return [(*segment, part) for segment, part in zip(segments, parts, strict=True)]
