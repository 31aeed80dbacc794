"""A charge billed wrongly, or to the wrong person: what its facts should have been.

Pure: no Odoo import. A corrected basis derives like any other; see ``plan``.
"""

from datetime import timedelta
from decimal import Decimal

from . import plan
from .proration import days
from .rounding import largest_remainder

DAY = timedelta(days=1)


def corrected(basis, quantity=None, price=None):
    """Return the basis with another quantity or price.

    :param basis: the frozen facts of the charge that was wrong
    :param quantity: Decimal, what should have been counted; unchanged when left out
    :param price: Decimal, the price that should have been used; unchanged when left out
    :raise ValueError: when facts of this kind have no such quantity or price

    >>> water = {"kind": "meter", "opening": ["2026-08-31", "99990"], "digits": 5,
    ...          "closing": ["2026-09-30", "17"], "multiplier": "1", "price": "3.00"}
    >>> corrected(water, quantity=Decimal(20))["closing"]
    ['2026-09-30', '10']
    """
    result = dict(basis)
    kind = basis.get("kind")
    if kind == "time":
        if quantity is not None:
            result["base"] = str(quantity)
        if price is not None:
            result["segments"] = [
                [a, b, str(price), *rest] for a, b, _p, *rest in basis["segments"]
            ]
    elif kind == "meter" and "closing" in basis and not basis.get("parts"):
        if price is not None:
            if basis.get("tiers"):
                raise ValueError("tiers have no single price")
            result["price"] = str(price)
        if quantity is not None:
            counted = Decimal(basis["opening"][1]) + quantity / Decimal(basis["multiplier"])
            if basis["digits"]:
                counted %= Decimal(10) ** basis["digits"]
            result["closing"] = [basis["closing"][0], f"{counted.normalize():f}"]
    else:
        raise ValueError("only an amount can be corrected")
    return result


def as_sum(basis, amount, **facts):
    """Return facts that only say an amount, with the VAT they had.

    >>> as_sum({"kind": "pool", "rate": "13"}, Decimal("12.50"))
    {'kind': 'sum', 'amount': '12.50', 'rate': '13'}
    """
    return {"kind": "sum", "amount": str(amount), "rate": basis.get("rate") or "", **facts}


def resplit(basis, amount, span, seller, buyer, day):
    """Split what was billed to a seller alone at the day the home changed hands.

    The two parts always sum to what was billed. Days alone decide; where the frozen facts can say
    it themselves (a time-based charge of one payer) each part is derived from them.

    :param basis: the frozen facts
    :param amount: Decimal that was billed
    :param span: (first, last) day of the charge
    :param day: first day of the buyer
    :return: list of (payer, first, last, basis), one or two

    >>> from datetime import date
    >>> fee = {"kind": "time", "base": "100", "coverage": ["2026-09-01", "2026-09-30"],
    ...        "proration": "daily", "segments": [["2026-09-01", "2026-09-30", "3"]],
    ...        "payers": [[1, "2026-09-01", "2026-09-30"]], "part": None}
    >>> parts = resplit(fee, Decimal("300.00"), (date(2026, 9, 1), date(2026, 9, 30)), 1, 2,
    ...                 date(2026, 9, 16))
    >>> [(payer, plan.derive(part)["amount"]) for payer, _first, _last, part in parts]
    [(1, Decimal('150.00')), (2, Decimal('150.00'))]
    """
    first, last = span
    segments = [(seller, first, min(last, day - DAY)), (buyer, max(first, day), last)]
    segments = [segment for segment in segments if segment[1] <= segment[2]]
    if _is_whole(basis):
        payers = [[payer, str(a), str(b)] for payer, a, b in segments]
        single = len(segments) == 1
        parts = [
            {**basis, "payers": payers, "part": None if single else index}
            for index in range(len(segments))
        ]
        if sum(plan.derive(part)["amount"] for part in parts) == amount:
            return [(*segment, part) for segment, part in zip(segments, parts, strict=True)]
    shares = [amount]
    if len(segments) > 1:
        shares = largest_remainder(amount, [days(a, b) for _payer, a, b in segments])
    return [
        (payer, a, b, as_sum(basis, share, days=[days(a, b), days(first, last)]))
        for (payer, a, b), share in zip(segments, shares, strict=True)
    ]


def _is_whole(basis):
    return (
        basis.get("kind") == "time"
        and basis.get("part") is None
        and len(basis.get("payers") or []) == 1
    )
