"""Missing numbers, against sets of what came and what did not."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import sequences

AT = datetime(2026, 3, 1)
SENT = st.lists(st.booleans(), min_size=1, max_size=60)


def arrivals(numbers):
    return [(number, AT + timedelta(seconds=number), AT) for number in numbers]


def missing_of(gaps):
    return [number for gap in gaps for number in range(gap.first, gap.last + 1)]


@tagged("post_install", "-at_install")
class TestSequences(BaseCase):
    @given(SENT, st.randoms(use_true_random=False), st.integers(0, 5), st.integers(1, 7))
    def test_missing_is_exactly_what_did_not_come(self, came, chance, disorder, batch):
        numbers = [100, *(101 + place for place, here in enumerate(came) if here)]
        numbers[1:] = sorted(numbers[1:], key=lambda number: number + chance.uniform(0, disorder))
        count, gaps = None, []
        for start in range(0, len(numbers), batch):
            part = arrivals(numbers[start : start + batch])
            count, gaps = sequences.follow(count, gaps, part)
        expected = sorted(set(range(100, max(numbers) + 1)) - set(numbers))
        self.assertEqual(missing_of(gaps), expected)
        self.assertEqual((count.last, count.resets), (max(numbers), 0))
        self.assertTrue(all(gap.first <= gap.last for gap in gaps))

    @given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 40)), min_size=1, max_size=5))
    def test_a_device_that_begins_anew_keeps_what_was_missing_before(self, lives):
        """Each life begins at 0 and skips one number of it, if the life is long enough."""
        count, gaps, expected, clock = None, [], [], AT
        for epoch, (skipped, length) in enumerate(lives):
            last = length + 20
            for number in range(last + 1):
                clock += timedelta(seconds=1)
                if number != skipped or number in (0, last):
                    count, gaps = sequences.follow(count, gaps, [(number, clock, clock)])
            if skipped:
                expected.append((epoch, skipped))
        self.assertEqual([(gap.epoch, gap.first) for gap in gaps], expected)
        self.assertEqual(count.resets, len(lives) - 1)

    @given(st.integers(2, 300), st.integers(0, 5000), st.integers(1, 700))
    def test_a_count_that_wraps_around_goes_on(self, highest, begin, length):
        count, gaps = None, []
        for number in range(begin, begin + length):
            wrapped = number % (highest + 1)
            count, gaps = sequences.follow(count, gaps, [(wrapped, AT, AT)], highest)
        self.assertEqual((gaps, count.resets, count.late), ([], 0, 0))
        self.assertEqual(count.last - count.first, length - 1)

    @given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=40), st.integers(0, 300))
    def test_whatever_numbers_come_the_gaps_are_apart_and_bounded(self, numbers, highest):
        highest = 0 if highest < 2 else highest
        count, gaps = sequences.follow(None, [], [(n, AT, AT) for n in numbers], highest)
        for gap, following in pairwise(gaps):
            self.assertTrue(gap.epoch < following.epoch or gap.last < following.first - 1)
        self.assertTrue(all(0 < len(gap) <= sequences.WIDEST for gap in gaps))
        self.assertEqual(count is None, not numbers)

    def test_what_was_stored_offline_and_comes_late_is_no_new_count(self):
        count, gaps = sequences.follow(None, [], arrivals([50, 51, 55]))
        count, gaps = sequences.follow(count, gaps, arrivals([20, 53]))
        self.assertEqual(missing_of(gaps), [52, 54])
        self.assertEqual((count.resets, count.late), (0, 2))

    def test_a_settled_gap_that_is_parted_stays_settled(self):
        settled = sequences.Gap(0, 1, 3, AT, is_settled=True)
        count = sequences.Count(0, 4, AT)
        _count, gaps = sequences.follow(count, [settled], arrivals([2]))
        self.assertEqual([(gap.first, gap.is_settled) for gap in gaps], [(1, True), (3, True)])
