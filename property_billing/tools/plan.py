"""From frozen facts to an amount: the one place where a charge is computed.

``basis`` is what a charge keeps for ever: plain JSON (numbers as text, dates as ISO text). Deriving
it again gives the same fen, whatever tariffs, areas or owners are today. Pure: no Odoo import.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from .formula import FormulaError, evaluate, names
from .metering import flowed
from .payers import split_by_payer
from .proration import covered_months, days
from .rounding import FEN, largest_remainder, round_step
from .tiers import raise_limits, scale_limits, tier_lines
from .vat import tax_on_top


def derive(basis):
    """Compute a charge from its basis.

    :param basis: dict with ``kind`` "time", "percent", "meter", "pool" or "sum"
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
    kinds = {"time": _time, "percent": _percent, "meter": _meter, "pool": _pool, "sum": _sum}
    return kinds[basis["kind"]](basis)


def parts(basis):
    """Split a time-based whole, or the share of it that is billed, over its payers by days.

    :return: list of (payer, first day, last day, Decimal) in order
    """
    gross = _time({**basis, "part": None, "shares": None})["gross"]
    return split_by_payer(
        _shared(basis, gross),
        [(payer, _day(first), _day(last)) for payer, first, last in basis["payers"]],
    )


def _shared(basis, gross):
    """Return the share of the whole that a charge bills: hundredths of a per cent by share."""
    if not basis.get("shares"):
        return gross
    weights = [high - low for low, high in basis["shares"]]
    return largest_remainder(gross, weights)[basis["share"]]


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
    lines = _segment_lines(basis)
    lines += _relief_lines(basis, lines)
    result = _result(basis, lines, lines[0]["quantity"] if lines else Decimal(0))
    result["months"] = sum((line["months"] for line in lines if "relief" not in line), Fraction(0))
    if basis.get("part") is not None:
        result["amount"] = parts(basis)[basis["part"]][3]
    elif basis.get("shares"):
        result["amount"] = _shared(basis, result["gross"])
    return result


def _segment_lines(basis):
    """Price every segment: a span of days with one price and one quantity."""
    step, direction = _rounding(basis)
    lines = []
    for first, last, price, *extra in basis["segments"]:
        known = extra[0] if extra else {}
        months = _months(basis, _day(first), _day(last))
        quantity = Decimal(known.get("base") or basis["base"]) * Decimal(
            basis.get("quantity") or "1"
        )
        if basis.get("formula"):
            quantity, exact = Decimal(1), _formula(basis, known, price, months)
        else:
            exact = Fraction(quantity * Decimal(price)) * months
        exact *= Fraction(Decimal(basis.get("factor") or "1"))
        lines.append(
            {
                "date_from": _day(first),
                "date_to": _day(last),
                "days": days(_day(first), _day(last)),
                "months": months,
                "quantity": quantity,
                "base": known.get("base") or basis["base"],
                "values": known.get("values"),
                "price": Decimal(price),
                "exact": exact,
                "amount": round_step(exact, step, direction),
            }
        )
    return lines


def _months(basis, first, last):
    within = tuple(_day(text) for text in basis["coverage"])
    anchor = _day(basis["anchor"]) if basis.get("anchor") else None
    return covered_months(first, last, basis["proration"], within, anchor)


def _formula(basis, known, price, months):
    """Compute a monthly amount; a formula that asks for the months says the whole amount itself."""
    values = {
        name: Decimal(text) for name, text in {**basis["values"], **known.get("values", {})}.items()
    }
    values.update(
        price=Decimal(price), months=months, coefficient=Decimal(basis.get("quantity") or "1")
    )
    amount = evaluate(basis["formula"], values)
    if amount < 0:
        raise FormulaError("negative")
    return amount if "months" in names(basis["formula"]) else amount * months


def _relief_lines(basis, lines):
    """Take reliefs off: a share of the days they cover, or a sum a month; never below nothing."""
    step, direction = _rounding(basis)
    left = sum((line["amount"] for line in lines), Decimal(0))
    found = []
    for relief in basis.get("reliefs") or ():
        first, last = _day(relief["from"]), _day(relief["to"])
        exact, months, touched = Fraction(0), Fraction(0), []
        for line in lines:
            begin, end = max(first, line["date_from"]), min(last, line["date_to"])
            if begin > end or not line["months"]:
                continue
            covered = _months(basis, begin, end)
            months += covered
            exact += line["exact"] * covered / line["months"]
            touched += [begin, end]
        if not touched:
            continue
        if relief["kind"] == "percent":
            wanted = exact * Fraction(Decimal(relief["value"])) / 100
        else:
            wanted = Fraction(Decimal(relief["value"])) * months
        amount = min(round_step(wanted, step, direction), left)
        left -= amount
        found.append(
            {
                "relief": relief,
                "date_from": min(touched),
                "date_to": max(touched),
                "months": months,
                "quantity": Decimal(1),
                "price": -amount,
                "amount": -amount,
            }
        )
    return found


def _percent(basis):
    step, direction = _rounding(basis)
    percent = Decimal(basis["percent"]) * Decimal(basis.get("quantity") or "1")
    amount = round_step(Fraction(Decimal(basis["of"]["amount"]) * percent) / 100, step, direction)
    line = {"quantity": Decimal(basis["of"]["amount"]), "price": percent / 100, "amount": amount}
    return _result(basis, [line], Decimal(basis["of"]["amount"]))


def metered(basis):
    """Sum what the meters of a metered basis counted; below zero where an estimate was too high.

    :return: Decimal
    :raise ValueError: when a counter that does not turn over went backwards
    """
    return sum(
        (
            flowed(
                Decimal(segment["opening"][1]),
                Decimal(segment["closing"][1]),
                segment["digits"],
                Decimal(segment["multiplier"]),
                segment.get("below_estimate"),
            )
            for segment in basis.get("segments") or [basis]
        ),
        Decimal(0),
    )


def _meter(basis):
    """Price what flowed since the opening reading, less what estimates of it were billed at."""
    step, direction = _rounding(basis)
    used = metered(basis)
    before = Decimal(basis.get("used_before") or 0)
    if basis.get("tiers"):
        tiers = [
            (Decimal(low), Decimal(high) if high is not None else None, Decimal(price))
            for low, high, price in basis["tiers"]
        ]
        tiers = raise_limits(tiers, Decimal(basis.get("extra") or 0))
        yearly = basis.get("tier_period") == "year"
        if yearly:
            tiers = scale_limits(tiers, basis.get("tier_months") or 12)
        months = 1 if yearly else basis.get("months") or 1
        priced = tier_lines(used, tiers, months, step, direction, before if yearly else Decimal(0))
    else:
        price = Decimal(basis["price"])
        priced = [(Decimal(0), None, used, price, round_step(used * price, step, direction))]
    lines = [
        {"from": low, "to": high, "quantity": quantity, "price": price, "amount": amount}
        for low, high, quantity, price, amount in priced
        if used
    ]
    billed = basis.get("billed") or []
    for row in billed:
        amount = -Decimal(row["net"])
        lines.append({"billed": row, "quantity": Decimal(1), "price": amount, "amount": amount})
    return _result(basis, lines, used - sum(Decimal(row["quantity"]) for row in billed))


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
