import doctest
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import certificate, upkeep
from ..tools.upkeep import Calendar, Counter, History

FIRST = date(2023, 12, 1)
days = st.integers(0, 900).map(lambda n: FIRST + timedelta(days=n))
calendars = st.builds(
    Calendar, days, st.integers(1, 15), st.sampled_from(["day", "week", "month", "year"])
)
readings = st.integers(0, 50_000).map(lambda n: Decimal(n) / 10)
counters = st.builds(Counter, readings, st.integers(1, 5000).map(lambda n: Decimal(n) / 10))


def walk(calendar, limit):
    """Go through the days one by one, as somebody with a wall calendar would."""
    found, day, periods = [], calendar.start, 0
    while day <= limit:
        wanted = calendar.start.day
        months = {"month": 1, "year": 12}.get(calendar.unit)
        if months:
            gap = (day.year - calendar.start.year) * 12 + day.month - calendar.start.month
            last = (day + timedelta(days=1)).month != day.month
            hit = day.day == wanted or (last and day.day < wanted)
            if hit and gap == periods * months * calendar.every:
                found.append(day)
                periods += 1
        elif (day - calendar.start).days % (
            {"day": 1, "week": 7}[calendar.unit] * calendar.every
        ) == 0:
            found.append(day)
        day += timedelta(days=1)
    return found


@tagged("post_install", "-at_install")
class TestUpkeepKernel(BaseCase):
    def test_the_examples_hold(self):
        for module in (upkeep, certificate):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)

    @given(calendars, days)
    def test_due_days_are_those_of_a_wall_calendar(self, calendar, limit):
        self.assertEqual(upkeep.fixed_dues(calendar, limit), walk(calendar, limit))

    @given(calendars, st.lists(days, min_size=1, max_size=6))
    def test_runs_at_any_days_raise_every_due_day_once(self, calendar, runs):
        raised = []
        for run in sorted(runs):
            raised += upkeep.fixed_dues(calendar, run, raised[-1] if raised else None)
        self.assertEqual(raised, walk(calendar, max(runs)))

    @given(calendars, days)
    def test_the_next_due_day_is_the_first_that_was_not_raised(self, calendar, limit):
        raised = upkeep.fixed_dues(calendar, limit)
        following = upkeep.next_due(calendar, raised[-1] if raised else None)
        self.assertGreater(following, limit) if raised else self.assertGreaterEqual(
            following, calendar.start
        )
        self.assertEqual(upkeep.fixed_dues(calendar, following), [*raised, following])

    @given(counters, readings)
    def test_counter_dues_are_those_counted_one_by_one(self, counter, limit):
        wanted, at = [], counter.start
        while at <= limit:
            wanted.append(at)
            at += counter.every
        self.assertEqual(upkeep.fixed_dues(counter, limit), wanted)

    def test_a_slip_of_years_or_steps_makes_no_endless_orders(self):
        daily, limit = Calendar(date(1900, 1, 1), 1, "day"), date(2026, 6, 1)
        self.assertEqual(upkeep.to_raise(daily, limit, History(), "fixed", "every")[-1][0], limit)
        tiny = Counter(Decimal(0), Decimal("0.001"))
        for rhythm, end in ((daily, limit), (tiny, Decimal(10**13))):
            orders = upkeep.to_raise(rhythm, end, History(), "fixed", "every")
            self.assertEqual(len(orders), upkeep.MOST_DUES)
            [(_due, missed)] = upkeep.to_raise(rhythm, end, History(), "fixed")
            self.assertEqual(len(missed), upkeep.MOST_DUES - 1)

    @given(calendars, days)
    def test_work_done_earlier_or_later_moves_the_next_due_day(self, calendar, done):
        self.assertEqual(upkeep.due_from_done(calendar), calendar.start)
        due = upkeep.due_from_done(calendar, done)
        self.assertGreater(due, done)
        self.assertEqual(due, calendar.after(done))

    @given(calendars, st.lists(st.tuples(days, st.booleans()), min_size=1, max_size=8))
    def test_one_order_at_a_time_stands_for_all_that_was_missed(self, calendar, runs):
        raised, done, is_open, answered = None, None, False, []
        for today, finished in sorted(runs):
            if is_open and finished:
                done, is_open = today, False
            history = History(raised, done, is_open)
            orders = upkeep.to_raise(calendar, today, history, "fixed", "latest")
            self.assertLessEqual(len(orders), 0 if is_open else 1)
            for due, missed in orders:
                raised, is_open = due, True
                answered += [*missed, due]
                self.assertEqual(due, walk(calendar, today)[-1])
        self.assertEqual(answered, sorted(set(answered)), "no due day is raised twice")

    @given(calendars, st.lists(st.tuples(days, st.booleans()), min_size=1, max_size=8))
    def test_from_last_done_the_next_order_waits_for_the_one_before(self, calendar, runs):
        done, is_open, dues = None, False, []
        for today, finished in sorted(runs):
            if is_open and finished:
                done, is_open = today, False
            history = History(dues[-1] if dues else None, done, is_open)
            for due, missed in upkeep.to_raise(calendar, today, history, "last_done"):
                self.assertFalse(is_open or missed)
                self.assertEqual(due, calendar.after(done) if done else calendar.start)
                self.assertLessEqual(due, today)
                dues.append(due)
                is_open = True
        self.assertEqual(dues, sorted(set(dues)))

    @given(calendars, days, st.sampled_from(["fixed", "last_done"]))
    def test_what_is_upcoming_is_what_is_raised_next(self, calendar, done, anchor):
        history = History(done=done)
        due = upkeep.upcoming(calendar, history, anchor)
        [(raised, missed)] = upkeep.to_raise(calendar, due, history, anchor)
        self.assertEqual((raised, missed), (due, ()))

    @given(readings, readings, st.integers(1, 400), readings)
    def test_a_counter_reaches_its_target_at_the_recent_pace(self, first, more, span, further):
        latest, today = first + more, FIRST + timedelta(days=span)
        target = latest + further
        day = upkeep.forecast(latest, today, (FIRST, first), target)
        if not further:
            self.assertEqual(day, today)
        elif not more:
            self.assertIsNone(day)
        else:
            left = (day - today).days
            self.assertLessEqual(more * left, further * span)
            self.assertTrue(left == upkeep.FORECAST_DAYS or more * (left + 1) > further * span)


@tagged("post_install", "-at_install")
class TestCertificateKernel(BaseCase):
    @given(days, st.sets(st.integers(-90, 90)))
    def test_each_warning_is_given_at_most_once_and_the_tightest_is_not_missed(self, expiry, runs):
        told, warned = [], None
        for offset in sorted(runs):
            found = certificate.due_warning(expiry, expiry + timedelta(days=offset), warned)
            if found is not None:
                told.append(found)
                warned = found
        self.assertEqual(told, sorted(set(told), reverse=True))
        if runs:
            reached = certificate.stage(expiry, expiry + timedelta(days=max(runs)))
            self.assertEqual(told[-1:], [] if reached is None else [reached])

    @given(days)
    def test_a_run_every_day_gives_every_warning_on_its_own_day(self, expiry):
        told, warned = [], None
        for offset in range(-90, 10):
            found = certificate.due_warning(expiry, expiry + timedelta(days=offset), warned)
            if found is not None:
                told.append((-offset, found))
                warned = found
        self.assertEqual(told, [(60, 60), (30, 30), (7, 7), (-1, 0)])
