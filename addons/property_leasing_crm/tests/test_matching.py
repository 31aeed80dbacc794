import doctest
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ..tools import matching
from ..tools.matching import Offered, Wish, score

AREAS = st.floats(1, 5000)
RENTS = st.floats(1, 1e6)


class TestMatching(TestCase):
    def test_the_examples_hold(self):
        self.assertFalse(doctest.testmod(matching).failed)

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
