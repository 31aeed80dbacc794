"""The kernels against generated input, and against plainer ways to the same answer."""

import doctest
import math
from datetime import date, datetime, time, timedelta, timezone
from importlib import import_module
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import checkin, codes, payload, results, scheduling, states

FIRST = date(2026, 1, 1)
ZONES = st.sampled_from(["UTC", "Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo"])
TIMES = st.lists(st.times().map(lambda t: t.replace(second=0, microsecond=0)), max_size=3)
SCHEDULES = st.builds(
    scheduling.Schedule,
    repeat=st.sampled_from([scheduling.DAYS, scheduling.WEEKS, scheduling.MONTHS]),
    every=st.integers(1, 5),
    times=TIMES.map(tuple),
    first=st.dates(FIRST, date(2026, 12, 31)),
    zone=ZONES,
    last=st.none() | st.dates(date(2026, 6, 1), date(2027, 6, 1)),
    weekdays=st.frozensets(st.integers(0, 6)),
    month_days=st.frozensets(st.integers(1, 31), max_size=4),
    early=st.integers(0, 60),
    late=st.integers(1, 90),
    window=st.integers(0, 120),
    seed=st.text(max_size=4),
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def plain_days(schedule, start, end):
    """Walk from the first day on, counting days, weeks and months one by one."""
    day, weeks, months = schedule.first, 0, 0
    found = []
    while day <= end:
        tomorrow = day + timedelta(days=1)
        is_last_of_month = tomorrow.day == 1
        if schedule.repeat == scheduling.DAYS:
            wanted = (day - schedule.first).days % schedule.every == 0
        elif schedule.repeat == scheduling.WEEKS:
            wanted = weeks % schedule.every == 0 and day.weekday() in schedule.weekdays
        else:
            numbers = {day.day}
            if is_last_of_month:
                numbers |= set(range(day.day, 32))
            wanted = months % schedule.every == 0 and bool(numbers & schedule.month_days)
        if wanted and day >= start and not (schedule.last and day > schedule.last):
            found.append(day)
        weeks += tomorrow.weekday() == 0
        months += is_last_of_month
        day = tomorrow
    return found


@tagged("post_install", "-at_install")
class TestScheduling(BaseCase):
    @settings(max_examples=120, deadline=None)
    @given(SCHEDULES, MOMENTS, st.integers(0, 80))
    def test_the_rounds_of_a_span_are_those_of_counting_day_by_day(self, schedule, start, days):
        end = start + timedelta(days=days)
        slots = set()
        for day in plain_days(schedule, start.date() - timedelta(2), end.date() + timedelta(2)):
            for moment in schedule.times:
                local = datetime.combine(day, moment, ZoneInfo(schedule.zone))
                slots.add(local.astimezone(timezone.utc).replace(tzinfo=None))
        found = scheduling.occurrences(schedule, start, end)
        self.assertEqual([one.slot for one in found], sorted(s for s in slots if start <= s < end))

    @settings(max_examples=100, deadline=None)
    @given(SCHEDULES, MOMENTS, st.integers(0, 30), st.integers(0, 30))
    def test_a_span_cut_in_two_gives_the_same_rounds(self, schedule, start, days, more):
        middle, end = start + timedelta(days), start + timedelta(days + more)
        halves = [
            *scheduling.occurrences(schedule, start, middle),
            *scheduling.occurrences(schedule, middle, end),
        ]
        self.assertEqual(halves, scheduling.occurrences(schedule, start, end))

    @settings(max_examples=100, deadline=None)
    @given(SCHEDULES, MOMENTS)
    def test_a_random_start_lies_in_its_window_and_tolerances_around_it(self, schedule, start):
        for one in scheduling.occurrences(schedule, start, start + timedelta(days=20)):
            delay = (one.planned - one.slot).total_seconds() / 60
            self.assertTrue(0 <= delay <= schedule.window)
            self.assertEqual(one.opens, one.planned - timedelta(minutes=schedule.early))
            self.assertEqual(one.deadline, one.planned + timedelta(minutes=schedule.late))

    def test_random_starts_differ_from_day_to_day_and_with_the_secret(self):
        slots = [datetime(2026, 1, day) for day in range(1, 29)]
        delays = {seed: [scheduling.delay(seed, slot, 59) for slot in slots] for seed in "ab"}
        self.assertGreater(len(set(delays["a"])), 10)
        self.assertNotEqual(delays["a"], delays["b"])

    def test_a_time_that_comes_twice_in_autumn_is_one_round(self):
        plan = scheduling.Schedule(scheduling.DAYS, 1, (time(2, 30),), FIRST, "Europe/Berlin")
        found = scheduling.occurrences(plan, datetime(2026, 10, 25), datetime(2026, 10, 26))
        self.assertEqual([one.slot for one in found], [datetime(2026, 10, 25, 0, 30)])

    def test_times_that_summer_time_makes_one_are_one_round(self):
        times = (time(2, 30), time(3, 30))
        plan = scheduling.Schedule(scheduling.DAYS, 1, times, FIRST, "Europe/Berlin")
        found = scheduling.occurrences(plan, datetime(2026, 3, 29), datetime(2026, 3, 30))
        self.assertEqual([one.slot for one in found], [datetime(2026, 3, 29, 1, 30)])

    @settings(max_examples=100, deadline=None)
    @given(st.sets(st.times().map(lambda t: t.replace(second=0, microsecond=0)), min_size=1))
    def test_times_are_read_as_they_are_written(self, times):
        text = "，".join(f"{one:%H:%M}" for one in times)
        self.assertEqual(scheduling.parse_times(text), tuple(sorted(times)))

    @settings(max_examples=120, deadline=None)
    @given(st.text("0123456789:, ：，x-", max_size=12))
    def test_any_text_is_times_or_refused(self, text):
        for read in (scheduling.parse_times, scheduling.parse_month_days):
            try:
                read(text)
            except ValueError as error:
                self.assertIn(error.args[0], text)


POINTS = st.builds(
    checkin.Point,
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
    radius=st.floats(1, 1e5),
)
FIXES = st.builds(
    checkin.Fix,
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
    accuracy=st.none() | st.floats(0, 1e4),
)
VISITS = st.lists(
    st.tuples(st.integers(1, 5), st.integers(0, 30), st.integers(0, 6)), max_size=8
).map(
    lambda rows: [
        checkin.Visit(key, point, point, minutes, datetime(2026, 1, 1) + timedelta(minutes=at))
        for key, (point, at, minutes) in enumerate(rows)
    ]
)


def cosine_distance(point, fix):
    """Measure by the law of cosines, which is plainer and loses digits on short ways."""
    a, b = math.radians(point.latitude), math.radians(fix.latitude)
    turn = math.radians(fix.longitude - point.longitude)
    cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(turn)
    return checkin.EARTH * math.acos(max(-1.0, min(1.0, cosine)))


@tagged("post_install", "-at_install")
class TestJudging(BaseCase):
    @settings(max_examples=120, deadline=None)
    @given(POINTS, FIXES)
    def test_distances_agree_with_the_law_of_cosines(self, point, fix):
        self.assertAlmostEqual(checkin.distance(point, fix), cosine_distance(point, fix), delta=500)
        back = checkin.distance(
            checkin.Point(fix.latitude, fix.longitude, 1),
            checkin.Fix(point.latitude, point.longitude),
        )
        self.assertAlmostEqual(checkin.distance(point, fix), back, places=3)

    @settings(max_examples=120, deadline=None)
    @given(POINTS, FIXES)
    def test_inaccuracy_speaks_for_the_person_and_no_further_than_its_credit(self, point, fix):
        is_outside = "outside_radius" in checkin.judge_place(point, fix)
        away = checkin.distance(point, fix)
        if away <= point.radius:
            self.assertFalse(is_outside)
        if away > point.radius + checkin.CREDIT:
            self.assertTrue(is_outside)

    @settings(max_examples=120, deadline=None)
    @given(VISITS, st.booleans(), st.randoms(use_true_random=False))
    def test_order_and_speed_are_those_of_comparing_every_pair(self, visits, is_strict, random):
        shuffled = random.sample(visits, len(visits))
        ordered = sorted(shuffled, key=lambda visit: (visit.at, visit.position))
        found = checkin.judge_order(shuffled, is_strict)
        for index, visit in enumerate(ordered):
            before = ordered[:index]
            wanted = set()
            if is_strict and any(other.position > visit.position for other in before):
                wanted.add("out_of_order")
            others = [other for other in before if other.point != visit.point]
            if others and (visit.at - others[-1].at).total_seconds() < visit.minutes * 30:
                wanted.add("too_fast")
            self.assertEqual(found[visit.key], wanted)

    @settings(max_examples=120, deadline=None)
    @given(st.sets(st.integers(1, 9)), st.lists(st.integers(1, 12)))
    def test_coverage_counts_each_required_point_once(self, required, visited):
        count, share = checkin.coverage(required, visited)
        self.assertEqual(count, sum(any(v == r for v in visited) for r in required))
        self.assertTrue(0 <= share <= 1)
        self.assertEqual(share == 1, bool(required) and required <= set(visited))

    @settings(max_examples=120, deadline=None)
    @given(MOMENTS, st.integers(-400000, 400000), st.integers(0, 100000))
    def test_a_wrong_clock_is_taken_out(self, happened, skew, delay):
        received = happened + timedelta(seconds=delay)
        told = happened + timedelta(seconds=skew)
        self.assertEqual(checkin.true_time(told, skew, received), happened)


@tagged("post_install", "-at_install")
class TestReading(BaseCase):
    @settings(max_examples=120, deadline=None)
    @given(
        ANYTHING
        | st.fixed_dictionaries(
            {"round": st.just(1) | ANYTHING, "method": st.just("qr") | ANYTHING},
            optional=dict.fromkeys(
                ("checkpoint", "code", "nfc", "lat", "lon", "accuracy", "results"), ANYTHING
            ),
        )
    )
    def test_whatever_is_sent_is_read_or_refused(self, sent):
        for read in (payload.read_checkin, payload.read_step):
            try:
                values = read(sent)
            except payload.Wrong as wrong:
                self.assertTrue(wrong.path)
                continue
            self.assertIsInstance(values["round"], int)

    @settings(max_examples=120, deadline=None)
    @given(st.sampled_from(["yes_no", "choice", "number", "text", "photo"]), ANYTHING)
    def test_any_value_is_read_or_refused_and_can_be_judged(self, kind, value):
        expected = results.Expected(kind, low=0.0, choices=frozenset({1, 2}))
        try:
            read = results.read_value(expected, value)
        except (ValueError, TypeError) as error:
            self.assertIsInstance(error, ValueError)
            return
        self.assertIsInstance(results.is_abnormal(expected, read), bool)

    @settings(max_examples=120, deadline=None)
    @given(st.binary(min_size=1, max_size=10), st.sampled_from([":", "-", " ", ""]))
    def test_a_tag_is_the_same_however_it_is_written(self, uid, separator):
        text = separator.join(f"{byte:02x}" for byte in uid)
        self.assertEqual(codes.normalise_nfc(text), uid.hex().upper())
        self.assertEqual(codes.normalise_nfc(codes.normalise_nfc(text)), uid.hex().upper())

    @settings(max_examples=120, deadline=None)
    @given(st.text(max_size=30))
    def test_any_text_has_a_code_or_none(self, text):
        self.assertEqual(codes.code_of(codes.code_of(text)), codes.code_of(text))

    @settings(max_examples=120, deadline=None)
    @given(MOMENTS, st.integers(0, 100), st.none() | MOMENTS, st.booleans(), MOMENTS)
    def test_a_round_has_one_state_that_time_alone_makes_worse(self, opens, late, at, off, now):
        facts = states.Facts(opens, opens + timedelta(minutes=late), at, None, off)
        self.assertIn(states.state_of(facts, now), states.STATES)
        later = states.state_of(facts, now + timedelta(days=400))
        self.assertIn(later, (states.MISSED, states.INCOMPLETE, states.CANCELLED))

    def test_the_examples_of_the_kernels_hold(self):
        for name in ("checkin", "codes", "payload", "qr", "results", "scheduling", "states"):
            module = import_module(f"odoo.addons.inspection_round.tools.{name}")
            found = doctest.testmod(module)
            with self.subTest(name):
                self.assertEqual(found.failed, 0)
