"""A second opinion on rent: every day of a lease walked by itself, with stock Python alone."""

import calendar
import random
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from itertools import pairwise

from ..tools.schedule import Rate, Step, Terms

ONE = timedelta(days=1)
EXACT = Context(prec=60)


def month_starts(anchor_day, first_year, last_year):
    """List the first days of the months of a lease."""
    return [
        date(year, month, min(anchor_day, calendar.monthrange(year, month)[1]))
        for year in range(first_year, last_year + 1)
        for month in range(1, 13)
    ]


def quantized(value, step):
    number = EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return number.quantize(Decimal(step), ROUND_HALF_UP, EXACT)


class Oracle:
    """Walks the days of a lease."""

    def __init__(self, terms):
        self.terms = terms
        anchor = terms.anchor or date(2000, 1, 1)
        first_year = min(anchor.year, terms.start.year - 1)
        starts = month_starts(anchor.day, first_year, max(anchor.year, terms.end.year + 1))
        self.lengths, self.index = {}, {}
        offset = starts.index(anchor)
        for number, (first, following) in enumerate(pairwise(starts)):
            if following <= terms.start or first > terms.end:
                continue
            for shift in range((following - first).days):
                day = first + ONE * shift
                self.lengths[day] = (following - first).days
                self.index[day] = (number - offset) // terms.months

    def price(self, day):
        rate = [one for one in sorted(self.terms.rates, key=lambda r: r.day) if one.day <= day][-1]
        price = Fraction(rate.price)
        steps = sorted(self.terms.steps, key=lambda one: one.day)
        for step in steps:
            if step.day <= rate.day or step.day > day:
                continue
            more = {
                "percent": price * Fraction(step.value) / 100,
                "percent_of_base": Fraction(rate.price) * Fraction(step.value) / 100,
                "amount": Fraction(step.value),
            }[step.kind]
            price = max(Fraction(quantized(price + more, "0.0001")), Fraction(0))
        return price, Fraction(rate.area)

    def day_rent(self, day):
        terms = self.terms
        if any(first <= day <= last for first, last in terms.rent_free):
            return Fraction(0)
        price, area = self.price(day)
        if terms.pricing == "m2_day" and terms.convention == "calendar_days":
            return price * area
        month = {
            "month": price,
            "m2_month": price * area,
            "m2_day": price * area * 365 / 12,
        }[terms.pricing]
        return Fraction(quantized(month, "0.01")) / self.lengths[day]

    def instalments(self):
        """Return list of (first day, last day, due day, amount)."""
        terms, rows = self.terms, []
        day, total, told = terms.start, Fraction(0), Decimal(0)
        while day <= terms.end:
            first = day
            while day <= terms.end and self.index[day] == self.index[first]:
                total += self.day_rent(day)
                day += ONE
            whole = quantized(total, "0.01")
            last = day - ONE
            due = (
                max(first - ONE * terms.due_days, terms.start)
                if terms.timing == "advance"
                else last + ONE * terms.due_days
            )
            rows.append((first, last, due, whole - told))
            told = whole
        return rows


def random_terms(number):
    """Invent a lease; the same number invents the same one."""
    rng = random.Random(f"lease {number}")  # noqa: S311  invented terms
    start = date(2023, 1, 1) + ONE * rng.randrange(1500)
    if rng.random() < 0.2:
        start = rng.choice((date(2024, 1, 31), date(2024, 2, 29), date(2025, 8, 31)))
    end = start + ONE * rng.choice((20, 364, rng.randrange(30, 800), rng.randrange(300, 1500)))
    span = (end - start).days

    def some_day():
        return start + ONE * rng.randrange(span + 1)

    def money(low, high, places):
        return Decimal(rng.randrange(low, high)).scaleb(-places)

    pricing = rng.choice(("m2_day", "m2_day", "m2_month", "month"))
    low, high, places = {
        "m2_day": (8000, 250000, 4),
        "m2_month": (2000, 60000, 2),
        "month": (10000, 9000000, 2),
    }[pricing]
    rates = [Rate(start, money(low, high, places), money(1000, 90000, 2))]
    if rng.random() < 0.3:
        rates.append(Rate(some_day(), money(low, high, places), money(1000, 90000, 2)))
    steps = {
        day: Step(
            day,
            rng.choice(("percent", "percent_of_base", "amount")),
            money(1, 1200, 2) * rng.choice((1, 1, -1)),
        )
        for day in (some_day() for _ in range(rng.randrange(4)))
    }
    free = []
    for _ in range(rng.choice((0, 0, 1, 2))):
        first = rng.choice((start, some_day()))
        free.append((first, first + ONE * rng.randrange(100)))
    return Terms(
        start,
        end,
        tuple(rates),
        pricing,
        rng.choice(("calendar_days", "days_365")),
        tuple(steps.values()),
        tuple(free),
        rng.choice((1, 2, 3, 6, 12)),
        rng.choice(("advance", "arrears")),
        rng.choice((None, start, start, some_day())),
        rng.randrange(20),
    )
