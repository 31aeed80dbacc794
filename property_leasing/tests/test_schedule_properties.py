"""What holds for every schedule, whatever the lease: sought by Hypothesis, walked day by day."""

import calendar
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools.schedule import Rate, Step, Terms, amend, price_on, rent_between, schedule
from .schedule_oracle import Oracle

ONE = timedelta(days=1)
ALIKE = ("date_from", "date_to", "due_date", "amount")
#: Days on which calendars go wrong: ends of months, of years and of February.
EDGES = [date(2024, 1, 31), date(2024, 2, 29), date(2026, 8, 31), date(2027, 12, 31)]
STARTS = st.sampled_from(EDGES) | st.dates(date(2023, 1, 1), date(2028, 12, 31))
PRICES = st.decimals("0.01", "20000", places=2)
AREAS = st.decimals("1", "900", places=2)


def settled(count):
    return settings(max_examples=count, deadline=None, derandomize=True)


@st.composite
def leases(draw, **fixed):
    """Draw the terms of a lease."""
    start = draw(STARTS)
    end = start + ONE * draw(st.integers(1, 1100))
    days = st.dates(start, end)
    rates = [Rate(start, draw(PRICES), draw(AREAS))]
    if draw(st.booleans()):
        rates.append(Rate(draw(days), draw(PRICES), draw(AREAS)))
    kinds = st.sampled_from(("percent", "percent_of_base", "amount"))
    changes = PRICES | PRICES.map(lambda price: -price)
    steps = {day: Step(day, draw(kinds), draw(changes)) for day in draw(st.lists(days, max_size=3))}
    free = [
        (first, first + ONE * draw(st.integers(0, 90)))
        for first in draw(st.lists(days, max_size=2))
    ]
    facts = {
        "pricing": draw(st.sampled_from(("m2_day", "m2_month", "month"))),
        "convention": draw(st.sampled_from(("calendar_days", "days_365"))),
        "steps": tuple(steps.values()),
        "rent_free": tuple(free),
        "months": draw(st.sampled_from((1, 2, 3, 6, 12))),
        "timing": draw(st.sampled_from(("advance", "arrears"))),
        "anchor": draw(st.sampled_from((None, start))),
        "due_days": draw(st.integers(0, 20)),
    }
    return Terms(start, end, tuple(rates), **{**facts, **fixed})


def total(instalments):
    return sum((one.amount for one in instalments), Decimal(0))


@tagged("post_install", "-at_install")
class TestScheduleProperties(BaseCase):
    @settled(50)
    @given(leases())
    def test_a_schedule_is_what_walking_its_days_gives(self, terms):
        found = [tuple(getattr(one, name) for name in ALIKE) for one in schedule(terms)]
        self.assertEqual(found, Oracle(terms).instalments())

    @settled(50)
    @given(leases(), st.data())
    def test_the_instalments_of_any_partition_sum_to_the_whole(self, terms, data):
        cuts = data.draw(st.lists(st.dates(terms.start, terms.end), max_size=8))
        starts = sorted({terms.start, *cuts})
        ends = [day - ONE for day in starts[1:]] + [terms.end]
        parts = [rent_between(terms, *span) for span in zip(starts, ends, strict=True)]
        whole = rent_between(terms, terms.start, terms.end)
        self.assertEqual(sum(parts), whole)
        self.assertEqual(total(schedule(replace(terms, cuts=tuple(cuts)))), whole)

    @settled(50)
    @given(leases(), st.data())
    def test_a_rent_free_day_costs_nothing_and_changes_no_day_before_it(self, terms, data):
        first = data.draw(st.dates(terms.start, terms.end))
        last = data.draw(st.dates(first, terms.end))
        free = replace(terms, rent_free=(*terms.rent_free, (first, last)))
        self.assertEqual(rent_between(free, first, last), 0)
        self.assertEqual(
            rent_between(free, terms.start, first - ONE),
            rent_between(terms, terms.start, first - ONE),
        )

    @settled(50)
    @given(leases(steps=()), st.data())
    def test_a_step_starts_on_its_day(self, terms, data):
        day = data.draw(st.dates(terms.start + ONE, terms.end))
        stepped = replace(terms, steps=(Step(day, "amount", Decimal(7)),))
        before = price_on(terms, day - ONE), price_on(stepped, day - ONE)
        self.assertEqual(*before)
        rate, price = price_on(terms, day)
        # a rate from the same day contains the step
        more = 0 if rate.day == day else 7
        self.assertEqual(price_on(stepped, day)[1], price + more)

    @settled(50)
    @given(leases(), st.data())
    def test_an_amendment_never_changes_a_past_instalment(self, terms, data):
        old = schedule(terms)
        count = data.draw(st.integers(0, len(old)))
        billed_to = old[count - 1].date_to if count else terms.start - ONE
        rate = Rate(data.draw(st.dates(terms.start, terms.end)), data.draw(PRICES), Decimal(9))
        end = data.draw(st.dates(terms.start + ONE, terms.end + ONE * 400))
        new = replace(terms, rates=(*terms.rates, rate), end=end)
        result = amend(old, new, billed_to)
        self.assertEqual(result.kept, old[:count])
        self.assertTrue(all(one.date_from > billed_to for one in result.future))
        self.assertEqual(
            total(result.kept) + sum(result.differences) + total(result.future),
            rent_between(new, new.start, new.end),
        )

    @settled(40)
    @given(leases(pricing="month", steps=(), rent_free=(), months=1), st.sampled_from(EDGES))
    def test_every_whole_month_from_a_months_end_costs_the_months_rent(self, terms, start):
        terms = Terms(
            start,
            start + (terms.end - terms.start),
            (Rate(start, terms.rates[0].price),),
            anchor=start,
        )
        for one in schedule(terms)[:-1]:
            self.assertEqual(one.amount, terms.rates[0].price)
            length = calendar.monthrange(one.date_from.year, one.date_from.month)[1]
            self.assertEqual(one.date_from.day, min(start.day, length))

    @settled(40)
    @given(leases(anchor=None, months=3))
    def test_calendar_quarters_begin_with_a_quarter_over_the_end_of_a_year_too(self, terms):
        found = schedule(terms)
        for one in found[1:]:
            self.assertEqual((one.date_from.day, one.date_from.month % 3), (1, 1))
        for one, following in pairwise(found):
            self.assertEqual(one.date_to + ONE, following.date_from)
            self.assertEqual(one.date_to.year, one.date_from.year)
