"""Kernels against oracles that count minutes and turns one by one."""

from collections import Counter
from datetime import datetime, timedelta
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ..tools.dispatch import least_loaded, round_robin
from ..tools.sla import due_at, running_spans, worked_hours
from ..tools.workflow import DESK_KINDS, EVENTS, STEPS, events_from, may_happen

START = datetime(2026, 1, 5)
MINUTE = timedelta(minutes=1)


def at(minute):
    return START + minute * MINUTE


@st.composite
def spans(draw, most, overlap):
    """Draw (begin, end) pairs in minutes, ordered and apart unless they may overlap."""
    points = draw(st.lists(st.integers(0, most), max_size=12, unique=True).map(sorted))
    pairs = list(zip(points[::2], points[1::2], strict=False))
    if overlap:
        pairs = draw(st.permutations(pairs + draw(st.lists(st.sampled_from(pairs or [(0, 0)])))))
    return pairs


@st.composite
def clocks(draw):
    """Draw working time, pauses (the last may still last) and a start."""
    work = draw(spans(600, overlap=False))
    pauses = draw(spans(600, overlap=True))
    open_pause = draw(st.none() | st.integers(0, 600))
    stops = [(at(a), at(b)) for a, b in pauses]
    if open_pause is not None:
        stops.append((at(open_pause), None))
    return [(at(a), at(b)) for a, b in work], stops, at(draw(st.integers(0, 600)))


def running(minute, work, pauses, start):
    """Tell whether the clock runs in the minute that begins here."""
    return (
        minute >= start
        and any(begin <= minute < end for begin, end in work)
        and not any(stop <= minute and (go is None or minute < go) for stop, go in pauses)
    )


class TestClockKernel(TestCase):
    @given(clocks())
    def test_the_clock_runs_in_the_minutes_the_oracle_counts(self, clock):
        work, pauses, start = clock
        counted = {m for m in range(601) if running(at(m), work, pauses, start)}
        found = {
            m
            for begin, end in running_spans(work, start, pauses)
            for m in range((begin - START) // MINUTE, (end - START) // MINUTE)
        }
        self.assertEqual(found, counted)

    @given(clocks(), st.integers(1, 300))
    def test_a_deadline_comes_after_exactly_so_many_running_minutes(self, clock, minutes):
        work, pauses, start = clock
        counted = [m for m in range(601) if running(at(m), work, pauses, start)]
        due = due_at(work, start, minutes / 60, pauses)
        if len(counted) < minutes:
            self.assertIsNone(due)
        else:
            self.assertEqual(due, at(counted[minutes - 1] + 1))

    @given(clocks(), st.integers(0, 600))
    def test_worked_hours_are_the_running_minutes_before_the_end(self, clock, end):
        work, pauses, start = clock
        counted = sum(running(at(m), work, pauses, start) for m in range(end))
        self.assertAlmostEqual(worked_hours(work, start, at(end), pauses) * 60, counted)

    @given(clocks(), st.integers(1, 200), st.integers(0, 500), st.integers(1, 60))
    def test_a_pause_never_brings_a_deadline_forward(self, clock, minutes, stop, length):
        work, pauses, start = clock
        before = due_at(work, start, minutes / 60, pauses)
        after = due_at(work, start, minutes / 60, [*pauses, (at(stop), at(stop + length))])
        self.assertTrue(after is None or (before is not None and after >= before))


class TestTurnKernel(TestCase):
    @given(st.lists(st.integers(), min_size=1, max_size=7, unique=True), st.integers(1, 5))
    def test_in_turn_everybody_gets_the_same_number(self, members, rounds):
        last, turns = None, []
        for _turn in range(len(members) * rounds):
            last = round_robin(members, last)
            turns.append(last)
        self.assertEqual(set(Counter(turns).values()), {rounds})

    @given(st.lists(st.integers(0, 9), min_size=1, max_size=6), st.integers(0, 40))
    def test_least_loaded_levels_the_loads(self, loads, jobs):
        members = list(range(len(loads)))
        load, last = dict(enumerate(loads)), None
        for _job in range(jobs):
            last = least_loaded(members, load, last)
            self.assertEqual(load[last], min(load.values()))
            load[last] += 1

    def test_nobody_on_shift_means_nobody(self):
        self.assertIsNone(round_robin([], 3))
        self.assertIsNone(least_loaded([], {}, 3))

    def test_among_equals_the_turn_goes_on_from_the_last(self):
        self.assertEqual(least_loaded([1, 2, 3], {1: 0, 2: 4, 3: 0}, last=2), 3)


class TestWorkflowKernel(TestCase):
    def test_every_event_leads_to_a_step_that_exists(self):
        for event in EVENTS.values():
            self.assertLessEqual(set(event.sources), set(STEPS))
            self.assertIn(event.target, (None, *STEPS))

    def test_every_step_but_new_can_be_reached(self):
        seen, queue = {"new"}, ["new"]
        while queue:
            step = queue.pop()
            for event in events_from(step, "repair"):
                target = EVENTS[event].target
                if target and target not in seen:
                    seen.add(target)
                    queue.append(target)
        self.assertEqual(seen, set(STEPS))

    def test_a_cancelled_request_stays_cancelled(self):
        self.assertFalse(any(may_happen(event, "cancelled", "repair") for event in EVENTS))

    def test_work_on_site_is_not_done_from_afar(self):
        for kind in ("repair", "cleaning", "other"):
            self.assertFalse(may_happen("done", "accepted", kind))
        for kind in DESK_KINDS:
            self.assertTrue(may_happen("done", "accepted", kind))
