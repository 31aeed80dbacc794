"""The arithmetic of turnover rent, against a walk over the days and by hand."""

import doctest
import os
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import tagged
from odoo.tests.common import BaseCase

from ..tools import turnover as kernel
from ..tools.cycles import shifted
from ..tools.turnover import ADDITION, GREATER, Month, Terms, Tier, owed, spans

LEASES = int(os.environ.get("PROPERTY_LEASES", 60))
DAY = timedelta(days=1)
START = date(2024, 1, 1)


@st.composite
def worlds(draw):
    """Terms of any kind and the turnover of every month of them."""
    start = START + timedelta(days=draw(st.integers(0, 800)))
    end = start + timedelta(days=draw(st.integers(0, 900)))
    breakpoints = draw(st.lists(st.integers(0, 400000), min_size=1, max_size=4, unique=True))
    tiers = tuple(
        Tier(Decimal(one), Decimal(draw(st.integers(1, 300))) / 10) for one in breakpoints
    )
    free = draw(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 60)), max_size=2))
    terms = Terms(
        start,
        end,
        tiers,
        mode=draw(st.sampled_from([GREATER, ADDITION])),
        months=draw(st.sampled_from([1, 3])),
        anchor=draw(st.sampled_from([None, start])),
        rent_free=tuple(
            (start + timedelta(days=at), start + timedelta(days=at + length)) for at, length in free
        ),
        is_free_counted=draw(st.booleans()),
        cap=draw(st.none() | st.integers(0, 60000).map(Decimal)),
        cuts=tuple(
            start + timedelta(days=at)
            for at in draw(st.lists(st.integers(1, 900), max_size=1, unique=True))
        ),
    )
    amounts = st.integers(0, 90_000_000).map(lambda fen: Decimal(fen) / 100)
    months = [Month(first, last, draw(amounts)) for first, last in spans(terms, 1)]
    return terms, months, Decimal(draw(st.integers(0, 9_000_000))) / 100


def month_days(day, anchor):
    """Count the days of the month a day lies in, walking to its ends."""
    if anchor is None:
        first = day.replace(day=1)
        return (shifted(first, 1) - first).days
    number = 0
    while shifted(anchor, number + 1) <= day:
        number += 1
    return (shifted(anchor, number + 1) - shifted(anchor, number)).days


def by_days(terms, months, base):
    """Work out the same by walking the days, every tier by what lies above its breakpoint."""
    turnover = covered = Fraction(0)
    for month in months:
        length = (month.date_to - month.date_from).days + 1
        day = month.date_from
        while day <= month.date_to:
            is_free = any(first <= day <= last for first, last in terms.rent_free)
            if terms.is_free_counted or not is_free:
                turnover += Fraction(month.turnover) / length
                covered += Fraction(1, month_days(day, terms.anchor))
            day += DAY
    rent, before = Fraction(0), Fraction(0)
    for tier in sorted(terms.tiers, key=lambda one: one.above):
        above = max(turnover - Fraction(tier.above) * covered, 0)
        rent += above * (Fraction(tier.percent) - before) / 100
        before = Fraction(tier.percent)
    if terms.cap is not None:
        rent = min(rent, Fraction(terms.cap) * covered)
    fen = int(rent * 100 + Fraction(1, 2))
    owed_fen = fen if terms.mode == ADDITION else max(fen - int(base * 100), 0)
    return Decimal(owed_fen) / 100


@tagged("post_install", "-at_install")
class TestTurnoverKernel(BaseCase):
    def test_examples_of_the_kernel(self):
        self.assertFalse(doctest.testmod(kernel).failed)

    @settings(max_examples=LEASES, deadline=None)
    @given(worlds())
    def test_any_span_owes_what_a_walk_over_its_days_finds(self, world):
        terms, months, base = world
        for first, last in spans(terms, 12):
            own = [one for one in months if first <= one.date_from <= last]
            self.assertEqual(owed(terms, first, last, own, base).due, by_days(terms, own, base))

    @settings(max_examples=LEASES, deadline=None)
    @given(worlds())
    def test_months_and_settlements_cover_the_term_and_nest_in_years(self, world):
        terms, _months, _base = world
        for length in (1, 3, 12):
            found = spans(terms, length)
            self.assertEqual((found[0][0], found[-1][1]), (terms.start, terms.end))
            for one, after in pairwise(found):
                self.assertEqual(one[1] + DAY, after[0])
        for first, last in spans(terms, terms.months):
            year = kernel.year_of(terms, first)
            self.assertTrue(year[0] <= first and last <= year[1])

    @settings(max_examples=LEASES, deadline=None)
    @given(worlds())
    def test_more_turnover_never_owes_less_and_a_cap_never_owes_more(self, world):
        terms, months, base = world
        first, last = terms.start, terms.end
        more = [Month(one.date_from, one.date_to, one.turnover + 1) for one in months]
        due = owed(terms, first, last, months, base).due
        self.assertGreaterEqual(owed(terms, first, last, more, base).due, due)
        uncapped = Terms(**{**terms.__dict__, "cap": None})
        self.assertLessEqual(due, owed(uncapped, first, last, months, base).due)

    def test_worked_leases(self):
        year = (date(2026, 1, 1), date(2026, 12, 31))
        may = (date(2026, 5, 1), date(2026, 5, 31))
        half = (date(2026, 5, 17), date(2026, 5, 31))
        first = (Tier(Decimal(0), Decimal(8)),)
        above = (Tier(Decimal(200000), Decimal(10)), Tier(Decimal(300000), Decimal(12)))
        for name, terms, span, sold, base, due in (
            ("pure 8 % is the greater", Terms(*year, first), may, "250000", "15000", "5000.00"),
            ("the base is the greater", Terms(*year, first), may, "150000", "15000", "0.00"),
            ("8 % in addition", Terms(*year, first, ADDITION), may, "150000", "15000", "12000.00"),
            ("below the breakpoint", Terms(*year, above, ADDITION), may, "200000", "0", "0.00"),
            ("two tiers", Terms(*year, above, ADDITION), may, "350000", "0", "16000.00"),
            (
                "half a month has half the breakpoint",
                Terms(half[0], year[1], above, ADDITION),
                half,
                "150000",
                "0",
                # 15/31 of 200,000 and of 300,000 are 96,774.19 and 145,161.29
                "5419.35",
            ),
            (
                "capped at 10,000 a month",
                Terms(*year, above, ADDITION, cap=Decimal(10000)),
                may,
                "350000",
                "0",
                "10000.00",
            ),
            (
                "rent-free days count",
                Terms(*year, first, rent_free=((may[0], date(2026, 5, 16)),)),
                may,
                "310000",
                "7000",
                "17800.00",
            ),
            (
                "rent-free days are left out",
                Terms(
                    *year, first, rent_free=((may[0], date(2026, 5, 16)),), is_free_counted=False
                ),
                may,
                "310000",
                "7000",
                "5000.00",
            ),
        ):
            with self.subTest(name):
                month = Month(*span, Decimal(sold))
                self.assertEqual(owed(terms, *span, [month], Decimal(base)).due, Decimal(due))

    def test_nothing_is_estimated_without_a_month_declared_before(self):
        later = [Month(date(2026, 3, 1), date(2026, 3, 31), Decimal(100))]
        self.assertIsNone(kernel.estimate(later, date(2026, 3, 1), date(2026, 3, 31)))
