"""Tell a driver how a parking fee comes about, line by line."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from .parking_days import CALENDAR, PERIOD, cap_of, days, together
from .parking_tariff import occurrence

#: So many lines of charges a driver reads; of more, days that are alike are told together.
READABLE = 12

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
    "one_day": "%(start)s in all",
    "one_period": "24 hours from %(start)s in all",
    "days": "%(start)s – %(end)s: %(count)s days at %(price)s",
    "periods": "From %(start)s to %(end)s: %(count)s × 24 hours at %(price)s",
    "limited": "%(line)s (%(limit)s)",
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
    lines += _charge_lines(say, quote)
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


def _charge_lines(say, quote):
    """Return what is charged: block by block, or of a long stay by days."""
    plainly = _block_lines(say, quote, quote.blocks)
    if len(plainly) <= READABLE:
        return plainly
    units = (PERIOD, CALENDAR) if quote.tariff.cap_period else (CALENDAR, PERIOD)
    return min((plainly, *(_day_lines(say, quote, unit) for unit in units)), key=len)


def _day_lines(say, quote, unit):
    """Return a line for days that are alike, and the parts of a first or last one that is not."""
    found = days(quote, unit)
    if len(found) > READABLE:
        found = together(found)
    lines = []
    for number, one in enumerate(found):
        if one.count == 1 and number in (0, len(found) - 1):
            parts = _block_lines(say, quote, one.blocks)
            lines += parts if len(parts) <= READABLE / 2 else [_days_line(say, quote, one)]
        else:
            lines.append(_days_line(say, quote, one))
    return lines


def _days_line(say, quote, one):
    """Return the line of days that are alike, with the limits that they reach."""
    form, end = "%m-%d", one.last
    if one.unit == PERIOD:
        leave = quote.entry + timedelta(minutes=quote.minutes)
        form, end = "%m-%d %H:%M", min(end + timedelta(days=1), leave)
    kind = f"{one.unit}s" if one.count > 1 else f"one_{one.unit}"
    line = _line(
        say,
        kind,
        one.count * one.amount,
        start=f"{one.first:{form}}",
        end=f"{end:{form}}",
        count=one.count,
        price=plain(one.amount),
    )
    for block in one.caps:
        limit = say[f"cap_{block.cap}"] % _cap_values(block)
        line = _line(say, "limited", line.amount, line=line.text, limit=limit)
    return Line(kind, line.text, line.amount)


def _cap_values(block):
    return {"cap": plain(cap_of(block)), "rate": block.rate.name if block.rate else ""}


def _block_lines(say, quote, blocks):
    """Return the lines of blocks one after the other."""
    return [line for group in _groups(quote, blocks) for line in _group_lines(say, group)]


def _groups(quote, blocks):
    """Return the runs of blocks with one price in one stretch and one period of a cap."""

    def key(block):
        stretch = occurrence(block.rate, block.start) if block.rate else None
        period = (block.start - quote.entry).days, block.start.date()
        return id(block.tariff), block.rate and id(block.rate), id(block.step), stretch, period

    groups = []
    for block in blocks:
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
        cut = [block for block in blocks if block.cap == kind]
        if cut:
            off = sum(block.price - block.amount for block in cut)
            yield _line(say, f"cap_{kind}", -off, **_cap_values(cut[0]))
