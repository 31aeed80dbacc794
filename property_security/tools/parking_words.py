"""Tell a driver how a parking fee comes about, line by line."""

from dataclasses import dataclass
from decimal import Decimal

from .parking_tariff import occurrence

#: Sentence of each kind of line; `explain` takes others with the same placeholders.
SENTENCES = {
    "stay": "In %(entry)s, parked %(duration)s",
    "covered": "Not charged (card or other area): %(duration)s",
    "free": "Free: up to %(minutes)s min",
    "free_off": "First %(minutes)s min free",
    "unpriced": "Free of charge at these hours",
    "incomplete": "Only whole units are charged, and none is complete",
    "entry": "Per entry",
    "flat": "%(rate)s from %(start)s",
    "blocks": "%(rate)s from %(start)s: %(count)s × %(minutes)s min at %(price)s",
    "cap_segment": "Limit for %(rate)s: %(cap)s",
    "cap_day": "Limit per day: %(cap)s",
    "cap_period": "Limit per 24 hours: %(cap)s",
    "cap_stay": "Limit per stay: %(cap)s",
    "minutes": "Coupon: %(value)s min",
    "day": "Coupon: %(day)s free",
    "percent": "Coupon: %(value)s%% off",
    "amount": "Coupon: %(value)s off",
    "total": "Fee",
    "hours": "%(hours)s h %(minutes)s min",
    "hours_only": "%(hours)s h",
    "minutes_only": "%(minutes)s min",
}


@dataclass(frozen=True)
class Line:
    """A line of the explanation; `amount` is None where it only tells."""

    kind: str
    text: str
    amount: Decimal | None = None


def explain(quote, sentences=None):
    """Return the lines a driver can read; all but the last, the fee, add up to it.

    :param Quote quote: of `parking.quote`
    :param dict sentences: like SENTENCES, in the driver's language
    :return: list of Line
    """
    say = {**SENTENCES, **(sentences or {})}
    tariff = quote.tariff
    lines = [
        _line(
            say,
            "stay",
            entry=f"{quote.entry:%Y-%m-%d %H:%M}",
            duration=duration(quote.minutes, say),
        )
    ]
    if quote.covered_minutes:
        lines.append(_line(say, "covered", duration=duration(quote.covered_minutes, say)))
    if quote.is_free:
        if quote.charged_minutes:  # not where a pass or a coupon takes all of it
            lines.append(_line(say, "free", minutes=tariff.free_minutes))
    elif tariff.free_minutes and tariff.free_rule == "deducted":
        lines.append(_line(say, "free_off", minutes=tariff.free_minutes))
    if not quote.blocks and not quote.is_free:
        lines.append(_line(say, "incomplete" if tariff.rounding == "completed" else "unpriced"))
    charged = [line for group in _groups(quote) for line in _group_lines(say, group)]
    lines += charged
    # What coupon minutes save is already missing above: they only tell it.
    for coupon, amount in quote.reductions:
        saved = None if coupon.kind == "minutes" else -amount
        day = coupon.day.isoformat() if coupon.day else ""
        lines.append(_line(say, coupon.kind, saved, value=plain(coupon.value), day=day))
    lines.append(_line(say, "total", quote.total))
    return lines


def duration(minutes, sentences=None):
    """Return a length of time in words.

    >>> duration(125), duration(8), duration(120)
    ('2 h 5 min', '8 min', '2 h')
    """
    say = sentences or SENTENCES
    hours, rest = divmod(minutes, 60)
    if not hours:
        return say["minutes_only"] % {"minutes": rest}
    return say["hours" if rest else "hours_only"] % {"hours": hours, "minutes": rest}


def plain(number):
    """Return a number without zeros that say nothing.

    >>> plain(Decimal("5.00")), plain(Decimal("7.50")), plain(Decimal(100))
    ('5', '7.5', '100')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _line(say, kind, amount=None, **values):
    return Line(kind, say[kind] % values, amount)


def _groups(quote):
    """Return the runs of blocks with one price in one stretch and one period of a cap."""

    def key(block):
        stretch = occurrence(block.rate, block.start) if block.rate else None
        period = (block.start - quote.entry).days, block.start.date()
        return id(block.tariff), block.rate and id(block.rate), id(block.step), stretch, period

    groups = []
    for block in quote.blocks:
        if groups and key(groups[-1][-1]) == key(block):
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _group_lines(say, blocks):
    """Return what the blocks cost by the tariff, and what each cap takes off again."""
    first = blocks[0]
    price = sum(block.price for block in blocks)
    if first.rate is None:
        yield _line(say, "entry", price)
    elif first.step is None:
        yield _line(say, "flat", price, rate=first.rate.name, start=f"{first.start:%m-%d %H:%M}")
    else:
        yield _line(
            say,
            "blocks",
            price,
            rate=first.rate.name,
            start=f"{first.start:%m-%d %H:%M}",
            count=len(blocks),
            minutes=first.step.block,
            price=plain(first.step.price),
        )
    for kind in ("segment", "day", "period", "stay"):
        off = sum(block.price - block.amount for block in blocks if block.cap == kind)
        if off:
            cap = first.rate.cap if kind == "segment" else getattr(first.tariff, f"cap_{kind}")
            rate = first.rate.name if first.rate else ""
            yield _line(say, f"cap_{kind}", -off, cap=plain(cap), rate=rate)
