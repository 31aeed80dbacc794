"""The kernels of rules against generated input, and against plainer ways to the same answer."""

import ast
from datetime import datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import expressions, judging, measuring, windows
from .test_kernels import VALUES

AT = datetime(2026, 3, 2)
NAMES = frozenset({"payload", "metrics"})
SNIPPETS = st.sampled_from(
    [
        *("payload", "metrics", ".a", "['a']", "[0]", " + ", " * ", " - ", " / ", " % ", " ** "),
        *(
            " and ",
            " or ",
            "not ",
            " in ",
            " == ",
            " > ",
            "(",
            ")",
            "1",
            "10000000",
            "'x'",
            "[1, 2]",
        ),
        *(
            "has(",
            "default(",
            "len(",
            "min(",
            "round(",
            "text(",
            ", ",
            " if ",
            " else ",
            "lambda: ",
        ),
        *(".__class__", "__import__('os')", "[x for x in payload]", " & ", " << ", "~", " >> "),
        *("{", "}", "f'{payload}'", ":=", "true", "null", "\n", "open('x')", "*payload"),
    ]
)


@tagged("post_install", "-at_install")
class TestExpressions(BaseCase):
    @settings(max_examples=400, deadline=None)
    @given(st.lists(SNIPPETS, max_size=10).map("".join), VALUES)
    def test_any_text_is_refused_or_gives_plain_values_and_nothing_escapes(self, text, payload):
        try:
            expression = expressions.parse(text, NAMES)
        except expressions.Wrong as error:
            self.assertIn(error.args[0], vars(expressions).values())
            return
        scope = {"payload": payload, "metrics": {"a": 1.5}}
        try:
            found = expression.value(scope)
        except expressions.Undecided:
            return
        allowed = (bool, int, float, str, list, tuple, dict, type(None))
        self.assertIsInstance(found, allowed)
        self.assertLessEqual(len(str(found)), len(str(payload)) * 10 + 400)
        self.assertIsInstance(expression.facts(scope), str)

    @given(st.integers(-20, 20), st.integers(-20, 20), st.booleans())
    def test_what_python_says_is_what_a_condition_says(self, a, b, c):
        scope = {"payload": {"a": a, "b": b, "c": c}, "metrics": {}}
        for text in (
            "payload.a > payload.b and payload.c",
            "payload.a + 2 * payload.b - 3 >= 0 or not payload.c",
            "payload.a in [1, 2, 3] or payload.b not in (4, 5)",
            "payload.a if payload.c else payload.b",
            "-payload.a <= payload.b < 7",
            "(payload.a & 5) == 5 and (payload.b | 2) > 3",
            "abs(payload.a) > max(payload.b, 3)",
        ):
            plain = text.replace("payload.a", "a").replace("payload.b", "b")
            plain = plain.replace("payload.c", "c")
            wanted = eval(plain, {}, {"a": a, "b": b, "c": c})  # noqa: S307 - texts of this test
            self.assertEqual(expressions.parse(text, NAMES).value(scope), wanted, text)

    def test_numbers_do_not_grow_and_texts_are_not_repeated(self):
        big = {"payload": {"n": 10**4000, "s": "x" * 1000}, "metrics": {}}
        text = " * ".join(["payload.n"] * 20)
        with self.assertRaises(expressions.Undecided):
            expressions.parse(text, NAMES).value(big)
        for text in ("payload.s * 1000000", "payload.s + payload.s", "payload.s % 5"):
            with self.subTest(text=text), self.assertRaises(expressions.Undecided):
                expressions.parse(text, NAMES).value(big)

    def test_what_could_reach_further_is_refused_when_it_is_read(self):
        for text in (
            "().__class__.__bases__",
            "payload.__class__",
            "__builtins__",
            "_scope",
            "_get(payload, 1)",
            "getattr(payload, 'x')",
            "payload.get('a')",
            "(lambda: 1)()",
            "[x for x in payload.a]",
            "f'{payload}'",
            "payload.a ** 2",
            "1 << 99",
            "payload[1:2]",
            "(x := 1)",
            "len(*payload)",
            "min(payload.a, key=len)",
        ):
            with self.subTest(text=text), self.assertRaises(expressions.Wrong):
                expressions.parse(text, NAMES)

    def test_a_field_that_is_missing_is_told_from_one_that_is_of_another_kind(self):
        scope = {"payload": {"a": None, "t": "x", "l": [1]}, "metrics": {}}
        for text in ("payload.b > 1", "payload.a > 1", "payload.l[3] > 1", "payload.l.x > 1"):
            with self.subTest(text=text), self.assertRaises(expressions.Missing):
                expressions.parse(text, NAMES).truth(scope)
        for text in ("payload.t > 1", "payload.t", "payload.l[0] / 0 > 1", "starts(1, 'a')"):
            with self.subTest(text=text), self.assertRaises(expressions.Undecided) as caught:
                expressions.parse(text, NAMES).truth(scope)
            self.assertNotIsInstance(caught.exception, expressions.Missing)
        self.assertTrue(expressions.parse("default(payload.b, 5) == 5", NAMES).truth(scope))
        self.assertFalse(expressions.parse("has(payload.b.c.d)", NAMES).truth(scope))


class Plain:
    """The same rules the long way: everything is worked out anew from all that was ever heard."""

    def __init__(self, terms):
        self.terms, self.words, self.fired, self.active = terms, [], [], False

    def hear(self, word):
        """Return the effect of a message."""
        heard = [one for one in self.words if one.holds is not None or one.is_over is not None]
        if heard and word.moment < max(one.moment for one in heard):
            return None
        if word.holds is None and word.is_over is None:
            return None
        self.words.append(word)
        if self.active:
            if word.is_over and not word.holds:
                self.active, self.words = False, [replace_holds(word)]
                return judging.ENDED
            if not word.holds:
                return None
            if self.terms.is_reminding and self.free(word.received):
                self.fired.append(word.received)
                return judging.AGAIN
            return judging.GOES_ON
        run = self.run()
        if not word.holds or len(run) < self.terms.repeats or not self.free(word.received):
            return None
        held = max(run[-1].moment - run[0].moment, word.received - run[0].received)
        return self.fire(word.received) if held >= self.terms.duration else None

    def tick(self, now):
        """Return the effect of a second that goes by."""
        if self.active:
            if self.terms.is_reminding and self.free(now):
                self.fired.append(now)
                return judging.AGAIN
            return None
        run = self.run()
        if not run or len(run) < self.terms.repeats or not self.free(now):
            return None
        return self.fire(now) if now - run[0].received >= self.terms.duration else None

    def run(self):
        """Return the messages in a row, up to the last one, that matched."""
        found = []
        for word in reversed(self.words):
            if word.holds is False:
                break
            if word.holds:
                found.insert(0, word)
        return found

    def free(self, now):
        cool = not self.fired or now - self.fired[-1] >= self.terms.cooldown
        return cool and (not self.terms.window or self.terms.window.is_open(now))

    def fire(self, now):
        self.fired.append(now)
        self.active = True
        return judging.BEGUN


def replace_holds(word):
    return judging.Word(False, None, word.moment, word.received)


SECONDS = st.integers(0, 4)
STEP = st.tuples(
    st.integers(0, 7),
    st.integers(0, 3),
    st.sampled_from([True, True, False, None]),
    st.sampled_from([True, False, None]),
)
WINDOWS = st.none() | st.builds(
    windows.Window,
    st.just("UTC"),
    st.just(frozenset(range(7))),
    st.sampled_from([0, 1, 2]),
    st.sampled_from([0, 1, 2]),
)


@tagged("post_install", "-at_install")
class TestJudging(BaseCase):
    @settings(max_examples=400, deadline=None)
    @given(
        st.lists(STEP, max_size=25),
        st.integers(0, 12),
        st.integers(1, 3),
        st.integers(0, 12),
        st.booleans(),
        WINDOWS,
    )
    def test_step_by_step_is_what_it_is_when_worked_out_from_the_beginning(
        self, steps, duration, repeats, cooldown, reminds, window
    ):
        terms = judging.Terms(
            duration=timedelta(seconds=duration),
            repeats=repeats,
            cooldown=timedelta(seconds=cooldown),
            is_reminding=reminds and bool(cooldown),
            window=window,
        )
        plain, state, now = Plain(terms), judging.State(), AT + timedelta(seconds=50)
        for pause, delay, holds, is_over in steps:
            for _second in range(pause):
                now += timedelta(seconds=1)
                state, effect = judging.tick(state, terms, now)
                self.assertEqual(effect, plain.tick(now))
            over = is_over if state.phase == judging.ACTIVE else None
            word = judging.Word(holds, over, now - timedelta(seconds=delay), now)
            state, effect = judging.hear(state, terms, word, now)
            self.assertEqual(effect, plain.hear(word), (word, state))
            self.assertEqual(state.phase == judging.ACTIVE, plain.active)

    @given(
        st.lists(st.tuples(st.integers(0, 9), st.sampled_from([True, False, None])), max_size=30)
    )
    def test_a_rule_for_each_message_counts_those_in_a_row(self, steps):
        terms = judging.Terms(is_lasting=False, repeats=3, cooldown=timedelta(seconds=10))
        state, now, row, fired = judging.State(), AT, 0, None
        for pause, holds in steps:
            now += timedelta(seconds=pause)
            state, effect = judging.hear(state, terms, judging.Word(holds, None, now, now), now)
            row = {True: row + 1, False: 0, None: row}[holds]
            is_cool = fired is None or now - fired >= terms.cooldown
            wanted = bool(holds and row >= 3 and is_cool)
            self.assertEqual(effect == judging.MATCHED, wanted)
            if wanted:
                row, fired = 0, now

    def test_a_look_that_comes_after_the_hours_puts_it_off_to_the_next_ones(self):
        window = windows.Window("UTC", frozenset(range(7)), 60, 120)
        terms = judging.Terms(duration=timedelta(minutes=5), window=window)
        state, _effect = judging.hear(judging.State(), terms, judging.Word(True, None, AT, AT), AT)
        self.assertEqual(state.due_at, AT + timedelta(hours=1))
        state, effect = judging.tick(state, terms, AT + timedelta(hours=3))
        self.assertEqual((effect, state.due_at), (None, AT + timedelta(hours=25)))
        state, effect = judging.tick(state, terms, AT + timedelta(hours=25))
        self.assertEqual(effect, judging.BEGUN)

    def test_old_news_begin_nothing_and_may_end(self):
        terms = judging.Terms(oldest=timedelta(minutes=10))
        old = AT - timedelta(minutes=11)
        state, effect = judging.hear(judging.State(), terms, judging.Word(True, False, old, AT), AT)
        self.assertEqual((state.phase, effect), (judging.IDLE, None))
        state, _effect = judging.hear(state, terms, judging.Word(True, False, old, old), old)
        self.assertEqual(state.phase, judging.ACTIVE)
        later = old + timedelta(seconds=1)
        state, effect = judging.hear(state, terms, judging.Word(False, True, later, AT), AT)
        self.assertEqual(effect, judging.ENDED)


@tagged("post_install", "-at_install")
class TestWindows(BaseCase):
    @settings(max_examples=60, deadline=None)
    @given(
        st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York"]),
        st.frozensets(st.integers(0, 6), min_size=1),
        st.integers(0, 1439),
        st.integers(0, 1439),
        st.integers(0, 7 * 1440),
    )
    @example("UTC", frozenset({0}), 0, 0, 1440)
    def test_the_next_opening_is_the_first_minute_that_is_open(self, zone, days, start, end, at):
        # a week in which no clock of these is changed
        window = windows.Window(zone, days, start, end)
        moment = datetime(2026, 6, 1) + timedelta(minutes=at)
        found = window.next_open(moment)
        probe = moment
        while not window.is_open(probe):
            probe += timedelta(minutes=1)
        self.assertEqual(found, probe)

    def test_the_day_on_which_the_hours_begin_counts(self):
        night = windows.Window("Asia/Shanghai", frozenset({4}), 22 * 60, 6 * 60)
        hours = [
            hour
            for hour in range(24 * 7)
            if night.is_open(datetime(2026, 1, 4, 16) + timedelta(hours=hour))  # Monday, 0:00 there
        ]
        self.assertEqual(hours, list(range(4 * 24 + 22, 5 * 24 + 6)))

    def test_without_days_there_is_no_opening(self):
        self.assertIsNone(windows.Window("UTC", frozenset(), 0, 0).next_open(AT))

    @settings(max_examples=80, deadline=None)
    @given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 3 * 1440))
    def test_an_opening_is_open_also_when_clocks_are_changed(self, start, end, at):
        window = windows.Window("Europe/Berlin", frozenset(range(7)), start, end)
        moment = datetime(2026, 3, 28) + timedelta(minutes=at)
        found = window.next_open(moment)
        self.assertGreaterEqual(found, moment)
        self.assertLessEqual(found - moment, timedelta(days=1, hours=2))


@tagged("post_install", "-at_install")
class TestMeasuring(BaseCase):
    @given(VALUES | st.floats() | st.text(), st.sampled_from(["number", "switch", "text"]))
    def test_any_value_is_read_or_left_and_fits_the_database(self, value, kind):
        found = measuring.read(value, kind, 0.1)
        if found is None:
            return
        if kind == "text":
            self.assertLessEqual(len(found), measuring.LONGEST)
            self.assertNotIn("\0", found.encode().decode())
        else:
            self.assertTrue(abs(found) < float("inf"))

    def test_tenths_are_exact_as_people_read_them(self):
        for number in range(1000):
            found = measuring.read(number, "number", 0.1)
            self.assertEqual(found, float(ast.literal_eval(f"{number // 10}.{number % 10}")))
