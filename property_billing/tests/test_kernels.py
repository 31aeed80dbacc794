"""The kernels against brute force: days walked one by one, fen handed out one by one."""

import calendar
import doctest
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import (
    allocation,
    difference,
    formula,
    metering,
    payers,
    periods,
    plan,
    proration,
    rounding,
    shares,
    tariffs,
    tiers,
    typed_amount,
    vat,
)

FEN = Decimal("0.01")
dates = st.dates(date(2019, 12, 1), date(2028, 3, 31))
money = st.decimals(min_value=0, max_value=100000, places=2)
prices = st.decimals(min_value=0, max_value=200, places=4)


@tagged("post_install", "-at_install")
class TestKernels(BaseCase):
    def test_documented_examples_hold(self):
        for module in (
            allocation,
            difference,
            formula,
            metering,
            payers,
            periods,
            plan,
            proration,
            rounding,
            shares,
            tariffs,
            tiers,
            typed_amount,
            vat,
        ):
            failed, attempted = doctest.testmod(module)
            self.assertEqual(failed, 0, module.__name__)
            self.assertTrue(attempted, module.__name__)

    @settings(max_examples=200, deadline=None)
    @given(value=st.decimals(min_value=-9999, max_value=9999, places=5))
    def test_half_up_agrees_with_decimal(self, value):
        self.assertEqual(rounding.round_step(value), value.quantize(FEN, ROUND_HALF_UP))

    @settings(max_examples=200, deadline=None)
    @given(
        value=st.decimals(min_value=-999, max_value=999, places=4),
        step=st.sampled_from([Decimal("0.01"), Decimal("0.05"), Decimal("0.1"), Decimal("1")]),
    )
    def test_every_direction_stays_within_one_step(self, value, step):
        down = rounding.round_step(value, step, "down")
        up = rounding.round_step(value, step, "up")
        self.assertLessEqual(abs(down), abs(value))
        self.assertGreaterEqual(abs(up), abs(value))
        self.assertIn(abs(up - down), (0, step))
        self.assertIn(rounding.round_step(value, step), (up, down))
        self.assertFalse(up % step)

    @settings(max_examples=200, deadline=None)
    @given(
        total=money,
        weights=st.lists(
            st.decimals(min_value=0, max_value=500, places=2), min_size=1, max_size=30
        ),
    )
    def test_parts_of_a_split_always_sum_to_the_whole(self, total, weights):
        if not any(weights):
            return
        parts = rounding.largest_remainder(total, weights)
        self.assertEqual(sum(parts), total)
        for part, weight in zip(parts, weights, strict=True):
            exact = Fraction(total) * Fraction(weight) / Fraction(sum(weights))
            self.assertLess(abs(Fraction(part) - exact), Fraction(FEN))
        # ties go to the earlier: among equal weights nobody later gets more
        for i, weight in enumerate(weights):
            for j in range(i + 1, len(weights)):
                if weights[j] == weight:
                    self.assertGreaterEqual(parts[i], parts[j])

    @settings(max_examples=150, deadline=None)
    @given(first=dates, length=st.integers(0, 120))
    def test_months_agree_with_walking_the_days(self, first, length):
        last = first + timedelta(days=length)
        walked = Fraction(0)
        day = first
        while day <= last:
            walked += Fraction(1, calendar.monthrange(day.year, day.month)[1])
            day += timedelta(days=1)
        self.assertEqual(proration.covered_months(first, last), walked)

    @settings(max_examples=150, deadline=None)
    @given(
        first=dates,
        length=st.integers(1, 90),
        cut=st.integers(0, 89),
        method=st.sampled_from(proration.METHODS),
    )
    def test_segments_add_up_to_their_coverage_under_every_rule(self, first, length, cut, method):
        last = first + timedelta(days=length)
        middle = first + timedelta(days=min(cut, length - 1))
        whole = proration.covered_months(first, last, method)
        left = proration.covered_months(first, middle, method, (first, last))
        right = proration.covered_months(middle + timedelta(days=1), last, method, (first, last))
        self.assertEqual(left + right, whole)

    def test_a_whole_month_counts_one_under_every_rule(self):
        for year, month in ((2026, 2), (2024, 2), (2026, 4), (2026, 12)):
            last = date(year, month, calendar.monthrange(year, month)[1])
            for method in proration.METHODS:
                self.assertEqual(proration.covered_months(date(year, month, 1), last, method), 1)

    @settings(max_examples=200, deadline=None)
    @given(used=st.decimals(min_value=0, max_value=90, places=1), price=prices)
    def test_tiers_agree_with_counting_tenths(self, used, price):
        table = [
            (Decimal(0), Decimal(15), price),
            (Decimal(15), Decimal(25), price + 1),
            (Decimal(25), None, price + 2),
        ]
        lines = tiers.tier_lines(used, table)
        counted = [0, 0, 0]
        for tenth in range(int(used * 10)):
            counted[0 if tenth < 150 else 1 if tenth < 250 else 2] += 1
        expected = [
            (n * (price + i) / 10).quantize(FEN, ROUND_HALF_UP) for i, n in enumerate(counted) if n
        ]
        self.assertEqual([line[4] for line in lines], expected)

    def test_limits_of_tiers_are_per_month(self):
        table = [(Decimal(0), Decimal(15), Decimal(3)), (Decimal(15), None, Decimal(5))]
        self.assertEqual([line[2] for line in tiers.tier_lines(Decimal(40), table, 2)], [30, 10])

    @settings(max_examples=200, deadline=None)
    @given(opening=st.integers(0, 99999), used=st.integers(0, 99999))
    def test_a_counter_that_turns_over_loses_nothing(self, opening, used):
        closing = (opening + used) % 100000
        self.assertEqual(metering.consumption(Decimal(opening), Decimal(closing), 5), used)

    @settings(max_examples=150, deadline=None)
    @given(
        gross=st.decimals(min_value=0, max_value=9999, places=2),
        rate=st.sampled_from([3, 5, 6, 9, 13]),
    )
    def test_vat_inside_is_never_negative_and_splits_exactly(self, gross, rate):
        tax = vat.tax_inside(gross, Decimal(rate))
        exact = Fraction(gross) * rate / (100 + rate)
        self.assertLessEqual(abs(Fraction(tax) - exact), Fraction(1, 200))

    @settings(max_examples=150, deadline=None)
    @given(whole=money, first_days=st.integers(1, 29))
    def test_payers_share_the_whole_by_days(self, whole, first_days):
        middle = date(2026, 9, first_days)
        shares = payers.split_by_payer(
            whole,
            [
                ("old", date(2026, 9, 1), middle),
                ("new", middle + timedelta(days=1), date(2026, 9, 30)),
            ],
        )
        self.assertEqual(sum(share[3] for share in shares), whole)
        fen = int(whole * 100)
        low = fen * first_days // 30
        rest_old, rest_new = fen * first_days % 30, fen * (30 - first_days) % 30
        extra = fen - low - fen * (30 - first_days) // 30
        expected = low + (extra if rest_old >= rest_new else 0)
        self.assertEqual(shares[0][3], Decimal(expected) / 100)
