"""From frozen facts to an amount: the one place where a charge is computed.

``basis`` is what a charge keeps for ever: plain JSON (numbers as text, dates as ISO text). Deriving
it again gives the same fen, whatever tariffs, areas or owners are today. Pure: no Odoo import.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from .metering import consumption
from .payers import split_by_payer
from .proration import covered_months, days
from .rounding import FEN, round_step
from .tiers import tier_lines
from .vat import tax_on_top


def derive(basis):
    """Compute a charge from its basis.

    :param basis: dict with ``kind`` "time", "meter", "pool" or "sum"
    :return: dict with ``lines`` (list of dict: quantity, price, amount and what they stand for),
        ``net`` (their sum), ``gross`` (with VAT where the price excludes it), ``amount`` (the part
        of this payer) and ``quantity``

    >>> water = {"kind": "meter", "opening": ["2026-08-31", "486"], "digits": 5,
    ...          "closing": ["2026-09-30", "502"], "multiplier": "1", "months": 1,
    ...          "tiers": [["0", "15", "3.45"], ["15", None, "4.83"]],
    ...          "step": "0.01", "direction": "half_up", "price_include": True, "rate": "3"}
    >>> derive(water)["amount"]
    Decimal('56.58')
    """
    return {"time": _time, "meter": _meter, "pool": _pool, "sum": _sum}[basis["kind"]](basis)


def parts(basis):
    """Split a time-based whole over its payers.

    :return: list of (payer, first day, last day, Decimal) in order
    """
    gross = derive({**basis, "part": None})["gross"]
    return split_by_payer(
        gross, [(payer, _day(first), _day(last)) for payer, first, last in basis["payers"]]
    )


def _day(text):
    return date.fromisoformat(text)


def _gross(basis, net):
    if basis.get("price_include", True) or not basis.get("rate"):
        return net
    return net + tax_on_top(net, Decimal(basis["rate"]))


def _rounding(basis):
    return Decimal(basis.get("step") or FEN), basis.get("direction") or "half_up"


def _result(basis, lines, quantity):
    net = sum((line["amount"] for line in lines), Decimal(0))
    gross = _gross(basis, net)
    return {"lines": lines, "net": net, "gross": gross, "amount": gross, "quantity": quantity}


def _time(basis):
    step, direction = _rounding(basis)
    base = Decimal(basis["base"]) * Decimal(basis.get("quantity") or "1")
    within = tuple(_day(text) for text in basis["coverage"])
    lines, total_months = [], Fraction(0)
    for first, last, price in basis["segments"]:
        months = covered_months(_day(first), _day(last), basis["proration"], within)
        amount = round_step(Fraction(base * Decimal(price)) * months, step, direction)
        total_months += months
        lines.append(
            {
                "date_from": _day(first),
                "date_to": _day(last),
                "days": days(_day(first), _day(last)),
                "months": months,
                "quantity": base,
                "price": Decimal(price),
                "amount": amount,
            }
        )
    result = _result(basis, lines, base)
    result["months"] = total_months
    if basis.get("part") is not None:
        result["amount"] = parts(basis)[basis["part"]][3]
    return result


def _meter(basis):
    step, direction = _rounding(basis)
    used = consumption(
        Decimal(basis["opening"][1]),
        Decimal(basis["closing"][1]),
        basis["digits"],
        Decimal(basis["multiplier"]),
    )
    if basis.get("tiers"):
        tiers = [
            (Decimal(low), Decimal(high) if high is not None else None, Decimal(price))
            for low, high, price in basis["tiers"]
        ]
        priced = tier_lines(used, tiers, basis.get("months") or 1, step, direction)
    else:
        price = Decimal(basis["price"])
        priced = [(Decimal(0), None, used, price, round_step(used * price, step, direction))]
    lines = [
        {"from": low, "to": high, "quantity": quantity, "price": price, "amount": amount}
        for low, high, quantity, price, amount in priced
        if used
    ]
    return _result(basis, lines, used)


def _pool(basis):
    pool, weight, total = (Fraction(Decimal(basis[key])) for key in ("pool", "weight", "total"))
    fen = (pool / Fraction(FEN) * weight / total) // 1
    amount = FEN * (int(fen) + int(basis["extra_fen"]))
    line = {"quantity": Decimal(basis["weight"]), "price": None, "amount": amount}
    return _result({**basis, "price_include": True}, [line], Decimal(basis["weight"]))


def _sum(basis):
    amount = Decimal(basis["amount"])
    line = {"quantity": Decimal(1), "price": amount, "amount": amount}
    return _result(basis, [line], Decimal(1))
