"""The figures of a rent roll (租金清单) on a day. Pure: no Odoo import.

**A month's rent** of a price per m² and day is price × area × 365 ÷ 12, whatever the lease counts,
so that leases of every kind compare; per m² and day is a month's rent × 12 ÷ 365 ÷ area. Rent-free
days do not change the rent a space is let at.

**Years left** count the day itself and the last day of the lease, ÷ 365.

**WALE** (加权平均剩余租期): Σ weight × years left ÷ Σ weight of what is let, weighed by area or by
rent. **Vacancy**: what stands empty ÷ what is on the market, by area or by number; a reserved space
stands empty, a space off the market counts on neither side.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from .schedule import month_rent, price_on

YEAR_DAYS = 365
MONTHS = 12
DAY = timedelta(days=1)
LET, EMPTY, OFF = "let", "empty", "off"


@dataclass(frozen=True)
class Space:
    """A space on a day: ``status`` LET, EMPTY or OFF; ``rent`` of a month; ``end``: last day."""

    area: Decimal
    status: str = EMPTY
    rent: Decimal = Decimal(0)
    end: date | None = None


@dataclass(frozen=True)
class Totals:
    """Sums of a rent roll; a quotient without a divisor is None."""

    count: int
    count_let: int
    count_empty: int
    area: Decimal
    area_let: Decimal
    area_empty: Decimal
    rent: Decimal
    vacancy_area: Fraction | None
    vacancy_count: Fraction | None
    wale_area: Fraction | None
    wale_rent: Fraction | None
    rent_m2_month: Fraction | None
    rent_m2_day: Fraction | None


def years_left(day, end):
    """Return the years from a day to the last day of a lease, both counted.

    >>> years_left(date(2026, 1, 1), date(2026, 12, 31)), years_left(date(2026, 1, 2), None)
    (Fraction(1, 1), Fraction(0, 1))
    """
    return Fraction(max((end - day).days + 1, 0), YEAR_DAYS) if end else Fraction(0)


def rent_on(terms, day):
    """Return what a space is let at on a day.

    :param terms: tools.schedule.Terms
    :return: (price after the steps, area, rent of a month)

    >>> from .schedule import Rate, Terms
    >>> start, end = date(2026, 1, 1), date(2026, 12, 31)
    >>> shop = Terms(start, end, (Rate(start, Decimal("3.2"), Decimal("120.5")),), "m2_day")
    >>> rent_on(shop, date(2026, 2, 28))
    (Decimal('3.2'), Decimal('120.5'), Decimal('11728.67'))
    """
    rate, price = price_on(terms, day)
    return price, rate.area, month_rent(terms, price, rate.area)


def next_change(terms, day):
    """Return the next day with another rent and that rent of a month; None if there is none.

    >>> from .schedule import Rate, Terms, ladder
    >>> start, end = date(2026, 1, 1), date(2027, 12, 31)
    >>> shop = Terms(start, end, (Rate(start, Decimal(1000)),),
    ...              steps=ladder(start, end, 12, "percent", Decimal(5)))
    >>> next_change(shop, date(2026, 6, 1))
    (datetime.date(2027, 1, 1), Decimal('1050.00'))
    >>> next_change(shop, date(2027, 1, 1))
    """
    now = rent_on(terms, max(day, terms.start))[2]
    for other in sorted({one.day for one in (*terms.steps, *terms.rates)}):
        if max(day, terms.start) < other <= terms.end:
            rent = rent_on(terms, other)[2]
            if rent != now:
                return other, rent
    return None


def free_until(terms, day):
    """Return the last of the rent-free days a day lies in; None when it costs rent.

    >>> from .schedule import Terms
    >>> spans = ((date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 9)))
    >>> free_until(Terms(date(2026, 1, 1), date(2026, 12, 31), (), rent_free=spans),
    ...            date(2026, 1, 5))
    datetime.date(2026, 2, 9)
    """
    last = None
    for first, end in sorted(terms.rent_free):
        if first <= day <= end:
            last, day = end, end + DAY
    return min(last, terms.end) if last else None


def quotient(above, below):
    """Divide exactly; None without a divisor.

    >>> quotient(Decimal("1.5"), Decimal(3)), quotient(1, 0)
    (Fraction(1, 2), None)
    """
    return Fraction(above) / Fraction(below) if below else None


def totals(spaces, day):
    """Add a rent roll up.

    :param spaces: list of Space
    :return: Totals

    >>> end = date(2027, 12, 31)
    >>> found = totals([Space(Decimal(30), LET, Decimal(900), end), Space(Decimal(10)),
    ...                 Space(Decimal(99), OFF)], date(2027, 1, 1))
    >>> found.vacancy_area, found.vacancy_count, found.wale_rent, found.rent_m2_month
    (Fraction(1, 4), Fraction(1, 2), Fraction(1, 1), Fraction(30, 1))
    """
    let = [one for one in spaces if one.status == LET]
    empty = [one for one in spaces if one.status == EMPTY]
    area_let = sum((one.area for one in let), Decimal(0))
    area_empty = sum((one.area for one in empty), Decimal(0))
    rent = sum((one.rent for one in let), Decimal(0))
    per_month = quotient(rent, area_let)
    return Totals(
        count=len(spaces),
        count_let=len(let),
        count_empty=len(empty),
        area=sum((one.area for one in spaces), Decimal(0)),
        area_let=area_let,
        area_empty=area_empty,
        rent=rent,
        vacancy_area=quotient(area_empty, area_let + area_empty),
        vacancy_count=quotient(len(empty), len(let) + len(empty)),
        wale_area=_wale(let, day, "area"),
        wale_rent=_wale(let, day, "rent"),
        rent_m2_month=per_month,
        rent_m2_day=None if per_month is None else per_month * MONTHS / YEAR_DAYS,
    )


def _wale(let, day, weight):
    weights = [(Fraction(getattr(one, weight)), years_left(day, one.end)) for one in let]
    above = sum((one * years for one, years in weights), Fraction(0))
    return quotient(above, sum((one for one, _years in weights), Fraction(0)))


def ladder(spaces):
    """List what expires by calendar quarter, in order.

    :param spaces: list of Space; only those let count
    :return: list of (first day of the quarter, number, area, rent of a month)

    >>> ladder([Space(Decimal(30), LET, Decimal(900), date(2027, 12, 31)),
    ...         Space(Decimal(20), LET, Decimal(500), date(2027, 10, 1)), Space(Decimal(10))])
    [(datetime.date(2027, 10, 1), 2, Decimal('50'), Decimal('1400'))]
    """
    found = {}
    for one in spaces:
        if one.status == LET and one.end:
            quarter = date(one.end.year, (one.end.month - 1) // 3 * 3 + 1, 1)
            number, area, rent = found.get(quarter, (0, Decimal(0), Decimal(0)))
            found[quarter] = (number + 1, area + one.area, rent + one.rent)
    return [(quarter, *found[quarter]) for quarter in sorted(found)]
