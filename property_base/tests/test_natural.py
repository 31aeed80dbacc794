import doctest

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from odoo.addons.property_base.tools import cipher, natural, scope, timeline

PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
NUMBERS = st.integers(min_value=0, max_value=99_999)


@tagged("post_install", "-at_install")
class TestNatural(BaseCase):
    def test_examples_in_the_docstrings_hold(self):
        for module in (natural, timeline, cipher, scope):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)

    @settings(**PATIENT)
    @given(st.lists(NUMBERS, max_size=20))
    def test_numbers_sort_by_value(self, numbers):
        texts = sorted(map(str, numbers), key=natural.natural_key)
        self.assertEqual([int(text) for text in texts], sorted(numbers))

    @settings(**PATIENT)
    @given(
        st.tuples(NUMBERS, NUMBERS, st.integers(-9, 200), NUMBERS),
        st.tuples(NUMBERS, NUMBERS, st.integers(-9, 200), NUMBERS),
    )
    def test_units_sort_by_building_entrance_floor_and_room(self, one, two):
        keys = [
            natural.unit_key(str(b), str(e), floor, str(room), "")
            for b, e, floor, room in (one, two)
        ]
        self.assertEqual(keys[0] < keys[1], one < two)
