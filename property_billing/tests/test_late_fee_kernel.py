from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools.late_fee import Rule, late_fee, stretches

DUE = date(2026, 6, 30)
HORIZON = 120
FEN = Decimal("0.01")

amounts = st.integers(1, 500_000).map(lambda fen: Decimal(fen) / 100)
offsets = st.integers(-10, HORIZON)


def day(offset):
    return DUE + timedelta(days=offset)


rules = st.builds(
    Rule,
    st.lists(
        st.tuples(offsets.map(day), st.integers(0, 3000).map(lambda n: Decimal(n) / 1_000_000)),
        max_size=3,
        unique_by=lambda row: row[0],
    ).map(lambda rows: tuple(sorted(rows))),
    st.integers(0, 40),
    st.sampled_from([Decimal(0), Decimal("0.05"), Decimal("0.3"), Decimal(1)]),
)
histories = st.lists(
    st.tuples(offsets.map(day), st.integers(-300_000, 50_000).map(lambda fen: Decimal(fen) / 100)),
    max_size=6,
)


def walk(principal, due, changes, rule, until):
    """Count the fee day by day, as a clerk with a calendar would."""
    fee = Decimal(0)
    one = due
    while one < until:
        one += timedelta(days=1)
        if (one - due).days <= rule.grace_days:
            continue
        morning = principal + sum(change for when, change in changes if when < one)
        rate = Decimal(0)
        for start, share in rule.rates:
            if one >= start:
                rate = share
        if morning > 0:
            fee += morning * rate
    fee = fee.quantize(FEN, ROUND_HALF_UP)
    if rule.cap_rate:
        fee = min(fee, (principal * rule.cap_rate * 100 // 1) / 100)
    return fee


@tagged("post_install", "-at_install")
class TestLateFeeKernel(BaseCase):
    @settings(max_examples=300, deadline=None)
    @given(amounts, histories, rules, offsets.map(day))
    def test_the_fee_is_what_walking_the_days_gives(self, principal, changes, rule, until):
        self.assertEqual(
            late_fee(principal, DUE, changes, rule, until),
            walk(principal, DUE, changes, rule, until),
        )

    @settings(max_examples=200, deadline=None)
    @given(amounts, histories, rules, st.lists(offsets.map(day), min_size=1, max_size=6))
    def test_pieces_sum_exactly_to_the_whole(self, principal, changes, rule, days):
        billed = Decimal(0)
        for until in sorted(days):
            piece = late_fee(principal, DUE, changes, rule, until) - billed
            self.assertGreaterEqual(piece, 0)
            billed += piece
        self.assertEqual(billed, late_fee(principal, DUE, changes, rule, max(days)))

    @settings(max_examples=200, deadline=None)
    @given(amounts, histories, rules, offsets.map(day))
    def test_stretches_are_in_order_and_never_overlap(self, principal, changes, rule, until):
        found = stretches(principal, DUE, changes, rule, until)
        for one, following in pairwise(found):
            self.assertLess(one.date_to, following.date_from)
        for one in found:
            self.assertLessEqual(one.date_to, until)
            self.assertGreater((one.date_from - DUE).days, rule.grace_days)
            self.assertGreater(one.amount, 0)

    def test_the_day_of_payment_counts_and_the_next_does_not(self):
        rule = Rule(((date(2000, 1, 1), Decimal("0.001")),))
        paid = [(day(10), Decimal(-1000))]
        self.assertEqual(late_fee(Decimal(1000), DUE, paid, rule, day(10)), Decimal("10.00"))
        self.assertEqual(late_fee(Decimal(1000), DUE, paid, rule, day(99)), Decimal("10.00"))

    def test_paying_within_the_grace_costs_nothing_and_later_days_of_grace_stay_free(self):
        rule = Rule(((date(2000, 1, 1), Decimal("0.001")),), grace_days=15)
        self.assertEqual(late_fee(Decimal(1000), DUE, [], rule, day(15)), 0)
        self.assertEqual(late_fee(Decimal(1000), DUE, [], rule, day(16)), Decimal("1.00"))

    def test_a_new_rate_applies_from_its_day_only(self):
        rule = Rule(((date(2000, 1, 1), Decimal("0.001")), (day(11), Decimal("0.0005"))))
        self.assertEqual(late_fee(Decimal(1000), DUE, [], rule, day(20)), Decimal("15.00"))

    def test_the_cap_follows_what_was_credited(self):
        rule = Rule(((date(2000, 1, 1), Decimal("0.003")),), cap_rate=Decimal("0.3"))
        fee = late_fee(Decimal(1000), DUE, [], rule, day(365), capped_on=Decimal(400))
        self.assertEqual(fee, Decimal("120.00"))
