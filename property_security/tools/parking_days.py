"""Tell the days of a long stay together where they cost the same."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

#: Kinds of day: of the calendar, or 24 hours from entry.
CALENDAR, PERIOD = "day", "period"


@dataclass(frozen=True)
class Days:
    """Days that cost the same, told as one.

    `first` and `last` begin the first and the last of them; `amount` is what one day costs.
    `blocks` are those of the first one, `caps` those of them that tell by which limits it costs
    no more.
    """

    unit: str
    first: date | datetime
    last: date | datetime
    count: int
    amount: Decimal
    blocks: tuple
    caps: tuple

    def is_like(self, other):
        """Tell whether other days cost the same, for the same reason."""
        return (self.amount, self._limits()) == (other.amount, other._limits())

    def joined(self, other):
        """Return these days and like ones after them as one."""
        return replace(self, last=other.last, count=self.count + other.count)

    def _limits(self):
        return [_limit(block) for block in self.caps]


def cap_of(block):
    """Return the limit that cut a block."""
    return block.rate.cap if block.cap == "segment" else getattr(block.tariff, f"cap_{block.cap}")


def days(quote, unit):
    """Return the days of a stay, those in a row that are alike as one.

    :param Quote quote: of `parking.quote`
    :param str unit: CALENDAR or PERIOD
    :return: list of Days in order
    """

    def day_of(block):
        if unit == CALENDAR:
            return block.start.date()
        return quote.entry + timedelta(days=(block.start - quote.entry).days)

    blocks = {}
    for block in quote.blocks:  # in order, so that the days are
        blocks.setdefault(day_of(block), []).append(block)
    found = []
    for day, those in blocks.items():
        one = _day(unit, day, tuple(those))
        if found and found[-1].is_like(one):
            found[-1] = found[-1].joined(one)
        else:
            found.append(one)
    return found


def together(found):
    """Return days with those that are alike as one, also where others lie between.

    :param list found: of Days
    """
    kept = []
    for one in found:
        place = next((n for n, other in enumerate(kept) if other.is_like(one)), None)
        if place is None:
            kept.append(one)
        else:
            kept[place] = kept[place].joined(one)
    return kept


def _limit(block):
    return block.cap, cap_of(block), block.rate.name if block.cap == "segment" else ""


def _day(unit, day, blocks):
    amount = sum((block.amount for block in blocks), Decimal(0))
    cut = {_limit(block): block for block in blocks if block.cap}
    # Whose limit the whole day reaches needs to know of no other one.
    whole = [block for limit, block in cut.items() if limit[0] == "stay" or limit[1] == amount]
    return Days(unit, day, day, 1, amount, blocks, tuple(whole[:1] or cut.values()))
