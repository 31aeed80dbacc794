from datetime import date, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from odoo.addons.property_base.tools.timeline import payer_on, payer_segments

START = date(2026, 1, 1)
PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}


def day(number):
    return START + timedelta(days=number)


@st.composite
def rows(draw, prefix):
    """Rows of one role that do not overlap, with gaps, perhaps open at the end."""
    cuts = sorted(draw(st.sets(st.integers(0, 60), max_size=8)))
    result = []
    for index, (first, last) in enumerate(zip(cuts[::2], cuts[1::2], strict=False)):
        result.append((f"{prefix}{index}", day(first), day(last)))
    if len(cuts) % 2:
        result.append((f"{prefix}x", day(cuts[-1]), draw(st.sampled_from([None, day(90)]))))
    return draw(st.permutations(result))


def brute_payer(owners, tenants, today):
    """The rule read aloud, for one day."""
    for payer, start, end in tenants:
        if start <= today and (end is None or today <= end):
            return payer
    ordered = sorted(owners, key=lambda row: row[1])
    if not ordered:
        return None
    entered = [row for row in ordered if row[1] <= today]
    return (entered[-1] if entered else ordered[0])[0]


@tagged("post_install", "-at_install")
class TestTimeline(BaseCase):
    @settings(max_examples=300, **PATIENT)
    @given(rows("o"), rows("t"), st.integers(-10, 80), st.integers(0, 60))
    def test_segments_equal_a_count_day_by_day(self, owners, tenants, first, length):
        days = [day(first + step) for step in range(length)]
        segments = payer_segments(owners, tenants, day(first), day(first + length - 1))
        by_day = {}
        for payer, start, end in segments:
            while start <= end:
                self.assertNotIn(start, by_day, "two payers on one day")
                by_day[start] = payer
                start += timedelta(days=1)
        expected = {today: brute_payer(owners, tenants, today) for today in days}
        self.assertEqual(by_day, {today: who for today, who in expected.items() if who})
        self.assertEqual(segments, sorted(segments, key=lambda row: row[1]))
        for left, right in pairwise(segments):
            self.assertFalse(left[0] == right[0] and left[2] + timedelta(days=1) == right[1])

    @settings(**PATIENT)
    @given(rows("o"), rows("t"), st.integers(-10, 80))
    def test_the_payer_of_a_day_is_the_one_of_its_segment(self, owners, tenants, number):
        self.assertEqual(
            payer_on(owners, tenants, day(number)), brute_payer(owners, tenants, day(number))
        )
