import doctest
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ..tools import matching, sharing
from ..tools.matching import Offered, Wish, score

AREAS = st.floats(1, 5000)
RENTS = st.floats(1, 1e6)


class TestMatching(TestCase):
    def test_the_examples_hold(self):
        self.assertFalse(doctest.testmod(matching).failed)
        self.assertFalse(doctest.testmod(sharing).failed)

    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(st.integers(0, 10**9), st.lists(st.integers(0, 10**7), min_size=1, max_size=9))
    def test_shares_of_a_deposit_sum_to_it_and_are_within_a_fen_of_their_part(self, fen, weights):
        parts = [round(part * 100) for part in sharing.shared(fen / 100, weights)]
        self.assertEqual(sum(parts), fen)
        whole = sum(weights) or len(weights)
        for part, weight in zip(parts, weights, strict=True):
            exact = fen * (weight if any(weights) else 1) / whole
            self.assertLess(abs(part - exact), 1.001)

    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(AREAS, RENTS, AREAS, RENTS)
    def test_points_stay_between_nothing_and_a_hundred(self, area, rent, wanted, budget):
        points = score(Wish(wanted, wanted, budget, "餐饮", 1, 3), Offered(area, rent, "零售", 9))
        total = points.pop("total")
        self.assertEqual(total, sum(points.values()))
        self.assertTrue(0 <= total <= 100 and min(points.values()) >= 0)

    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(RENTS, RENTS, RENTS)
    def test_a_dearer_space_never_suits_better(self, budget, one, other):
        low, high = sorted((one, other))
        wish = Wish(budget=budget)
        self.assertGreaterEqual(
            score(wish, Offered(100, low))["budget"], score(wish, Offered(100, high))["budget"]
        )

    def test_who_minds_nothing_likes_everything(self):
        self.assertEqual(score(Wish(), Offered(77, 9999, "影院", -2))["total"], 100)

    def test_a_neighbouring_floor_is_half_a_match(self):
        points = [
            score(Wish(floor_from=2), Offered(1, floor=floor))["floor"] for floor in (2, 3, 4)
        ]
        self.assertEqual(points, [10, 5, 0])
