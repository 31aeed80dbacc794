"""The kernels against generated input and slower, plainer ways to the same answer."""

import json
from datetime import datetime
from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import decoding, moments, paths, reading, topics

LEVELS = ("a", "b", "")
FILTER_LEVELS = ("a", "b", "", "+", "#")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)
AT = datetime(2026, 3, 1)


def is_filter(text):
    try:
        topics.check_filter(text)
    except topics.Malformed:
        return False
    return True


@tagged("post_install", "-at_install")
class TestTopics(BaseCase):
    def test_two_filters_overlap_exactly_when_some_topic_is_taken_by_both(self):
        every = [
            "/".join(levels) for size in (1, 2, 3, 4) for levels in product(LEVELS, repeat=size)
        ]
        filters = [
            "/".join(levels)
            for size in (1, 2, 3)
            for levels in product(FILTER_LEVELS, repeat=size)
            if is_filter("/".join(levels))
        ]
        self.assertGreater(len(filters), 60)
        taken = {one: {topic for topic in every if topics.matches(one, topic)} for one in filters}
        for one, other in product(filters, repeat=2):
            self.assertEqual(
                topics.overlap(one, other), bool(taken[one] & taken[other]), (one, other)
            )

    @given(st.text(max_size=12))
    def test_any_text_is_a_filter_or_is_refused_with_a_reason(self, text):
        try:
            topics.check_filter(text)
        except topics.Malformed as error:
            self.assertIn(error.args[0], vars(topics).values())
        else:
            self.assertTrue(topics.overlap(text, text))

    @given(st.text(max_size=12))
    def test_a_filled_template_is_always_a_topic_of_one_level_for_the_device(self, device):
        topic = topics.fill("cmd/{device}/ack", device)
        if topic is not None:
            topics.check_topic(topic)
            self.assertEqual(topic.split("/"), ["cmd", device, "ack"])


@tagged("post_install", "-at_install")
class TestReading(BaseCase):
    @given(st.binary(max_size=200), st.sampled_from(decoding.DECODERS))
    def test_any_bytes_are_read_or_refused_with_a_reason(self, payload, decoder):
        plan = reading.Plan(1, decoder=decoder, device=2, reference=("id",), moment=("ts",))
        try:
            found = reading.read(reading.Delivery("up/x", payload, AT), plan)
        except decoding.Unreadable as refused:
            self.assertTrue(refused.reason)
        else:
            self.assertEqual(found.device, "x")
            json.dumps(found.data)

    @given(VALUES, VALUES, VALUES)
    def test_values_of_any_type_give_texts_that_the_database_takes_or_a_reason(
        self, ident, ts, seq
    ):
        payload = json.dumps({"id": ident, "ts": ts, "seq": seq}).encode()
        plan = reading.Plan(
            1, device=2, reference=("id",), moment=("ts",), sequence=("seq",), largest=10**6
        )
        try:
            found = reading.read(reading.Delivery("up/x", payload, AT), plan)
        except decoding.Unreadable as refused:
            self.assertIn(refused.reason, ("wrong_type", "nul", "too_long", "too_deep", "not_json"))
            return
        self.assertTrue(found.reference is None or found.reference.encode())
        self.assertTrue(found.sequence is None or abs(found.sequence) < 2**63)
        self.assertIn(found.clock, ("device", "received", "future", "unreadable"))
        self.assertLessEqual(found.sent_at, AT + reading.AHEAD)

    @given(VALUES)
    def test_json_comes_back_as_it_was(self, value):
        text = json.dumps(value).encode()
        try:
            self.assertEqual(decoding.decode(text, "json", 10**6), value)
        except decoding.Unreadable as refused:
            self.assertEqual(refused.reason, "too_deep")

    @given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
    def test_keys_of_different_parts_differ(self, one, other):
        self.assertEqual(reading.digest(*one) == reading.digest(*other), one == other)

    @given(st.text(max_size=30))
    def test_any_text_is_a_time_or_none(self, text):
        found = moments.read(text, "Asia/Shanghai")
        self.assertTrue(found is None or found.tzinfo is None)

    @given(st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 30)))
    def test_times_are_read_as_seconds_milliseconds_and_texts(self, moment):
        moment = moment.replace(microsecond=0)
        seconds = int((moment - moments.EPOCH).total_seconds())
        for value in (
            seconds,
            seconds * 1000,
            str(seconds),
            moment.isoformat(),
            f"{moment:%Y-%m-%d %H:%M:%S}".rjust(19, "0"),
            f"{moment.isoformat()}Z",
        ):
            self.assertEqual(moments.read(value, "UTC"), moment, value)

    def test_chinese_times_are_read(self):
        self.assertEqual(
            moments.read("2026年1月2日 8:00:00", "Asia/Shanghai"), datetime(2026, 1, 2)
        )
        self.assertEqual(moments.read("20260102080000", "Asia/Shanghai"), datetime(2026, 1, 2))
        self.assertEqual(moments.read("2026/1/2 08:00", "Asia/Shanghai"), datetime(2026, 1, 2))

    @given(st.lists(st.integers(0, 9) | st.sampled_from(["a", "b c", "数"]), max_size=6))
    def test_a_path_that_is_written_out_is_read_back(self, steps):
        text = "$" + "".join(
            f"[{step}]" if isinstance(step, int) else f"['{step}']" for step in steps
        )
        self.assertEqual(paths.parse(text), tuple(steps))
