"""Numbers and lines of receipts against brute force."""

import doctest
from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import receipt_numbers
from ..tools.receipt_numbers import PaperLine, fit_lines, free_numbers, mask_name, spans

numbers = st.sets(st.integers(1, 60))
lines = st.lists(
    st.builds(
        PaperLine,
        name=st.sampled_from(["物业费", "水费", "停车费"]),
        unit=st.sampled_from(["1-101", "B1-001"]),
        date_from=st.dates(date(2026, 1, 1), date(2026, 6, 1)),
        date_to=st.dates(date(2026, 6, 2), date(2026, 12, 31)),
        amount=st.decimals(min_value=-50, max_value=9999, places=2),
        is_late_fee=st.booleans(),
        count=st.just(1),
    ),
    max_size=20,
)


@tagged("post_install", "-at_install")
class TestReceiptKernels(BaseCase):
    def test_documented_examples_hold(self):
        failed, attempted = doctest.testmod(receipt_numbers)
        self.assertEqual(failed, 0)
        self.assertTrue(attempted)

    @settings(max_examples=200, deadline=None)
    @given(used=numbers, first=st.integers(1, 20), size=st.integers(0, 40), count=st.integers(0, 9))
    def test_free_numbers_are_the_smallest_unused_ones(self, used, first, size, count):
        last = first + size
        wanted = sorted(set(range(first, last + 1)) - used)[:count]
        self.assertEqual(free_numbers(first, last, used, count), wanted)

    @settings(max_examples=200, deadline=None)
    @given(chosen=numbers)
    def test_spans_say_every_number_once_and_never_touch(self, chosen):
        runs = spans(chosen)
        self.assertEqual([n for low, high in runs for n in range(low, high + 1)], sorted(chosen))
        for (_low, high), (low, _high) in pairwise(runs):
            self.assertGreater(low, high + 1)

    @settings(max_examples=200, deadline=None)
    @given(rows=lines, capacity=st.integers(1, 12))
    def test_gathered_lines_keep_every_fen_day_and_late_fee(self, rows, capacity):
        fitted = fit_lines(rows, capacity)
        if len(rows) <= capacity:
            self.assertEqual(fitted, rows)
        totals, shown = Counter(), Counter()
        for result, source in ((totals, rows), (shown, fitted)):
            for row in source:
                result[row.name, row.unit, row.is_late_fee] += row.amount
        self.assertEqual(totals, shown)
        self.assertEqual(sum(row.count for row in fitted), len(rows))
        self.assertEqual(sum((row.amount for row in fitted), Decimal(0)), sum(totals.values()))
        if rows:
            self.assertEqual(min(r.date_from for r in fitted), min(r.date_from for r in rows))
            self.assertEqual(max(r.date_to for r in fitted), max(r.date_to for r in rows))

    @settings(max_examples=200, deadline=None)
    @given(name=st.text(max_size=12))
    def test_a_masked_name_shows_at_most_its_first_and_last_character(self, name):
        masked, text = mask_name(name), name.strip()
        self.assertEqual(len(masked), len(text))
        inner = masked[1:-1] if len(text) > 4 else masked[1:]
        self.assertEqual(set(inner) - {"*"}, set())
