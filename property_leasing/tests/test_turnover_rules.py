"""Percentages by kinds of goods and days: the kernel, against a day-by-day brute force."""

import doctest
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ..tools import turnover, turnover_forecast, turnover_rules
from ..tools.cycles import days
from ..tools.schedule import rounded
from ..tools.turnover import Month, Terms, Tier
from ..tools.turnover_rules import Declared, Rule

START, END = date(2026, 1, 1), date(2026, 12, 31)
PERCENTS = st.decimals(1, 40, places=2)
BREAKS = st.integers(0, 60000).map(Decimal)
KINDS = ("food", "toys", None)


@st.composite
def kinds(draw):
    """Percentages of one to three kinds, each of one or two tiers."""
    chosen = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3, unique=True))
    rows = []
    for kind in chosen:
        aboves = draw(st.lists(BREAKS, min_size=1, max_size=2, unique=True))
        rows.append((kind, tuple(Tier(above, draw(PERCENTS)) for above in sorted(aboves))))
    return tuple(rows)


@st.composite
def worlds(draw):
    """Rules of a year, and declared months of every kind that counts."""
    starts = draw(st.lists(st.integers(1, 360), max_size=3, unique=True))
    rule_days = [START, *sorted(START + timedelta(days=one) for one in starts)]
    rules = tuple(
        Rule(
            day,
            draw(kinds()),
            draw(st.sampled_from((turnover.GREATER, turnover.ADDITION))),
            draw(st.none() | st.integers(0, 9000).map(Decimal)),
        )
        for day in rule_days
    )
    terms = Terms(START, END, ())
    declared = [
        Declared(kind, Month(first, last, draw(st.integers(0, 200000).map(Decimal))))
        for first, last, kind in turnover_rules.expected(terms, rules)
    ]
    return terms, rules, declared


def base_rent(first, last):
    return Decimal(100) * days(first, last)


def by_days(rules, first, last, declared):
    """Work a span out day by day: each day has its share of a month's turnover and breakpoints."""
    compared, added, bases = Decimal(0), Decimal(0), Decimal(0)
    for index, rule in enumerate(rules):
        start = first if index == 0 else max(first, rule.day)
        after = rules[index + 1].day if index + 1 < len(rules) else date.max
        end = min(last, after - timedelta(days=1))
        if start > end:
            continue
        months, sold = Fraction(0), dict.fromkeys((kind for kind, _t in rule.kinds), Fraction(0))
        day = start
        while day <= end:
            month_last = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
            months += Fraction(1, (month_last - day.replace(day=1)).days)
            for one in declared:
                if one.kind in sold and one.month.date_from <= day <= one.month.date_to:
                    length = days(one.month.date_from, one.month.date_to)
                    sold[one.kind] += Fraction(one.month.turnover) / length
            day += timedelta(days=1)
        owed = Fraction(0)
        for kind, tiers in rule.kinds:
            for number, tier in enumerate(tiers):
                is_last = number + 1 == len(tiers)
                top = None if is_last else Fraction(tiers[number + 1].above) * months
                part = sold[kind] if top is None else min(sold[kind], top)
                part -= Fraction(tier.above) * months
                owed += max(part, 0) * Fraction(tier.percent) / 100
        if rule.cap is not None:
            owed = min(owed, Fraction(rule.cap) * months)
        if rule.mode == turnover.ADDITION:
            added += rounded(owed)
        else:
            compared += rounded(owed)
            bases += base_rent(start, end)
    return max(compared - bases, 0) + added


class TestTurnoverRules(TestCase):
    def test_the_examples_hold(self):
        for module in (turnover_rules, turnover_forecast):
            self.assertFalse(doctest.testmod(module).failed)

    @settings(max_examples=50, deadline=None, derandomize=True)
    @given(worlds(), st.integers(0, 11), st.integers(0, 11))
    def test_a_span_owes_what_its_days_owe(self, world, one, other):
        terms, rules, declared = world
        spans = turnover.spans(terms, 1)
        first, last = spans[min(one, other)][0], spans[max(one, other)][1]
        self.assertTrue(turnover_rules.is_complete(rules, first, last, declared))
        result = turnover_rules.owed(terms, rules, first, last, declared, base_rent)
        self.assertEqual(result.due, by_days(rules, first, last, declared))

    @settings(max_examples=30, deadline=None, derandomize=True)
    @given(worlds())
    def test_months_are_cut_where_kinds_change_and_cover_each_kind_once(self, world):
        _terms, rules, declared = world
        for first, last, rule in turnover_rules.cut(rules, START, END):
            for kind, _tiers in rule.kinds:
                covered = sum(
                    days(max(one.month.date_from, first), min(one.month.date_to, last))
                    for one in declared
                    if one.kind == kind
                    and one.month.date_from <= last
                    and one.month.date_to >= first
                )
                self.assertEqual(covered, days(first, last))

    @settings(max_examples=30, deadline=None, derandomize=True)
    @given(worlds(), st.integers(30, 330), kinds())
    def test_a_later_rule_changes_nothing_that_was_settled_before_its_day(self, world, day, new):
        terms, rules, _declared = world
        day = max(START + timedelta(days=day), rules[-1].day + timedelta(days=1))
        more = (*rules, Rule(day, new))
        declared = [
            Declared(kind, Month(first, last, Decimal(50000)))
            for first, last, kind in turnover_rules.expected(terms, rules)
        ]
        for first, last in turnover.spans(terms, 1):
            if last >= day:
                break
            before, after = (
                turnover_rules.owed(terms, some, first, last, declared, base_rent).due
                for some in (rules, more)
            )
            self.assertEqual(before, after)

    def test_one_rule_of_one_kind_owes_what_the_plain_kernel_says(self):
        tiers = (Tier(Decimal(0), Decimal(8)), Tier(Decimal(200000), Decimal("10.5")))
        month = Month(date(2026, 5, 1), date(2026, 5, 31), Decimal("260000.37"))
        plain = turnover.owed(
            Terms(START, END, tiers, cap=Decimal(20000)),
            month.date_from,
            month.date_to,
            [month],
            Decimal(3100),
        )
        rules = (Rule(START, ((None, tiers),), cap=Decimal(20000)),)
        result = turnover_rules.owed(
            Terms(START, END, ()),
            rules,
            month.date_from,
            month.date_to,
            [Declared(None, month)],
            base_rent,
        )
        self.assertEqual((result.percentage, result.due), (plain.percentage, plain.due))

    def test_a_rule_without_kinds_owes_and_asks_for_nothing(self):
        tiers = ((None, (Tier(Decimal(0), Decimal(8)),)),)
        rules = (Rule(START, tiers), Rule(date(2026, 6, 16), ()))
        terms = Terms(START, END, ())
        asked = turnover_rules.expected(terms, rules)
        self.assertEqual(asked[-1], (date(2026, 6, 1), date(2026, 6, 15), None))
        self.assertFalse(turnover_rules.is_charged(rules, date(2026, 7, 1), END))
        row = Declared(None, Month(date(2026, 6, 1), date(2026, 6, 15), Decimal(50000)))
        result = turnover_rules.owed(
            terms, rules, date(2026, 6, 1), date(2026, 6, 30), [row], base_rent
        )
        # the base rent of the days without turnover rent is not compared
        self.assertEqual((result.percentage, result.base, result.due), (4000, 1500, 2500))


class TestTurnoverForecast(TestCase):
    def months(self, *amounts, start=2025):
        rows, day = [], date(start, 1, 1)
        for amount in amounts:
            last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
            rows.append(Month(day, last, Decimal(amount)))
            day = last + timedelta(days=1)
        return rows

    def test_a_season_is_repeated_with_its_trend(self):
        rows = self.months(*[31000] * 11, 93000, *[62000] * 3)
        december = date(2026, 12, 1), date(2026, 12, 31)
        # January to March sold about twice what they sold a year before
        trend = Fraction(62000 * 3, 31000 * 3)
        self.assertEqual(
            turnover_forecast.expect(rows, *december, "season"), rounded(93000 * trend)
        )

    def test_two_years_ahead_the_season_of_the_latest_year_is_repeated(self):
        rows = self.months(*range(1000, 13000, 1000))
        for year in (2026, 2027, 2029):
            july = date(year, 7, 1), date(year, 7, 31)
            self.assertEqual(turnover_forecast.expect(rows, *july, "season"), 7000)

    def test_a_month_without_a_year_before_is_the_mean(self):
        rows = self.months(31000, 28000, 31000)
        found = turnover_forecast.expect(rows, date(2025, 10, 1), date(2025, 10, 31), "season")
        self.assertEqual(found, 31000)

    def test_nothing_is_expected_while_nothing_was_declared(self):
        for assumption in ("mean3", "mean12", "season"):
            self.assertIsNone(
                turnover_forecast.expect([], date(2026, 1, 1), date(2026, 1, 31), assumption)
            )

    def test_means_look_at_so_many_months(self):
        rows = self.months(*[0] * 9, 31000, 30000, 31000)
        january = date(2026, 1, 1), date(2026, 1, 31)
        self.assertEqual(turnover_forecast.expect(rows, *january, "mean3"), 31000)
        self.assertEqual(
            turnover_forecast.expect(rows, *january, "mean12"),
            rounded(Fraction(92000, 365) * 31),
        )
