"""Codes that nobody forges, and verdicts that do not depend on the order of reports."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import visitor_token
from ..tools.visitor_form import FormError, read_window
from ..tools.visitor_step import read_check_out, read_visit
from ..tools.visitor_token import Ticket
from ..tools.visitor_verdict import VERDICTS, Facts, beyond, verdict

few = settings(max_examples=60, deadline=None)
EPOCH = datetime(2026, 1, 1)
moments = st.integers(0, 60 * 24 * 400).map(lambda minutes: EPOCH + timedelta(minutes=minutes))
numbers = st.integers(1, 2**31 - 1)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = (
    *("action", "visit", "pass", "method", "signed", "gate", "note", "site", "kind", "name"),
    *("unit", "confirmed_by", "phone", "plate", "release", "lines", "id", "quantity"),
)
KEYS = visitor_token.new_key(), visitor_token.new_key()


@tagged("post_install", "-at_install")
class TestVisitorKernels(BaseCase):
    @few
    @given(
        st.builds(
            Ticket,
            st.sampled_from(sorted(visitor_token.SUBJECTS)),
            numbers,
            numbers,
            moments,
            moments,
            st.integers(0, 99),
            st.sampled_from(visitor_token.KINDS),
        )
    )
    def test_what_is_signed_is_read_again(self, ticket):
        (private, public), (_other, foreign) = KEYS
        text = visitor_token.write(ticket, private)
        self.assertEqual(visitor_token.read(text, [foreign, public]), ticket)
        self.assertIsNone(visitor_token.read(text, [foreign]))

    @few
    @given(st.integers(0, 110), st.sampled_from("AQgw_-09"))
    def test_a_code_with_another_character_is_no_code(self, place, character):
        private, public = KEYS[0]
        text = visitor_token.write(Ticket("pass", 7, 3, EPOCH, EPOCH, 1, "visitor"), private)
        forged = text[:place] + character + text[place + 1 :]
        found = visitor_token.read(forged, [public])
        # the last character holds bits that mean nothing
        self.assertEqual(found is not None, forged == text or (place == 110 and found is not None))

    @given(st.text(max_size=300) | json_values)
    @few
    def test_whatever_is_scanned_is_read_or_is_none(self, text):
        self.assertIsNone(visitor_token.read(text, [KEYS[0][1]]))

    @few
    @given(st.lists(st.tuples(st.integers(0, 5), st.uuids()), max_size=6), st.integers(0, 3))
    def test_which_entries_are_too_many_does_not_depend_on_who_reports_first(self, entries, most):
        found = beyond(entries, most)
        self.assertEqual(found, beyond(list(reversed(entries)), most))
        self.assertEqual(len(found), max(0, len(set(entries)) - most) if most else 0)

    @few
    @given(
        moments,
        st.integers(1, 5000),
        moments,
        st.integers(0, 3),
        st.integers(0, 4),
        st.sampled_from(("none", "waiting", "approved", "refused")),
        st.booleans(),
        st.booleans(),
        st.none() | moments,
    )
    def test_only_what_nothing_speaks_against_is_valid(
        self, start, minutes, at, most, count, approval, is_issued, is_banned, revoked_at
    ):
        end = start + timedelta(minutes=minutes)
        facts = Facts(start, end, most, count, approval, is_issued, False, is_banned, revoked_at)
        found = verdict(facts, at)
        self.assertIn(found, VERDICTS)
        is_good = (
            start <= at <= end
            and not (most and count >= most)
            and approval in ("none", "approved")
            and is_issued
            and not is_banned
            and not (revoked_at and at >= revoked_at)
        )
        self.assertEqual(found == "valid", is_good)

    @few
    @given(moments, st.sampled_from(("today", "tomorrow", "week")))
    def test_a_window_ends_after_it_begins_also_at_midnight(self, now, when):
        for zone in ("Asia/Shanghai", "America/New_York", "UTC"):
            first, last = read_window({"when": when}, now, zone)
            self.assertLess(first, last)
            self.assertGreaterEqual(last, now)

    @few
    @given(st.dictionaries(st.sampled_from(NAMES), json_values))
    def test_nonsense_of_a_phone_is_refused_and_breaks_nothing(self, payload):
        for read in (read_visit, read_check_out):
            try:
                found = read(payload)
            except FormError as wrong:
                self.assertIsInstance(wrong.field, str)
            else:
                self.assertIsInstance(found, dict)
