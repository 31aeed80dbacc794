"""Which prepayment pays which bill. Pure: no Odoo import."""

from decimal import Decimal


def apply_credits(bills, credits, candidates):
    """Settle bills with open credits.

    Bills are served in the order given (oldest due first). A bill first takes the money earmarked
    for its item, which nothing else could use, then money on account; the oldest of each first.

    :param bills: list of (bill, Decimal still due), in the order of settlement
    :param credits: dict credit -> (is earmarked, day received, Decimal left)
    :param candidates: dict bill -> credits that may pay it
    :return: list of (bill, credit, Decimal), in the order to be reconciled

    >>> from datetime import date
    >>> credits = {"any": (False, date(2026, 1, 1), Decimal(100)),
    ...            "water": (True, date(2026, 5, 1), Decimal(30))}
    >>> apply_credits([("w", Decimal(50)), ("m", Decimal(300))], credits,
    ...               {"w": ["any", "water"], "m": ["any"]})
    [('w', 'water', Decimal('30')), ('w', 'any', Decimal('20')), ('m', 'any', Decimal('80'))]
    """
    left = {credit: amount for credit, (_earmarked, _day, amount) in credits.items()}
    uses = []
    for bill, due in bills:
        for credit in sorted(candidates.get(bill, ()), key=lambda one: _order(one, credits)):
            amount = min(due, left[credit])
            if amount > 0:
                uses.append((bill, credit, amount))
                left[credit] -= amount
                due -= amount
    return uses


def _order(credit, credits):
    is_earmarked, day, _amount = credits[credit]
    return not is_earmarked, day, credit


def months_covered(balance, monthly):
    """Tell how many months of standing fees a balance covers.

    :param balance: Decimal, yuan
    :param monthly: Decimal, yuan a month
    :return: Decimal with one digit, or None when nothing is billed monthly

    >>> months_covered(Decimal("900"), Decimal("300")), months_covered(Decimal("100"), Decimal(0))
    (Decimal('3.0'), None)
    """
    if monthly <= 0:
        return None
    return (balance / monthly).quantize(Decimal("0.1"))
