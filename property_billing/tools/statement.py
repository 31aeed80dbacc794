"""Arithmetic of a statement of account (对账单): plain values in, plain values out."""

from dataclasses import dataclass, field
from decimal import Decimal

BILL, PAYMENT, CREDIT = "bill", "payment", "credit"


@dataclass(frozen=True)
class Entry:
    """One movement on the account.

    `amount` is positive where the movement does what its kind says: a bill raises the debt,
    a payment or a credit lowers it. A refund is a payment with a negative amount.
    """

    date: object
    kind: str
    amount: Decimal
    name: str = ""
    reference: str = ""

    @property
    def change(self):
        """What the movement adds to the debt."""
        return self.amount if self.kind == BILL else -self.amount


@dataclass(frozen=True)
class Statement:
    """An opening balance, the movements with the balance after each, totals, closing balance."""

    opening: Decimal
    rows: list = field(default_factory=list)
    bills: Decimal = Decimal(0)
    payments: Decimal = Decimal(0)
    credits: Decimal = Decimal(0)
    closing: Decimal = Decimal(0)


def build_statement(opening, entries):
    """Put movements in order, run the balance through them and add them up.

    :param Decimal opening: debt before the first day (negative: money paid in advance)
    :param entries: movements of the span, in any order
    :return: a Statement, for which opening + bills − payments − credits = closing

    >>> from datetime import date
    >>> statement = build_statement(Decimal("50.00"), [
    ...     Entry(date(2026, 9, 20), PAYMENT, Decimal("120.00")),
    ...     Entry(date(2026, 9, 1), BILL, Decimal("100.00")),
    ...     Entry(date(2026, 9, 25), CREDIT, Decimal("5.50")),
    ... ])
    >>> [str(balance) for _entry, balance in statement.rows]
    ['150.00', '30.00', '24.50']
    >>> str(statement.closing)
    '24.50'
    >>> build_statement(Decimal("-3.00"), []).closing
    Decimal('-3.00')
    """
    order = {BILL: 0, CREDIT: 1, PAYMENT: 2}
    totals = {BILL: Decimal(0), PAYMENT: Decimal(0), CREDIT: Decimal(0)}
    balance = opening
    rows = []
    for entry in sorted(entries, key=lambda entry: (entry.date, order[entry.kind])):
        totals[entry.kind] += entry.amount
        balance += entry.change
        rows.append((entry, balance))
    return Statement(opening, rows, totals[BILL], totals[PAYMENT], totals[CREDIT], balance)


def entry_kind(move_type):
    """Tell what a line of an account.move means to the person who owes.

    :param str move_type: `account.move.move_type`

    >>> entry_kind("out_invoice"), entry_kind("out_refund"), entry_kind("entry")
    ('bill', 'credit', 'payment')
    """
    return {"out_invoice": BILL, "out_receipt": BILL, "out_refund": CREDIT}.get(move_type, PAYMENT)
