"""Metering and tiers against the plainest brute force: cubic metres counted one by one."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import allocation, metering, plan, tiers

D = Decimal
WATER = [["0", "180", "3.4567"], ["180", "260", "4.831"], ["260", None, "5.8305"]]
DAY = timedelta(days=1)


def brute_tiers(used, table):
    """Price whole units one by one, then round each tier once."""
    counts = [0] * len(table)
    for unit in range(used):
        for index, (low, high, _price) in enumerate(table):
            if unit >= int(low) and (high is None or unit < int(high)):
                counts[index] += 1
    cents = D(0)
    for count, (_low, _high, price) in zip(counts, table, strict=True):
        cents += (count * D(price)).quantize(D("0.01"), "ROUND_HALF_UP")
    return cents


def basis(used, before=0, **vals):
    """Return the basis of a metered charge by yearly tiers."""
    return {
        "kind": "meter",
        "opening": ["2026-01-31", "0"],
        "closing": ["2026-02-28", str(used)],
        "digits": 5,
        "multiplier": "1",
        "months": 1,
        "tiers": WATER,
        "tier_period": "year",
        "used_before": str(before),
        "price_include": True,
        "rate": "3",
        **vals,
    }


@tagged("post_install", "-at_install")
class TestMeteringKernels(BaseCase):
    @settings(max_examples=150, deadline=None)
    @given(parts=st.lists(st.integers(0, 90), min_size=1, max_size=12))
    def test_any_split_of_a_year_sums_to_the_years_price(self, parts):
        before, total = 0, D(0)
        for used in parts:
            total += plan.derive(basis(used, before))["amount"]
            before += used
        self.assertEqual(total, brute_tiers(sum(parts), WATER))

    @settings(max_examples=150, deadline=None)
    @given(
        months=st.integers(1, 12),
        parts=st.lists(st.integers(0, 90), min_size=1, max_size=6),
        extra=st.integers(0, 60),
    )
    def test_a_first_year_has_a_twelfth_of_the_limits_a_month(self, months, parts, extra):
        # limits in twelfths, so that every part of a year is a whole number
        table = [["0", "180", "3.45"], ["180", "300", "4.83"], ["300", None, "5.83"]]
        raised = [
            [int(low) and int(low) + extra * 12, high and int(high) + extra * 12, price]
            for low, high, price in table
        ]
        scaled = [
            [str(low * months // 12), high and str(high * months // 12), price]
            for low, high, price in raised
        ]
        before, total = 0, D(0)
        for used in parts:
            total += plan.derive(
                basis(used, before, tiers=table, tier_months=months, extra=str(extra * 12))
            )["amount"]
            before += used
        self.assertEqual(total, brute_tiers(sum(parts), scaled))

    @settings(max_examples=100, deadline=None)
    @given(used=st.integers(0, 400), extra=st.integers(0, 60))
    def test_more_persons_raise_every_limit(self, used, extra):
        raised = [
            [str(int(low) + extra if int(low) else 0), high and str(int(high) + extra), price]
            for low, high, price in WATER
        ]
        amount = plan.derive(basis(used, extra=str(extra)))["amount"]
        self.assertEqual(amount, brute_tiers(used, raised))

    @settings(max_examples=150, deadline=None)
    @given(
        start=st.integers(0, 99999),
        steps=st.lists(st.integers(0, 900), min_size=2, max_size=12),
        replaced=st.integers(0, 11),
        initial=st.integers(0, 99999),
    )
    def test_periods_of_a_replaced_meter_sum_to_what_flowed(self, start, steps, replaced, initial):
        replaced = min(replaced, len(steps) - 1)
        day, value = date(2026, 1, 31), start
        old, new = [(day, value)], []
        for index, step in enumerate(steps):
            day += 30 * DAY
            value = (value + step) % 100000
            (new or old).append((day, value))
            if index == replaced:
                value = initial
                new.append((day, value))
        meters = [("old", old), ("new", new)]
        counted, first = 0, date(2026, 2, 1)
        for index in range(len(steps)):
            last = date(2026, 1, 31) + 30 * (index + 1) * DAY
            for _key, opening, closing in metering.pick_segments(meters, first, last) or ():
                counted += metering.consumption(D(opening[1]), D(closing[1]), 5)
            first = last + DAY
        self.assertEqual(counted, sum(steps))

    def test_one_meter_alone_is_picked_as_before(self):
        readings = [(date(2026, 8, 1) + 10 * n * DAY, n) for n in range(6)]
        for start in range(0, 60, 7):
            first = date(2026, 8, 1) + start * DAY
            last = first + 20 * DAY
            pair = metering.pick_readings(readings, first, last)
            segments = metering.pick_segments([("m", readings)], first, last)
            self.assertEqual(segments and segments[0][1:], pair)

    @settings(max_examples=200, deadline=None)
    @given(before=st.integers(0, 99999), used=st.integers(0, 99999))
    def test_a_fall_is_a_turn_when_that_is_the_shorter_way(self, before, used):
        after = (before + used) % 100000
        signed = metering.signed_consumption(D(before), D(after), 5)
        if used < 50000 or before + used < 100000:
            self.assertEqual(signed, used)
        else:
            self.assertEqual(signed, used - 100000)

    def test_falls_near_the_top_are_turns_and_others_are_held(self):
        rule = {"ratio": D(5), "periods": 3, "floor": D(20)}

        def kind(before, after, digits=5):
            history = [(date(2026, 1, 31), D(before))]
            return metering.review(history, date(2026, 2, 28), D(after), digits, D(1), rule)[0]

        self.assertIsNone(kind(99990, 17))
        self.assertEqual(kind(502, 498), "fell")
        self.assertIsNone(kind(60000, 100))
        self.assertEqual(kind(40000, 100), "fell")
        self.assertEqual(kind(99990, 17, digits=0), "fell")

    @settings(max_examples=100, deadline=None)
    @given(steps=st.lists(st.integers(5, 30), min_size=4, max_size=10), jump=st.integers(0, 2000))
    def test_a_reading_is_high_only_far_beyond_its_history(self, steps, jump):
        day, value, history = date(2026, 1, 1), D(0), []
        for step in [0, *steps]:
            value += step
            history.append((day, value))
            day += 30 * DAY
        rule = {"ratio": D(5), "periods": 3, "floor": D(20)}
        kind, usual = metering.review(history, day, value + jump, 6, D(1), rule)
        recent = steps[-6:]
        average = D(sum(recent)) / len(recent)
        if kind:
            self.assertEqual(round(usual * 1000), round(average * 1000))
        self.assertEqual(kind == "high", jump > 20 and jump > 5 * average)

    @settings(max_examples=150, deadline=None)
    @given(
        estimates=st.lists(st.integers(0, 60), min_size=1, max_size=5),
        real=st.integers(0, 200),
    )
    def test_a_chain_of_estimates_sums_to_the_real_consumption_priced(self, estimates, real):
        tariff = {"tiers": [["0", "15", "3.45"], ["15", "25", "4.83"], ["25", None, "5.83"]]}
        tariff.update(tier_period="month", used_before="0")
        billed, counter, total, quantity = [], 0, D(0), D(0)
        for months, step in enumerate([*estimates, None], start=1):
            counter = counter + step if step is not None else real
            result = plan.derive(basis(counter, months=months, billed=list(billed), **tariff))
            if result["amount"] <= 0:
                continue
            total += result["amount"]
            quantity += result["quantity"]
            billed.append(
                {
                    "charge": months,
                    "from": "",
                    "to": "",
                    "net": str(result["net"]),
                    "quantity": str(result["quantity"]),
                }
            )
        whole = plan.derive(basis(real, months=len(estimates) + 1, **tariff))["amount"]
        # Too much billed on estimates is carried over until the counter catches up.
        self.assertGreaterEqual(total, whole)
        later = real + 500
        months = len(estimates) + 2
        last = plan.derive(basis(later, months=months, billed=billed, **tariff))
        self.assertEqual(
            total + last["amount"], plan.derive(basis(later, months=months, **tariff))["amount"]
        )
        self.assertEqual(quantity + last["quantity"], later)

    @settings(max_examples=100, deadline=None)
    @given(
        pool=st.integers(1, 10**7),
        groups=st.lists(
            st.tuples(st.integers(0, 50), st.lists(st.integers(1, 300), min_size=1, max_size=6)),
            min_size=1,
            max_size=5,
        ),
    )
    def test_both_levels_of_a_pool_sum_to_it(self, pool, groups):
        if not any(weight for weight, _members in groups):
            groups[0] = (1, groups[0][1])
        pool = D(pool) / 100
        parts = allocation.allocate_levels(
            pool,
            [
                (key, weight, [((key, n), member) for n, member in enumerate(members)])
                for key, (weight, members) in enumerate(groups)
            ],
        )
        self.assertEqual(sum(part for part, _members in parts.values()), pool)
        all_weight = sum(weight for weight, _members in groups)
        for key, (part, members) in parts.items():
            self.assertEqual(sum(members.values()), part)
            exact = pool * groups[key][0] / all_weight
            self.assertLess(abs(part - exact), D("0.01"))

    def test_the_year_of_the_tiers_starts_on_its_month(self):
        day = date(2024, 1, 1)
        while day < date(2026, 1, 1):
            for month in (1, 4, 12):
                first, last = tiers.tier_year(day, month)
                self.assertTrue(first <= day <= last)
                self.assertEqual((first.month, first.day), (month, 1))
                self.assertEqual((last + DAY).replace(year=first.year), first)
            day += 13 * DAY
