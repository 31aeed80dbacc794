"""In which order money settles what a household owes, and which payment settles which part.

民法典 560 and 561: costs of enforcing the claim come first, then interest (the late fee), then the
principal; of several debts the oldest first. The parties may agree otherwise, so the order is a
choice of the site. Pure: no Odoo import.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

LAW, OLDEST, PRINCIPAL = "law", "oldest", "principal"
ORDERS = {
    LAW: {"cost": 0, "late_fee": 1, "principal": 2},
    OLDEST: {"cost": 0, "late_fee": 0, "principal": 1},
    PRINCIPAL: {"cost": 0, "principal": 1, "late_fee": 2},
}


@dataclass(frozen=True)
class Due:
    """Something owed: a bill, or the late fee on one.

    `kind` is cost, late_fee or principal; `day` the day the bill fell due; `sequence` the place of
    its item among those due on the same day.
    """

    key: Any
    kind: str
    day: Any
    sequence: Any
    amount: Decimal


@dataclass
class Payment:
    """One payment to be booked: money of one tender for one account, and what it settles."""

    tender: Any
    group: Any
    amount: Decimal = Decimal(0)
    parts: list = field(default_factory=list)


def due_of_bill(bill_id, amount, days, sequence, is_late_fee=False, kind="bill"):
    """Say what is owed on a bill; of one day and item the bill made first comes first.

    :param Decimal amount: yuan
    :param days: (day it fell due, first day it is for or None)
    :param int sequence: place of its item
    :param is_late_fee: whether the bill itself is one
    :param str kind: bill, or late_fee for the one on it that is not a bill yet
    :return: Due, whose key is (bill id, kind)

    >>> due_of_bill(7, Decimal(5), (9, None), 10).sequence
    (10, 7)
    >>> due_of_bill(7, Decimal(5), (9, 8), 10, kind="late_fee").kind
    'late_fee'
    """
    day, first = days
    is_late = is_late_fee or kind == "late_fee"
    return Due(
        (bill_id, kind),
        "late_fee" if is_late else "principal",
        (day, first or day),
        (sequence, bill_id),
        amount,
    )


class SettlementError(ValueError):
    """The parts cannot be reconciled exactly; ``args[0]`` is the key concerned."""


def in_order(dues, order=LAW):
    """Sort what is owed by the order of settlement.

    :param order: ``law`` all late fees, then the oldest principal; ``oldest`` day by day, each
        late fee before its principal; ``principal`` late fees last

    >>> dues = [Due("sep", "principal", 9, 1, 1), Due("aug", "principal", 8, 1, 1),
    ...         Due("sep late", "late_fee", 9, 1, 1)]
    >>> [due.key for due in in_order(dues)]
    ['sep late', 'aug', 'sep']
    >>> [due.key for due in in_order(dues, OLDEST)]
    ['aug', 'sep late', 'sep']
    >>> [due.key for due in in_order(dues, PRINCIPAL)]
    ['aug', 'sep', 'sep late']
    """
    ranks = ORDERS[order]

    def rank(due):
        if order == OLDEST:
            return due.kind != "cost", due.day, ranks[due.kind], due.sequence
        return ranks[due.kind], due.day, due.sequence

    return sorted(dues, key=rank)


def allocate(amount, dues, order=LAW):
    """Share an amount out over what is owed.

    :param Decimal amount: yuan, zero or more
    :param dues: list of Due
    :return: (list of (key, share > 0) in order, rest)

    >>> D = Decimal
    >>> dues = [Due("sep", "principal", 9, 1, D(10)), Due("aug", "principal", 8, 1, D(10)),
    ...         Due("late", "late_fee", 8, 1, D(1))]
    >>> allocate(D(15), dues)
    ([('late', Decimal('1')), ('aug', Decimal('10')), ('sep', Decimal('4'))], Decimal('0'))
    >>> allocate(D(30), dues)[1]
    Decimal('9')
    """
    shares = []
    for due in in_order(dues, order):
        share = max(min(amount, due.amount), Decimal(0))
        if share:
            shares.append((due.key, share))
            amount -= share
    return shares, amount


def match_credits(limit, dues, credits):
    """Choose which prepayment pays which bill.

    Only money of the same payer is used, earmarked money first and only for its item, then the
    oldest. Both lists are in order.

    :param Decimal limit: at most this much in all
    :param dues: list of (key, payer, item, amount to pay)
    :param credits: list of (credit, payer, item or None for any, left)
    :return: list of (key, credit, amount > 0)

    >>> D = Decimal
    >>> match_credits(D(50), [("a", 1, 7, D(30)), ("b", 1, 8, D(40)), ("c", 2, 7, D(9))],
    ...               [("any", 1, None, D(25)), ("marked", 1, 7, D(20))])
    [('a', 'marked', Decimal('20')), ('a', 'any', Decimal('10')), ('b', 'any', Decimal('15'))]
    >>> match_credits(D(12), [("a", 1, 7, D(30))], [("any", 1, None, D(25))])
    [('a', 'any', Decimal('12'))]
    """
    left = {credit: amount for credit, _payer, _item, amount in credits}
    uses = []
    for key, payer, item, wanted in dues:
        for marked in (True, False):
            for credit, owner, only, _amount in credits:
                fits = owner == payer and (only == item if marked else only is None)
                if not fits or (marked and only is None):
                    continue
                share = min(wanted, left[credit], limit)
                if share > 0:
                    uses.append((key, credit, share))
                    left[credit] -= share
                    wanted -= share
                    limit -= share
    return uses


def plan_payments(shares, tenders):
    """Cut money into payments so that reconciling part by part gives every bill its exact share.

    Reconciling takes whatever the payment has left, up to what the bill owes: a bill that is to
    get less than it owes must be the last part of its payment, and gets one of its own otherwise.

    :param shares: list of (key, group, share, is whole); a group is one account of one payer
    :param tenders: list of (tender, amount); they sum to the shares
    :return: list of Payment in the order to reconcile them

    >>> D = Decimal
    >>> [(p.tender, p.amount, p.parts) for p in plan_payments(
    ...     [("a", 1, D(10), True), ("b", 1, D(5), False), ("c", 1, D(4), False)],
    ...     [("cash", D(12)), ("pos", D(7))])]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('cash', Decimal('12'), [('a', Decimal('10')), ('b', Decimal('2'))]),
     ('pos', Decimal('3'), [('b', Decimal('3'))]),
     ('pos', Decimal('4'), [('c', Decimal('4'))])]
    """
    purse = [[tender, amount] for tender, amount in tenders if amount > 0]
    payments = []
    for key, group, share, whole in sorted(shares, key=lambda row: not row[3]):
        while share > 0:
            tender, amount = purse[0]
            part = min(share, amount)
            payment = _open_payment(payments, tender, group)
            payment.amount += part
            payment.parts.append((key, part, whole))
            share -= part
            purse[0][1] -= part
            if not purse[0][1]:
                purse.pop(0)
    for payment in payments:
        payment.parts = [(key, part) for key, part, _whole in payment.parts]
    return payments


def _open_payment(payments, tender, group):
    """Return the payment of a tender and group that may take another part, or a new one."""
    for payment in payments:
        if payment.tender == tender and payment.group == group and payment.parts[-1][2]:
            return payment
    payments.append(Payment(tender, group))
    return payments[-1]


def check_exact(residuals, parts):
    """Walk through reconciliations in their order and make sure each takes what it should.

    :param residuals: dict key -> what the bill owes
    :param parts: list of (key, source, share, what the source has at first)
    :raise SettlementError: with the key that would get more than its share

    >>> check_exact({"a": 10}, [("a", "p", 4, 4)])
    >>> check_exact({"a": 10}, [("a", "p", 4, 9)])  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    SettlementError: a
    """
    owed, left = dict(residuals), {}
    for key, source, share, at_first in parts:
        left.setdefault(source, at_first)
        if min(owed[key], left[source]) != share:
            raise SettlementError(key)
        owed[key] -= share
        left[source] -= share
