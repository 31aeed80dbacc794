"""Days and matching against oracles."""

import doctest
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some
from odoo.tests import BaseCase, tagged

from ..tools import days, matching

ZONES = some.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC"])
MOMENTS = some.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1))
DAYS = some.dates(date(2023, 1, 1), date(2028, 12, 31))


@tagged("post_install", "-at_install")
class TestDays(BaseCase):
    def test_the_examples_hold(self):
        for module in (days, matching):
            self.assertEqual(doctest.testmod(module).failed, 0)

    @given(MOMENTS, ZONES, some.integers(0, 12))
    def test_a_day_begins_as_many_hours_after_midnight_by_the_clock_of_the_site(
        self, moment, zone, hours
    ):
        day = days.reading_day(moment, zone, hours)
        clock = moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone))
        shown = clock.replace(tzinfo=None)
        begin = datetime.combine(day, datetime.min.time()) + timedelta(hours=hours)
        self.assertTrue(begin <= shown < begin + timedelta(days=1))

    @given(DAYS, some.integers(1, 31))
    def test_the_reading_day_is_the_last_one_found_by_walking_back(self, day, of_month):
        walked = day
        while True:
            last = (walked.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
            if walked.day == min(of_month, last.day):
                break
            walked -= timedelta(days=1)
        self.assertEqual(days.anchor(day, of_month), walked)

    @given(some.lists(DAYS, max_size=60), some.integers(1, 31))
    def test_a_month_has_one_reading_whatever_days_a_device_speaks_on(self, spoken, of_month):
        kept = []
        for day in sorted(set(spoken)):
            if days.is_kept(day, days.MONTHLY, of_month, kept):
                kept.append(day)
        self.assertEqual(
            {days.anchor(day, of_month) for day in kept},
            {days.anchor(day, of_month) for day in spoken},
        )
        self.assertEqual(len(kept), len({days.anchor(day, of_month) for day in kept}))


NUMBERS = some.text("AB01 -", min_size=1, max_size=4)


@tagged("post_install", "-at_install")
class TestMatching(BaseCase):
    @given(some.lists(NUMBERS, max_size=8), some.lists(NUMBERS, max_size=8))
    def test_numbers_pair_only_what_is_the_same_and_alone(self, meters, sources):
        found = matching.pair(
            [(key, number, "") for key, number in enumerate(meters)],
            [(key, number, "") for key, number in enumerate(sources)],
        )
        fold = matching.folded
        wanted = {
            key: (meter, matching.CODE)
            for key, number in enumerate(sources)
            for meter, other in enumerate(meters)
            if fold(number)
            and fold(number) == fold(other)
            and [fold(one) for one in sources].count(fold(number)) == 1
            and [fold(one) for one in meters].count(fold(number)) == 1
        }
        self.assertEqual(found, wanted)

    @given(some.lists(some.tuples(NUMBERS, NUMBERS), max_size=8), some.data())
    def test_no_meter_is_given_twice(self, rows, data):
        meters = [(key, number, place) for key, (number, place) in enumerate(rows)]
        names = some.text("AB01 -表", max_size=12)
        sources = [(key, data.draw(NUMBERS), data.draw(names)) for key in range(6)]
        pasted = data.draw(some.dictionaries(NUMBERS.map(matching.folded), NUMBERS, max_size=3))
        found = [meter for meter, _how in matching.pair(meters, sources, pasted).values()]
        self.assertEqual(len(found), len(set(found)))

    def test_a_name_with_two_meters_in_it_is_left_to_people(self):
        meters = [(1, "W-100", ""), (2, "W-200", "")]
        self.assertEqual(matching.pair(meters, [("a", "x", "W-100 / W-200")]), {})
        self.assertEqual(matching.pair(meters, [("a", "x", "W-100"), ("b", "y", "W-100")]), {})
        self.assertEqual(matching.pair(meters, [("a", "x", "AW-100")]), {})
