"""From the terms of a lease to its instalments. Pure: no Odoo import.

What a contract rarely spells out is settled here, once:

**A day's rent.** Priced per m² and day and counted by *calendar days*, a day costs price × area.
Otherwise the month has a rent, rounded to the fen as the contract states it, and a day costs that
rent ÷ the days of its month: per month; per m² and month × area; or, counted as *365/12*, per m²
and day × area × 365 ÷ 12. Months are those of the calendar, or those of the lease when instalments
follow the anniversary, so a whole month always costs the month's rent.

**Rounding.** A span costs the rounded sum of all days up to its end less the rounded sum of all
days before it. The instalments of any partition of the term therefore add up to the whole, to the
fen, and a span without rent costs nothing.

**Rates and steps.** A rate says price and area from a day on; the first holds from the start, a
later one comes from an amendment. A step raises the price on its day: by a per cent of the price
in force (compounding), by a per cent of the price of the rate (simple), or by an amount. Prices
are rounded half up to four decimals after every step, so that the printed price times the days is
the printed amount. Steps that lower the price end at nothing: no tenant is ever owed rent. Steps on
or before the day of a later rate are contained in it.

**Rent-free days** cost nothing, wherever they lie; steps and cycles go on through them.

**Due.** In advance: so many days before the first day of the instalment, but not before the term
begins. In arrears: so many days after the last day.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from .cycles import CALENDAR, DAY, cycle, cycles, days, shifted

FEN = Decimal("0.01")
PRICE_STEP = Decimal("0.0001")
#: Steps that would raise a price beyond it are a slip of the pen.
MOST_PRICE = Decimal(10) ** 12
BY_AREA = ("m2_day", "m2_month")


@dataclass(frozen=True)
class Rate:
    """Price and area from a day on."""

    day: date
    price: Decimal
    area: Decimal = Decimal(1)


@dataclass(frozen=True)
class Step:
    """A change of the price on a day: kind "percent", "percent_of_base" or "amount"."""

    day: date
    kind: str
    value: Decimal


@dataclass(frozen=True)
class Terms:
    """What a lease says about the rent of one space.

    ``pricing``: "m2_day", "m2_month" or "month"; ``convention``: "calendar_days" or "days_365"
    (of prices per day); ``months``: of an instalment; ``timing``: "advance" or "arrears";
    ``anchor``: a day on which a month and a cycle of the lease begin, None for the calendar;
    ``cuts``: days on which a new instalment begins whatever the cycle, such as another tenant's.
    """

    start: date
    end: date
    rates: tuple[Rate, ...]
    pricing: str = "month"
    convention: str = "calendar_days"
    steps: tuple[Step, ...] = ()
    rent_free: tuple[tuple[date, date], ...] = ()
    months: int = 1
    timing: str = "advance"
    anchor: date | None = None
    due_days: int = 0
    cuts: tuple[date, ...] = ()

    @property
    def is_daily(self):
        """Tell whether a day has a price of its own."""
        return self.pricing == "m2_day" and self.convention == "calendar_days"


@dataclass(frozen=True)
class Part:
    """Neighbouring days of an instalment with one price.

    ``months``: of the month's rent, None where days are counted; ``rent``: of a day or a month,
    area included, zero on rent-free days.
    """

    date_from: date
    date_to: date
    price: Decimal
    area: Decimal
    rent: Decimal
    months: Fraction | None
    amount: Decimal
    is_free: bool = False


@dataclass(frozen=True)
class Instalment:
    """What is owed for a span of days, and when."""

    date_from: date
    date_to: date
    due_date: date
    parts: tuple[Part, ...]

    @property
    def amount(self):
        """Return the sum of the parts."""
        return sum((part.amount for part in self.parts), Decimal(0))


@dataclass(frozen=True)
class Amendment:
    """What other terms do to a schedule of which a part is billed.

    ``differences``: for every instalment kept, what its days cost by the new terms less what was
    billed for them.
    """

    kept: tuple[Instalment, ...]
    future: tuple[Instalment, ...]
    differences: tuple[Decimal, ...]


def ladder(start, end, months, kind, value):
    """List the steps every so many months after the start, within the term.

    >>> [str(step.day) for step in ladder(
    ...     date(2024, 2, 29), date(2027, 2, 27), 12, "percent", Decimal(5))]
    ['2025-02-28', '2026-02-28']
    """
    steps, count = [], 1
    while (day := shifted(start, months * count)) <= end:
        steps.append(Step(day, kind, value))
        count += 1
    return tuple(steps)


def price_on(terms, day):
    """Return the rate in force on a day and its price after the steps.

    >>> terms = Terms(date(2026, 1, 1), date(2028, 12, 31), (Rate(date(2026, 1, 1), Decimal(10)),),
    ...               steps=ladder(date(2026, 1, 1), date(2028, 12, 31), 12, "percent", Decimal(5)))
    >>> [price_on(terms, date(year, 1, 1))[1] for year in (2026, 2027, 2028)]
    [Decimal('10'), Decimal('10.5000'), Decimal('11.0250')]
    """
    # of two rates from one day the later one in the list: an amendment of the first day
    rate = max((one for one in reversed(terms.rates) if one.day <= day), key=lambda one: one.day)
    price = rate.price
    for step in sorted(terms.steps, key=lambda one: one.day):
        if rate.day < step.day <= day:
            price = _stepped(price, rate.price, step)
    return rate, price


def _stepped(price, base, step):
    if step.kind == "percent":
        price += price * step.value / 100
    elif step.kind == "percent_of_base":
        price += base * step.value / 100
    elif step.kind == "amount":
        price += step.value
    else:
        raise ValueError(f"unknown step {step.kind!r}")
    return min(max(price.quantize(PRICE_STEP, ROUND_HALF_UP), Decimal(0)), MOST_PRICE)


def runs_out(terms):
    """Tell whether steps bring a price down to nothing within the term.

    >>> terms = Terms(date(2026, 1, 1), date(2026, 12, 31), (Rate(date(2026, 1, 1), Decimal(10)),),
    ...               steps=(Step(date(2026, 7, 1), "amount", Decimal(-10)),))
    >>> runs_out(terms)
    True
    """
    return any(price == 0 < rate.price for rate, price in _stepped_prices(terms))


def runs_away(terms):
    """Tell whether steps raise a price beyond all measure within the term.

    >>> start, end = date(2026, 1, 1), date(2035, 12, 31)
    >>> runs_away(Terms(start, end, (Rate(start, Decimal(10)),),
    ...                 steps=ladder(start, end, 1, "percent", Decimal(1000))))
    True
    """
    return any(price == MOST_PRICE for _rate, price in _stepped_prices(terms))


def _stepped_prices(terms):
    steps = (step.day for step in terms.steps if terms.start <= step.day <= terms.end)
    return (price_on(terms, day) for day in steps)


def month_rent(terms, price, area):
    """Return the rent of a whole month, rounded to the fen.

    >>> office = Terms(date(2026, 1, 1), date(2026, 12, 31), (), "m2_day", "days_365")
    >>> month_rent(office, Decimal("3.2"), Decimal("120.5"))
    Decimal('11728.67')
    """
    if terms.pricing == "m2_day":
        return rounded(Fraction(price) * Fraction(area) * 365 / 12)
    return rounded(Fraction(price) * Fraction(area if terms.pricing in BY_AREA else 1))


def rounded(value):
    """Round an exact amount to the fen, halves up.

    >>> rounded(Fraction(1, 3)), rounded(Fraction(201, 200))
    (Decimal('0.33'), Decimal('1.01'))
    """
    return FEN * int(Fraction(value) * 100 + Fraction(1, 2))


def schedule(terms, since=None):
    """Derive the instalments of a lease.

    :param since: first day to list; the first instalment is cut to it
    :return: tuple of Instalment, in order; without a gap, also over rent-free days

    >>> terms = Terms(date(2026, 3, 16), date(2026, 6, 30), (Rate(date(2026, 3, 16),
    ...               Decimal(9300)),), rent_free=((date(2026, 3, 16), date(2026, 4, 15)),))
    >>> [(str(one.date_from), str(one.amount)) for one in schedule(terms)]
    [('2026-03-16', '0.00'), ('2026-04-01', '4650.00'), ('2026-05-01', '9300.00'), \
('2026-06-01', '9300.00')]
    """
    first = max(since or terms.start, terms.start)
    segments = _segments(terms)
    before = sum(
        (_cost(terms, segment) for segment in _clipped(segments, terms.start, first - DAY)),
        Fraction(0),
    )
    result = []
    for start, end in _periods(terms, first):
        parts = []
        for segment in _clipped(segments, start, end):
            after = before + _cost(terms, segment)
            parts.append(_part(terms, segment, rounded(after) - rounded(before)))
            before = after
        result.append(Instalment(start, end, _due(terms, start, end), tuple(parts)))
    return tuple(result)


def rent_between(terms, first, last):
    """Return what the days of a span cost: the sum of any instalments that make it up.

    :param last: a day before the first stands for no days
    :return: Decimal
    """
    if last < first:
        return Decimal(0)
    segments = _segments(terms)
    sums = [
        sum((_cost(terms, one) for one in _clipped(segments, terms.start, end)), Fraction(0))
        for end in (first - DAY, last)
    ]
    return rounded(sums[1]) - rounded(sums[0])


def amend(old, terms, billed_to):
    """Derive the future of a schedule anew; what was billed stays as it is.

    :param old: instalments in order, of which ``date_from``, ``date_to`` and ``amount`` are read
    :param terms: the new terms, from the start of the lease
    :param billed_to: last day of the last billed instalment; a day before the start for none
    :return: Amendment
    """
    kept = tuple(one for one in old if one.date_to <= billed_to)
    differences = tuple(
        rent_between(terms, one.date_from, min(one.date_to, terms.end)) - one.amount for one in kept
    )
    return Amendment(kept, schedule(terms, billed_to + DAY), differences)


def _periods(terms, first):
    """List the days of the instalments: cycles, cut where a new one must begin."""
    starts = sorted({first, *(day for day in terms.cuts if first < day <= terms.end)})
    ends = [day - DAY for day in starts[1:]] + [terms.end]
    for start, end in zip(starts, ends, strict=True):
        yield from cycles(start, end, terms.anchor or CALENDAR, terms.months)


def _due(terms, first, last):
    if terms.timing == "advance":
        return max(first - timedelta(days=terms.due_days), terms.start)
    return last + timedelta(days=terms.due_days)


def _segments(terms):
    """Cut the term into days of one price: list of (first, last, rate, price, is free)."""
    starts = {terms.start}
    starts.update(one.day for one in (*terms.rates, *terms.steps))
    for first, last in terms.rent_free:
        starts.update((first, last + DAY))
    starts = sorted(day for day in starts if terms.start <= day <= terms.end)
    ends = [day - DAY for day in starts[1:]] + [terms.end]
    return [
        (first, last, *price_on(terms, first), _is_free(terms, first))
        for first, last in zip(starts, ends, strict=True)
    ]


def _is_free(terms, day):
    return any(first <= day <= last for first, last in terms.rent_free)


def _clipped(segments, first, last):
    for start, end, *facts in segments:
        if start <= last and end >= first:
            yield max(start, first), min(end, last), *facts


def _cost(terms, segment):
    """Return the exact cost of days of one price."""
    first, last, rate, price, is_free = segment
    if is_free:
        return Fraction(0)
    if terms.is_daily:
        return Fraction(price) * Fraction(rate.area) * days(first, last)
    return Fraction(month_rent(terms, price, rate.area)) * covered_months(terms, first, last)


def covered_months(terms, first, last):
    """Count the months of a span: the covered days of each ÷ its days.

    >>> terms = Terms(date(2026, 1, 15), date(2026, 12, 31), ())
    >>> covered_months(terms, date(2026, 1, 15), date(2026, 2, 28))
    Fraction(48, 31)
    """
    anchor = terms.anchor or CALENDAR
    return sum(
        (
            Fraction(days(start, end), days(*cycle(start, anchor, 1)))
            for start, end in cycles(first, last, anchor, 1)
        ),
        Fraction(0),
    )


def _part(terms, segment, amount):
    first, last, rate, price, is_free = segment
    months = None if terms.is_daily else covered_months(terms, first, last)
    rent = Decimal(0)
    if not is_free:
        rent = price * rate.area if terms.is_daily else month_rent(terms, price, rate.area)
    return Part(first, last, price, rate.area, rent, months, amount, is_free)
