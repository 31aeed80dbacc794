"""How one payment is shared out over the bills it was made for."""

from decimal import Decimal


def split_payment(paid, wanted):
    """Share a payment out over bills, some of which may have changed since it was started.

    Every bill first gets what it was meant to get, but never more than it still owes; what is
    then left goes, in order, to the chosen bills that owe more than they were meant to get.

    :param Decimal paid: money that arrived
    :param wanted: list of (key, intended, residual) in the order of settlement; intended is what
        the payer saw, residual what the bill owes now (0 where it was paid or withdrawn)
    :return: (list of (key, amount > 0), rest); the rest is the payer's advance payment

    >>> D = Decimal
    >>> split_payment(D(30), [("a", D(10), D(10)), ("b", D(20), D(20))])
    ([('a', Decimal('10')), ('b', Decimal('20'))], Decimal('0'))
    >>> split_payment(D(30), [("a", D(10), D(0)), ("b", D(20), D(15))])
    ([('b', Decimal('15'))], Decimal('15'))
    >>> split_payment(D(30), [("a", D(10), D(4)), ("b", D(20), D(23))])
    ([('a', Decimal('4')), ('b', Decimal('23'))], Decimal('3'))
    >>> split_payment(D(5), [("a", D(10), D(10)), ("b", D(20), D(20))])
    ([('a', Decimal('5'))], Decimal('0'))
    """
    rest = paid
    shares = {}
    for key, intended, residual in wanted:
        share = max(min(intended, residual, rest), Decimal(0))
        shares[key] = share
        rest -= share
    for key, _intended, residual in wanted:
        more = max(min(residual - shares[key], rest), Decimal(0))
        shares[key] += more
        rest -= more
    return [(key, share) for key, share in shares.items() if share], rest
