"""From declared turnover to turnover rent (营业额租金). Pure: no Odoo import.

What a contract rarely spells out is settled here, once:

**Months.** Turnover is declared by months, and settled by months or quarters: those of the
calendar, or those of the lease. The outer ones are cut to the term, and at another tenant's day.

**Percentage rent.** A tier takes its per cent of the turnover between its breakpoint and the next
higher one. Breakpoints and the cap are stated for a month; a span counts its covered months (the
covered days of each ÷ its days), so that a part of a month has a part of the breakpoint.

**What is owed.** *In addition*: the percentage rent. *The greater of*: what the percentage rent is
more than the base rent of the same days, so that base and turnover rent make the greater of both.

**Rent-free days** count like others, or are *left out*: then their part of the month's turnover,
by days, and their part of breakpoints and cap do not count.

**True-up.** The last settlement of a turnover year asks for what the year as a whole owes less
what was settled before, and may be negative. Rounded once a settlement, halves up: the settlements
of a year sum to the year, to the fen.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .cycles import CALENDAR, DAY, cycle, cycles, days
from .schedule import rounded

GREATER, ADDITION = "greater", "addition"


@dataclass(frozen=True)
class Tier:
    """Per cent of the turnover above a breakpoint a month."""

    above: Decimal
    percent: Decimal


@dataclass(frozen=True)
class Terms:
    """What a lease says about turnover rent.

    ``months``: of a settlement; ``anchor``: first day of a month, quarter and year of the lease,
    None for those of the calendar; ``cuts``: days on which another tenant begins; ``cap``: highest
    percentage rent a month, None for none.
    """

    start: date
    end: date
    tiers: tuple[Tier, ...]
    mode: str = GREATER
    months: int = 1
    anchor: date | None = None
    rent_free: tuple[tuple[date, date], ...] = ()
    is_free_counted: bool = True
    cap: Decimal | None = None
    is_trued_up: bool = True
    cuts: tuple[date, ...] = ()


@dataclass(frozen=True)
class Month:
    """The turnover of a month, or of the part of it that the term covers."""

    date_from: date
    date_to: date
    turnover: Decimal


@dataclass(frozen=True)
class Slice:
    """What one tier takes: ``amount`` exact."""

    above: Fraction
    percent: Decimal
    turnover: Fraction
    amount: Fraction


@dataclass(frozen=True)
class Result:
    """What a span owes. ``turnover`` and ``months`` are those that count."""

    date_from: date
    date_to: date
    turnover: Fraction
    months: Fraction
    slices: tuple[Slice, ...]
    percentage: Decimal
    is_capped: bool
    base: Decimal
    due: Decimal


def spans(terms, length):
    """List the months, settlements or years of the term.

    :param length: months of each
    :return: list of (first day, last day)

    >>> terms = Terms(date(2026, 3, 15), date(2026, 7, 31), ())
    >>> [(str(a), str(b)) for a, b in spans(terms, 3)]
    [('2026-03-15', '2026-03-31'), ('2026-04-01', '2026-06-30'), ('2026-07-01', '2026-07-31')]
    """
    starts = sorted({terms.start, *(day for day in terms.cuts if terms.start < day <= terms.end)})
    ends = [day - DAY for day in starts[1:]] + [terms.end]
    found = []
    for start, end in zip(starts, ends, strict=True):
        found += cycles(start, end, terms.anchor or CALENDAR, length)
    return found


def year_of(terms, day):
    """Return the turnover year that a day of the term lies in: (first day, last day)."""
    return next(span for span in spans(terms, 12) if span[0] <= day <= span[1])


def owed(terms, first, last, declared, base):
    """Work out what the days of a span owe.

    :param declared: Month of every month of the span
    :param base: Decimal, the base rent of the same days
    :return: Result

    >>> terms = Terms(date(2026, 1, 1), date(2026, 12, 31),
    ...               (Tier(Decimal(0), Decimal(8)), Tier(Decimal(200000), Decimal(10))))
    >>> one = Month(date(2026, 5, 1), date(2026, 5, 31), Decimal(260000))
    >>> result = owed(terms, one.date_from, one.date_to, [one], Decimal(15000))
    >>> str(result.percentage), str(result.due)
    ('22000.00', '7000.00')
    """
    turnover = months = Fraction(0)
    for one in declared:
        share = _counted(terms, one.date_from, one.date_to)
        turnover += Fraction(one.turnover) * share / days(one.date_from, one.date_to)
        whole = cycle(one.date_from, terms.anchor or CALENDAR, 1)
        months += Fraction(share, days(*whole))
    slices = _slices(terms, turnover, months)
    exact = sum((one.amount for one in slices), Fraction(0))
    is_capped = terms.cap is not None and exact > Fraction(terms.cap) * months
    percentage = rounded(Fraction(terms.cap) * months if is_capped else exact)
    due = percentage if terms.mode == ADDITION else max(percentage - base, Decimal(0))
    return Result(first, last, turnover, months, slices, percentage, is_capped, base, due)


def estimate(declared, first, last, most=3):
    """Estimate the turnover of days from the daily mean of the latest declared months.

    :param declared: Month, the estimated ones left out
    :param most: so many months are looked at
    :return: Decimal, or None when nothing was declared before

    >>> months = [Month(date(2026, 1, 1), date(2026, 1, 31), Decimal(31000)),
    ...           Month(date(2026, 2, 1), date(2026, 2, 28), Decimal(56000))]
    >>> estimate(months, date(2026, 3, 1), date(2026, 3, 31))
    Decimal('45711.86')
    """
    known = sorted((one for one in declared if one.date_to < first), key=lambda one: one.date_from)
    known = known[-most:]
    if not known:
        return None
    count = sum(days(one.date_from, one.date_to) for one in known)
    mean = sum((Fraction(one.turnover) for one in known), Fraction(0)) / count
    return rounded(mean * days(first, last))


def _counted(terms, first, last):
    """Count the days of a span that count: all, or those that are not rent-free."""
    if terms.is_free_counted:
        return days(first, last)
    free = set()
    for start, end in terms.rent_free:
        start, end = max(start, first), min(end, last)
        free.update(range(start.toordinal(), end.toordinal() + 1))
    return days(first, last) - len(free)


def _slices(terms, turnover, months):
    """Cut a turnover at the breakpoints."""
    tiers = sorted(terms.tiers, key=lambda one: one.above)
    slices = []
    for index, tier in enumerate(tiers):
        low = Fraction(tier.above) * months
        part = turnover - low
        if index + 1 < len(tiers):
            part = min(part, Fraction(tiers[index + 1].above) * months - low)
        if part > 0:
            slices.append(Slice(low, tier.percent, part, part * Fraction(tier.percent) / 100))
    return tuple(slices)
