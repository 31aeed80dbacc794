"""Stays out of reads: nothing that a camera, a clock or a network does makes two out of one."""

import doctest
import random
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import gate_decision, pairing, plate_class, space_sharing
from ..tools.gate_decision import Facts, Rules, decide
from ..tools.pairing import Read, pair

START = datetime(2026, 3, 1, 8, 0)
few = settings(max_examples=150)
seeds = st.integers(0, 2**32)


def at(minutes, seconds=0):
    return START + timedelta(minutes=minutes, seconds=seconds)


def read(key, direction, minutes, received=None, **values):
    moment = at(minutes)
    return Read(key, direction, moment, received or moment, **values)


def trips(rng):
    """Return true stays as clean reads: (in, out) far apart."""
    clock, reads = 0, []
    for number in range(rng.randrange(1, 6)):
        clock += rng.randrange(5, 500)
        reads.append(read(f"i{number}", "in", clock))
        clock += rng.randrange(5, 500)
        reads.append(read(f"o{number}", "out", clock))
    return reads


def noisy(rng):
    """Return reads with everything that goes wrong."""
    reads = [r for r in trips(rng) if rng.random() < 0.8]
    for r in list(reads):
        if rng.random() < 0.3:
            reads.append(r)
        if rng.random() < 0.3:
            late = r.at + timedelta(seconds=rng.randrange(0, 60))
            reads.append(Read(r.key + "'", rng.choice(("in", "out")), late, late))
        if rng.random() < 0.1:
            wrong = r.at + timedelta(hours=rng.choice((-9, 9)))
            reads.append(Read(r.key + "!", r.direction, wrong, r.received, rng.random() < 0.5))
    return reads


def pairs(stays):
    return [(stay.in_key, stay.out_key) for stay in stays]


@tagged("post_install", "-at_install")
class TestPairing(BaseCase):
    def test_documented_examples_hold(self):
        for module in (pairing, gate_decision, plate_class, space_sharing):
            with self.subTest(module=module.__name__):
                self.assertFalse(doctest.testmod(module).failed)

    @few
    @given(seeds)
    def test_clean_reads_give_the_true_stays(self, seed):
        reads = trips(random.Random(seed))  # noqa: S311
        stays, anomalies = pair(reads)
        keys = [r.key for r in reads]
        self.assertEqual(pairs(stays), list(zip(keys[::2], keys[1::2], strict=True)))
        self.assertFalse(anomalies)

    @few
    @given(seeds)
    def test_the_order_of_arrival_and_repetitions_change_nothing(self, seed):
        rng = random.Random(seed)  # noqa: S311
        reads = noisy(rng)
        stays, anomalies = pair(reads)
        again = reads + rng.choices(reads, k=5) if reads else []
        rng.shuffle(again)
        stays_again, anomalies_again = pair(again)
        self.assertEqual(stays, stays_again)
        self.assertLessEqual(anomalies, anomalies_again)
        self.assertLessEqual({odd.kind for odd in anomalies_again - anomalies}, {"replay"})

    @few
    @given(seeds)
    def test_every_read_is_in_one_stay_or_named_a_duplicate(self, seed):
        reads = noisy(random.Random(seed))  # noqa: S311
        stays, anomalies = pair(reads)
        used = [key for stay in stays for key in (stay.in_key, stay.out_key) if key]
        duplicates = [odd.key for odd in anomalies if odd.kind == "duplicate"]
        self.assertEqual(sorted(used + duplicates), sorted({r.key for r in reads}))

    @few
    @given(seeds)
    def test_stays_of_one_car_follow_each_other(self, seed):
        stays, _anomalies = pair(noisy(random.Random(seed)))  # noqa: S311
        times = [m for stay in stays for m in (stay.entry, stay.exit) if m]
        self.assertEqual(times, sorted(times))
        self.assertFalse([stay for stay in stays[:-1] if stay.is_open])

    @few
    @given(seeds)
    def test_a_camera_that_reads_twice_makes_no_second_stay(self, seed):
        rng = random.Random(seed)  # noqa: S311
        reads = trips(rng)
        late = [r.at + timedelta(seconds=rng.randrange(1, 30)) for r in reads]
        twice = [Read(r.key + "'", r.direction, m, m) for r, m in zip(reads, late, strict=True)]
        stays, anomalies = pair(reads + twice)
        self.assertEqual(pairs(stays), pairs(pair(reads)[0]))
        self.assertEqual({odd.kind for odd in anomalies}, {"duplicate"})

    def test_a_car_that_waits_at_the_camera_comes_once_however_often_it_is_read(self):
        waits = [Read(f"w{n}", "in", at(0, 20 * n), at(0, 20 * n)) for n in range(30)]
        stays, anomalies = pair([*waits, read("o", "out", 60)])
        self.assertEqual(pairs(stays), [("w0", "o")])
        again = {("duplicate", one.key) for one in waits[1:]}
        self.assertEqual({(odd.kind, odd.key) for odd in anomalies}, again)

    def test_a_way_out_that_was_not_read_ends_the_old_stay(self):
        stays, anomalies = pair([read("a", "in", 0), read("b", "in", 300), read("c", "out", 400)])
        self.assertEqual(pairs(stays), [("a", None), ("b", "c")])
        self.assertEqual({(odd.kind, odd.key) for odd in anomalies}, {("missed_out", "a")})

    def test_a_way_in_that_was_not_read_leaves_the_beginning_open(self):
        stays, anomalies = pair([read("a", "out", 0)])
        self.assertEqual((pairs(stays), stays[0].entry), ([(None, "a")], None))
        self.assertEqual({(odd.kind, odd.key) for odd in anomalies}, {("missed_in", "a")})

    def test_lanes_whose_clocks_differ_make_one_stay(self):
        stays, anomalies = pair([read("o", "out", 0), read("i", "in", 1)])
        self.assertEqual(pairs(stays), [("i", "o")])
        self.assertEqual({odd.kind for odd in anomalies}, {"out_before_in"})

    def test_a_camera_with_a_wrong_clock_is_read_at_our_time(self):
        wrong = Read("a", "in", at(-180), at(0))
        stays, anomalies = pair([wrong, read("b", "out", 60)])
        self.assertEqual((stays[0].entry, {odd.kind for odd in anomalies}), (at(0), {"clock_skew"}))

    def test_an_offline_controller_keeps_its_own_times(self):
        reads = [
            Read("a", "in", at(-180), at(0), is_live=False),
            Read("b", "out", at(-60), at(0), is_live=False),
        ]
        stays, anomalies = pair(reads)
        self.assertEqual((stays[0].entry, stays[0].exit, anomalies), (at(-180), at(-60), set()))

    def test_a_key_used_for_something_else_is_kept_apart(self):
        other = Read("a", "out", at(90), at(90))
        stays, anomalies = pair([read("a", "in", 0), other])
        self.assertEqual(pairs(stays), [("a", None)])
        self.assertEqual({(odd.kind, odd.key) for odd in anomalies}, {("conflict", "a")})


@tagged("post_install", "-at_install")
class TestGateDecision(BaseCase):
    def test_the_first_reason_that_holds_decides(self):
        own, monthly = ("owner_space", "valid", True), ("monthly", "valid", True)
        grace, taken = ("monthly", "grace", True), ("owner_space", "valid", False)
        for facts, wanted in (
            (Facts(listed="black", passes=(own,)), ("refuse", "black")),
            (Facts(listed="white", passes=(own,)), ("open", "white")),
            (Facts(passes=(monthly, own)), ("open", "owner_space")),
            (Facts(passes=(grace, monthly)), ("open", "monthly")),
            (Facts(passes=(grace,), has_visit=True), ("open", "grace")),
            (Facts(passes=(taken,), has_visit=True), ("open", "visitor")),
            (Facts(passes=(taken,)), ("open", "temporary")),
            (Facts(), ("open", "temporary")),
        ):
            decision = decide(facts, Rules())
            self.assertEqual((decision.action, decision.category), wanted, facts)

    def test_an_area_may_be_for_pass_holders_only(self):
        rules = Rules(is_temporary_allowed=False)
        self.assertEqual(decide(Facts(), rules).action, "refuse")
        self.assertEqual(decide(Facts(has_visit=True), rules).action, "open")

    def test_an_unsure_plate_goes_to_the_guard_even_when_it_is_on_a_list(self):
        for listed in (None, "white", "black"):
            decision = decide(Facts(confidence=84.9, listed=listed), Rules(confidence_min=85))
            self.assertEqual(decision.action, "confirm")
