import doctest

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import door_message
from ..tools.gate_error import TEXTS, GateRefused

PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
ANY = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)
NAMES = ("message_id", "card", "token", "time", "direction", "source", "opened", "events")
BODIES = st.dictionaries(st.sampled_from(NAMES), ANY)
GOOD = {
    "message_id": st.text("abc019-", min_size=1, max_size=64),
    "token": st.text("abc019-_#/", min_size=1, max_size=600),
    "direction": st.sampled_from(["in", "out", None, ""]),
    "source": st.sampled_from(["live", "upload", None, ""]),
}


@tagged("post_install", "-at_install")
class TestDoorMessage(BaseCase):
    def test_documented_examples_hold(self):
        self.assertFalse(doctest.testmod(door_message).failed)

    @settings(max_examples=400, deadline=None)
    @given(BODIES)
    def test_whatever_a_reader_sends_is_read_or_refused_with_a_reason(self, body):
        try:
            for row in door_message.rows(body):
                swipe = door_message.read(row)
                self.assertTrue(bool(swipe.card) != bool(swipe.token))
                self.assertIn(swipe.direction, ("in", "out"))
        except GateRefused as refused:
            self.assertEqual(refused.status, 422)
            self.assertIn(refused.code, TEXTS)

    @settings(deadline=None)
    @given(st.fixed_dictionaries(GOOD))
    def test_what_the_contract_allows_is_read(self, body):
        swipe = door_message.read(body)
        self.assertEqual((swipe.key, swipe.token), (body["message_id"], body["token"]))
        self.assertEqual(swipe.source, body["source"] or "live")

    @given(st.text(max_size=600))
    def test_any_text_is_one_form_of_code(self, text):
        found = door_message.read_code(text)
        self.assertEqual(len(found), 3)
        self.assertTrue(all(isinstance(part, str) for part in found))
        self.assertFalse(found[2] and (found[0] or found[1]), "digits are nothing else")
