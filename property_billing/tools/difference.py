"""Why a charge differs from an earlier one, cause by cause. Pure: no Odoo import.

The later charge is computed again with the causes put back one after another; what each changes
is its effect. The effects always sum to the difference, to the fen.
"""

from decimal import Decimal

from .plan import derive


def compare(before, after):
    """Take the difference of two charges of one fee apart.

    :param before: basis of the earlier charge
    :param after: basis of the later one
    :return: list of dict ``cause``, ``effect`` (Decimal), ``before`` and ``after`` (what it was
        and is); causes without effect are left out. Cause "other" when the two cannot be compared.

    >>> old = {"kind": "time", "method": "area", "base": "100",
    ...        "coverage": ["2026-08-01", "2026-08-31"], "proration": "actual",
    ...        "segments": [["2026-08-01", "2026-08-31", "3"]], "payers": []}
    >>> new = {**old, "base": "110", "coverage": ["2026-09-01", "2026-09-30"],
    ...        "segments": [["2026-09-01", "2026-09-30", "3.2"]]}
    >>> [(r["cause"], str(r["effect"]), r["before"], r["after"]) for r in compare(old, new)]
    [('quantity', '30.00', '100', '110'), ('price', '22.00', '3', '3.2')]
    """
    steps = {
        "time": _time_steps,
        "meter": _meter_steps,
        "pool": _pool_steps,
        "percent": _percent_steps,
    }
    total = derive(after)["amount"] - derive(before)["amount"]
    build = steps.get(after["kind"]) if before["kind"] == after["kind"] else None
    if before.get("formula") or after.get("formula"):
        build = _formula_steps if before.get("formula") == after.get("formula") else None
    if not build:
        return [_reason("other", total)] if total else []
    amount, reasons = derive(before)["amount"], []
    for cause, basis, old, new in build(before, after):
        reached = derive(basis)["amount"]
        if reached != amount:
            reasons.append(_reason(cause, reached - amount, old, new))
        amount = reached
    return reasons


def _reason(cause, effect, before="", after=""):
    return {"cause": cause, "effect": effect, "before": str(before), "after": str(after)}


def _plain(text):
    return f"{Decimal(text).normalize():f}"


def _time_steps(before, after):
    """Days first, then who pays which part, quantity, price and relief."""
    old_price, new_price = before["segments"][-1][2], after["segments"][-1][2]
    old_base, new_base = _base(before), _base(after)
    old_quantity, new_quantity = before.get("quantity") or "1", after.get("quantity") or "1"

    def with_values(price, base, quantity, keys):
        segments = [
            [
                row[0],
                row[1],
                price or row[2],
                *([{**row[3], "base": base}] if base and row[3:] else row[3:]),
            ]
            for row in after["segments"]
        ]
        basis = {**after, "segments": segments, "quantity": quantity}
        if base:
            basis["base"] = base
        for key in keys:
            basis[key] = before.get(key)
        return basis

    kept = ("reliefs", "factor", "price_include", "rate")
    whole = with_values(old_price, old_base, old_quantity, kept)
    yield "days", whole, _span(before), _span(after)
    yield (
        "quantity",
        with_values(old_price, None, new_quantity, kept),
        _plain(Decimal(old_base) * Decimal(old_quantity)),
        _plain(Decimal(new_base) * Decimal(new_quantity)),
    )
    yield "price", with_values(None, None, new_quantity, kept), _plain(old_price), _plain(new_price)
    yield "relief", with_values(None, None, new_quantity, kept[1:]), "", ""
    yield "rate", after, "", ""


def _base(basis):
    last = basis["segments"][-1]
    return (last[3].get("base") if last[3:] else None) or basis["base"]


def _span(basis):
    return f"{basis['segments'][0][0]} – {basis['segments'][-1][1]}"


def _formula_steps(before, after):
    """Name the values of the formula that changed, one after the other, and the rest as days."""
    values = dict(after["values"])
    last = [
        (row[3] or {}).get("values", {}) if row[3:] else {}
        for row in (before["segments"][-1], after["segments"][-1])
    ]
    old, new = {**before["values"], **last[0]}, {**after["values"], **last[1]}
    price = before["segments"][-1][2]
    flat = [[row[0], row[1], price] for row in after["segments"]]
    base = {
        **after,
        "values": old,
        "segments": flat,
        "quantity": before.get("quantity"),
        "reliefs": before.get("reliefs"),
    }
    yield "days", base, _span(before), _span(after)
    for name in sorted(new):
        values = {**base["values"], name: new[name]}
        base = {**base, "values": values}
        yield name, base, old.get(name, ""), new[name]
    base = {**base, "quantity": after.get("quantity")}
    yield "quantity", base, before.get("quantity") or "1", after.get("quantity") or "1"
    base = {**base, "segments": after["segments"]}
    yield "price", base, _plain(price), _plain(after["segments"][-1][2])
    yield "relief", after, "", ""


def _meter_steps(before, after):
    """Consumption at the old prices, then the prices."""
    kept = {key: before.get(key) for key in ("tiers", "price", "months", "price_include", "rate")}
    used = [_plain(derive(basis)["quantity"]) for basis in (before, after)]
    yield "consumption", {**after, **kept}, *used
    yield "price", after, _table(before), _table(after)


def _table(basis):
    if basis.get("tiers"):
        return " / ".join(_plain(price) for _low, _high, price in basis["tiers"])
    return _plain(basis["price"])


def _pool_steps(before, after):
    """The pool's total at the old share, then the share."""
    kept = {key: before[key] for key in ("weight", "total", "extra_fen")}
    yield "pool", {**after, **kept}, before["pool"], after["pool"]
    yield "share", after, _share(before), _share(after)


def _share(basis):
    return f"{_plain(basis['weight'])} ÷ {_plain(basis['total'])}"


def _percent_steps(before, after):
    yield (
        "base",
        {**after, "percent": before["percent"], "quantity": before.get("quantity")},
        before["of"]["amount"],
        after["of"]["amount"],
    )
    yield "price", after, _plain(before["percent"]), _plain(after["percent"])
