"""A second opinion on base and turnover rent: clauses read day by day, with stock Python alone.

What a lawyer would do with the contract, the till reports and a calendar: no kernel is imported.
"""

import calendar
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

ONE = timedelta(days=1)


def fen(value):
    """Round an exact amount to the fen, halves up."""
    value = Fraction(value)
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(
        Decimal("0.01"), ROUND_HALF_UP
    )


def month_later(day, count):
    """Return the same day so many months later, or the last one of a shorter month."""
    index = day.year * 12 + day.month - 1 + count
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@dataclass
class Clauses:
    """What was agreed; amendments change it as the parties did."""

    start: date
    end: date
    prices: list  # (from, rent of a month)
    is_anniversary: bool = False  # months of the base rent begin on the day of the lease
    anchor: date | None = None  # that day, of a space taken later
    percent_steps: list = field(default_factory=list)  # (day, per cent on the price)
    free: list = field(default_factory=list)  # (first, last)
    tiers: list = field(default_factory=list)  # (above a month, per cent)
    is_greater: bool = True
    cap: Decimal | None = None
    months: int = 1
    is_lease_year: bool = False
    is_free_counted: bool = True
    is_trued_up: bool = True
    passes: list = field(default_factory=list)  # days on which another tenant begins

    # Calendar ---------------------------------------------------------------------------------

    def month_number(self, day, is_own):
        """Count the months from the start, or those of the calendar."""
        if not is_own:
            return day.year * 12 + day.month - 1
        number = 0
        while month_later(self.anchor or self.start, number + 1) <= day:
            number += 1
        return number

    def month_length(self, day, is_own):
        if not is_own:
            return calendar.monthrange(day.year, day.month)[1]
        first, number = self.anchor or self.start, self.month_number(day, True)
        return (month_later(first, number + 1) - month_later(first, number)).days

    def days(self):
        day = self.start
        while day <= self.end:
            yield day
            day += ONE

    def holder(self, day):
        """Tell whose day it is: 0 for the first tenant, 1 for the next."""
        return sum(1 for one in self.passes if one <= day)

    def is_free(self, day):
        return any(first <= day <= last for first, last in self.free)

    # Base rent --------------------------------------------------------------------------------

    def month_rent(self, day):
        """Return the rent of the month: a price agreed later contains the steps before it."""
        since, price = max((one for one in self.prices if one[0] <= day), key=lambda one: one[0])
        price = Fraction(price)
        for step, percent in sorted(self.percent_steps):
            if since < step <= day:
                price = price * (100 + percent) / 100
                price = Fraction(int(price * 10000 + Fraction(1, 2)), 10000)
        return Fraction(fen(price))

    def base_until(self):
        """Return dict day -> what all days until it cost, rounded."""
        total, found = Fraction(0), {self.start - ONE: Decimal(0)}
        for day in self.days():
            if not self.is_free(day):
                total += self.month_rent(day) / self.month_length(day, self.is_anniversary)
            found[day] = fen(total)
        return found

    # Turnover rent ----------------------------------------------------------------------------

    def declared_spans(self):
        """Return what is declared: list of (first, last, holder)."""
        return self.spans(1)

    def spans(self, months):
        """Return the days of the term grouped by so many months: list of (first, last, holder)."""
        groups = defaultdict(list)
        for day in self.days():
            number = self.month_number(day, self.is_lease_year) // months
            groups[self.holder(day), number].append(day)
        return [(days[0], days[-1], holder) for (holder, _number), days in sorted(groups.items())]

    def owed(self, sold, first, last, base):
        """Return what the days of a span owe.

        :param sold: dict first day of a month -> (last day, amount)
        :param base: dict of base_until
        """
        turnover = covered = Fraction(0)
        for start, (end, amount) in sold.items():
            if start < first or end > last:
                continue
            length, day = (end - start).days + 1, start
            while day <= end:
                if self.is_free_counted or not self.is_free(day):
                    turnover += Fraction(amount) / length
                    covered += Fraction(1, self.month_length(day, self.is_lease_year))
                day += ONE
        rent = Fraction(0)
        tiers = sorted(self.tiers)
        for index, (above, percent) in enumerate(tiers):
            low = Fraction(above) * covered
            high = Fraction(tiers[index + 1][0]) * covered if index + 1 < len(tiers) else turnover
            rent += max(min(turnover, high) - low, Fraction(0)) * Fraction(percent) / 100
        if self.cap is not None:
            rent = min(rent, Fraction(self.cap) * covered)
        rent = fen(rent)
        if not self.is_greater:
            return rent
        return max(rent - (base[last] - base[first - ONE]), Decimal(0))

    def totals(self, sold):
        """Return what each tenant owes in turnover rent for his whole time: dict holder -> yuan."""
        base = self.base_until()
        found = defaultdict(Decimal)
        for first, last, holder in self.spans(12 if self.is_trued_up else self.months):
            found[holder] += self.owed(sold, first, last, base)
        return dict(found)
