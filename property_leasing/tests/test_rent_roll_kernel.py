"""The figures of a rent roll against sums that walk the days and the spaces one by one."""

import doctest
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import rent_roll
from ..tools.rent_roll import EMPTY, LET, OFF, Space
from .schedule_oracle import Oracle, random_terms

ONE = timedelta(days=1)
TODAY = date(2026, 9, 15)
AMOUNTS = st.decimals("0.01", "99999", places=2)


@st.composite
def spaces(draw):
    status = draw(st.sampled_from((LET, LET, EMPTY, OFF)))
    area = draw(AMOUNTS)
    if status != LET:
        return Space(area, status)
    end = TODAY + ONE * draw(st.integers(0, 3000))
    return Space(area, LET, draw(AMOUNTS), end)


def days_walked(end):
    day, count = TODAY, 0
    while day <= end:
        day, count = day + ONE, count + 1
    return count


@tagged("post_install", "-at_install")
class TestRentRollKernel(BaseCase):
    def test_documented_examples_hold(self):
        failed, attempted = doctest.testmod(rent_roll)
        self.assertEqual(failed, 0)
        self.assertGreater(attempted, 10)

    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(st.lists(spaces(), max_size=9))
    def test_totals_agree_with_spaces_counted_one_by_one(self, rows):
        found = rent_roll.totals(rows, TODAY)
        let = [row for row in rows if row.status == LET]
        empty = [row for row in rows if row.status == EMPTY]
        self.assertEqual(found.count_let + found.count_empty, len(let) + len(empty))
        self.assertEqual(found.area_let, sum(row.area for row in let))
        market = sum(row.area for row in rows if row.status != OFF)
        self.assertEqual(
            found.vacancy_area,
            Fraction(sum((row.area for row in empty), Decimal(0))) / Fraction(market)
            if market
            else None,
        )
        for name in ("area", "rent"):
            weight = sum((Fraction(getattr(row, name)) for row in let), Fraction(0))
            walked = sum(Fraction(getattr(row, name)) * days_walked(row.end) for row in let)
            wanted = walked / weight / 365 if weight else None
            self.assertEqual(getattr(found, f"wale_{name}"), wanted)

    @settings(max_examples=40, deadline=None, derandomize=True)
    @given(st.lists(spaces(), max_size=9))
    def test_wale_lies_between_the_shortest_and_the_longest_lease(self, rows):
        found = rent_roll.totals(rows, TODAY).wale_area
        years = [rent_roll.years_left(TODAY, row.end) for row in rows if row.status == LET]
        if years:
            self.assertTrue(min(years) <= found <= max(years))
        else:
            self.assertIsNone(found)

    @settings(max_examples=40, deadline=None, derandomize=True)
    @given(st.lists(spaces(), max_size=9))
    def test_the_ladder_holds_every_lease_once(self, rows):
        ladder = rent_roll.ladder(rows)
        let = [row for row in rows if row.status == LET]
        self.assertEqual(sum(number for _day, number, _area, _rent in ladder), len(let))
        self.assertEqual(sum(rent for *_rest, rent in ladder), sum(row.rent for row in let))
        for first, *_rest in ladder:
            self.assertEqual((first.day, first.month % 3), (1, 1))

    def test_the_rent_of_a_day_is_what_the_walked_days_of_its_month_cost(self):
        for number in range(60):
            terms = random_terms(number)
            if terms.is_daily:
                continue
            oracle = Oracle(terms)
            for day in (terms.start, terms.end, terms.start + (terms.end - terms.start) // 2):
                cost = oracle.day_rent(day)
                if cost:
                    self.assertEqual(
                        Fraction(rent_roll.rent_on(terms, day)[2]) / oracle.lengths[day], cost
                    )

    def test_the_next_change_is_the_first_day_of_another_rent(self):
        for number in range(60):
            terms = random_terms(number)
            day = terms.start + (terms.end - terms.start) // 3
            now = rent_roll.rent_on(terms, day)[2]
            walked = day + ONE
            while walked <= terms.end and rent_roll.rent_on(terms, walked)[2] == now:
                walked += ONE
            wanted = (walked, rent_roll.rent_on(terms, walked)[2]) if walked <= terms.end else None
            self.assertEqual(rent_roll.next_change(terms, day), wanted)

    def test_rent_free_days_end_where_a_walk_leaves_them(self):
        for number in range(60):
            terms = random_terms(number)
            for first, _last in terms.rent_free:
                day = first
                while day <= terms.end and any(a <= day <= b for a, b in terms.rent_free):
                    day += ONE
                self.assertEqual(rent_roll.free_until(terms, first), day - ONE)
