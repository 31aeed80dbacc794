"""The parking kernel: against a clock watched minute by minute, its laws, and posted tariffs."""

import doctest
import os
import random
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import parking, parking_days, parking_tariff, parking_words
from ..tools.parking import Stay, amount_due, quote
from ..tools.parking_tariff import Rate, Step
from ..tools.parking_words import READABLE, explain
from . import parking_worlds
from .parking_oracle import simulate

#: Random stays compared with the oracle; 100,000 of them take some three minutes.
STAYS = int(os.environ.get("PROPERTY_PARKING_STAYS", "1500"))
SEED = int(os.environ.get("PROPERTY_SEED", "2026"))
worlds = st.integers(0, 2**32).map(lambda seed: parking_worlds.world(random.Random(seed)))  # noqa: S311
few = settings(max_examples=120)


def fee(book, start, end, **values):
    """Return the fee between two times written like 2026-02-01 08:00."""
    stay = Stay(datetime.fromisoformat(start), datetime.fromisoformat(end), **values)
    return quote(book, stay).total


@tagged("post_install", "-at_install")
class TestParkingLaws(BaseCase):
    def test_documented_examples_hold(self):
        for module in (parking, parking_days, parking_tariff, parking_words):
            with self.subTest(module=module.__name__):
                self.assertFalse(doctest.testmod(module).failed)

    def test_the_kernel_agrees_with_a_clock_watched_minute_by_minute(self):
        rng = random.Random(SEED)  # noqa: S311
        for number in range(STAYS):
            book, stay = parking_worlds.world(rng)
            self.assertEqual(
                quote(book, stay).total, simulate(book, stay), f"stay {number}: {book} {stay}"
            )

    @few
    @given(worlds)
    def test_a_fee_is_never_negative(self, world):
        self.assertGreaterEqual(quote(*world).total, 0)

    @few
    @given(worlds, st.integers(0, 200_000))
    def test_leaving_later_never_costs_less(self, world, seconds):
        book, stay = world
        later = replace(stay, exit=stay.exit + timedelta(seconds=seconds))
        self.assertGreaterEqual(quote(book, later).total, quote(book, stay).total)

    @few
    @given(worlds, st.integers(0, 60_000))
    def test_leaving_later_never_costs_less_after_a_payment(self, world, seconds):
        book, stay = world
        paid = [(stay.exit, quote(book, stay).total)]
        soon = replace(stay, exit=stay.exit + timedelta(seconds=seconds))
        later = replace(soon, exit=soon.exit + timedelta(seconds=seconds))
        first, second = amount_due(book, soon, paid), amount_due(book, later, paid)
        self.assertLessEqual(0, first)
        self.assertLessEqual(first, second)
        self.assertEqual(amount_due(book, stay, paid), 0)

    @few
    @given(worlds)
    def test_no_cap_is_ever_exceeded(self, world):
        result = quote(*world)
        sums, caps = {}, {}
        for block in result.blocks:
            keys = {
                ("day", block.start.date()): block.tariff.cap_day,
                ("period", (block.start - result.entry).days): block.tariff.cap_period,
                ("stay",): block.tariff.cap_stay,
            }
            if block.rate:
                day = parking_tariff.occurrence(block.rate, block.start)
                keys["segment", id(block.rate), day] = block.rate.cap
            for key, cap in keys.items():
                sums[key] = sums.get(key, Decimal(0)) + block.amount
                caps.setdefault(key, []).append(cap)
        for key, limits in caps.items():
            if None not in limits:
                self.assertLessEqual(sums[key], max(limits), key)

    @few
    @given(worlds)
    def test_a_coupon_never_makes_a_stay_dearer(self, world):
        book, stay = world
        self.assertLessEqual(quote(book, stay).total, quote(book, replace(stay, coupons=())).total)

    @few
    @given(worlds, st.integers(0, 5000), st.integers(1, 5000))
    def test_time_without_a_price_splits_a_stay(self, world, before, after):
        """What is charged by the hour alone is the same in two stays that part in a free night."""
        rates = (Rate("day", 420, 1200, steps=(Step(0, 60, Decimal(3)),)),)
        tariff = parking_tariff.Tariff("day only", rates=rates, cap_day=Decimal(20))
        book = parking_worlds.case(tariff)
        middle = datetime(2028, 2, 29, 22, 0)
        start, end = middle - timedelta(minutes=before), middle + timedelta(minutes=after)
        whole = quote(book, Stay(start, end)).total
        parts = quote(book, Stay(start, middle)).total + quote(book, Stay(middle, end)).total
        self.assertEqual(whole, parts)

    @few
    @given(worlds)
    def test_deducted_free_minutes_are_a_later_entry(self, world):
        book, stay = world
        tariff = replace(
            book.at(stay.entry), cap_period=None, free_rule="deducted", steps_restart="stay"
        )
        free = parking_worlds.case(tariff)
        paid = parking_worlds.case(replace(tariff, free_minutes=0))
        later = stay.entry + timedelta(minutes=tariff.free_minutes)
        plain = Stay(stay.entry, max(stay.exit, later))
        self.assertEqual(quote(free, plain).total, quote(paid, replace(plain, entry=later)).total)

    @few
    @given(worlds)
    def test_the_lines_a_driver_reads_add_up(self, world):
        result = quote(*world)
        *lines, last = explain(result)
        read = sum((line.amount for line in lines if line.amount is not None), Decimal(0))
        self.assertEqual((read, last.amount), (result.total, result.total))

    @few
    @given(worlds, st.integers(2, 120), st.integers(0, 1439))
    def test_the_lines_of_a_long_stay_add_up_and_are_few(self, world, days, minutes):
        book, stay = world
        long = replace(stay, exit=stay.exit + timedelta(days=days, minutes=minutes))
        result = quote(book, long)
        *lines, last = explain(result)
        read = sum((line.amount for line in lines if line.amount is not None), Decimal(0))
        self.assertEqual((read, last.amount), (result.total, result.total))
        self.assertLessEqual(len(lines), 30)

    @few
    @given(worlds)
    def test_days_told_together_cost_what_their_blocks_cost(self, world):
        book, stay = world
        result = quote(book, replace(stay, exit=stay.exit + timedelta(days=21)))
        for unit in (parking_days.CALENDAR, parking_days.PERIOD):
            found = parking_days.days(result, unit)
            for told in (found, parking_days.together(found)):
                self.assertEqual(
                    sum((one.count * one.amount for one in told), Decimal(0)),
                    sum((block.amount for block in result.blocks), Decimal(0)),
                )

    @few
    @given(worlds)
    def test_a_stay_of_few_lines_is_told_block_by_block(self, world):
        result = quote(*world)
        plainly = parking_words._block_lines(parking_words.SENTENCES, result, result.blocks)
        told = [line for line in explain(result) if line in plainly]
        if len(plainly) <= READABLE:
            self.assertEqual(told, plainly)
