"""The kernels of the field app against random input and plain oracles."""

import json
import os
import string
from datetime import datetime, timedelta, timezone

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import field_chain, field_payload, field_signature
from .field_common import Phone

VALUES = st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=5)), max_size=3)


def chain(contents):
    """Make a chain as the server does."""
    links, last = [], field_chain.START
    for number, values in enumerate(contents, start=1):
        own = field_chain.link_hash(last, number, tuple(values))
        links.append(field_chain.Link(number, last, own, tuple(values)))
        last = own
    return links


@tagged("post_install", "-at_install")
class TestFieldChainKernel(BaseCase):
    @given(st.lists(VALUES, max_size=8))
    def test_an_untouched_chain_has_no_break(self, contents):
        links = chain(contents)
        heads = [(link.sequence, link.chain_hash) for link in links[::2]]
        self.assertEqual(field_chain.find_breaks(links, heads), [])

    @given(st.lists(VALUES, min_size=2, max_size=8), st.data())
    def test_whatever_is_taken_out_shows_exactly(self, contents, data):
        links = chain(contents)
        gone = data.draw(st.sets(st.integers(1, len(links) - 1), min_size=1))
        left = [link for link in links if link.sequence not in gone]
        found = field_chain.find_breaks(left)
        missing = [
            place for one in found for place in range(one.sequence, one.sequence + one.count)
        ]
        self.assertEqual({one.kind for one in found}, {"missing"})
        self.assertEqual(missing, sorted(gone))

    @given(st.lists(VALUES, min_size=1, max_size=8), st.data())
    def test_whatever_is_changed_shows_where_it_was(self, contents, data):
        links = chain(contents)
        place = data.draw(st.integers(0, len(links) - 1))
        link = links[place]
        own = link.chain_hash
        values = (*link.values, "changed")
        # with the sum made right, it shows in all but the last, which only a head can tell
        if place < len(links) - 1 and data.draw(st.booleans()):
            own = field_chain.link_hash(link.previous_hash, link.sequence, values)
        links[place] = field_chain.Link(link.sequence, link.previous_hash, own, values)
        self.assertEqual(
            field_chain.find_breaks(links),
            [field_chain.Break(link.sequence, field_chain.CHANGED)],
        )

    @given(st.lists(VALUES, min_size=2, max_size=8), st.data())
    def test_whatever_changes_places_shows(self, contents, data):
        links = chain(contents)
        one = data.draw(st.integers(0, len(links) - 2))
        other = data.draw(st.integers(one + 1, len(links) - 1))
        first, second = links[one], links[other]
        for place, link in ((one, second), (other, first)):
            links[place] = field_chain.Link(
                place + 1, link.previous_hash, link.chain_hash, link.values
            )
        self.assertTrue(field_chain.find_breaks(links))

    @given(st.lists(VALUES, min_size=1, max_size=8), st.data())
    def test_an_end_that_is_cut_off_shows_against_the_last_head(self, contents, data):
        links = chain(contents)
        left = data.draw(st.integers(0, len(links) - 1))
        heads = [(links[-1].sequence, links[-1].chain_hash)]
        self.assertEqual(
            field_chain.find_breaks(links[:left], heads),
            [field_chain.Break(left + 1, field_chain.MISSING, len(links) - left)],
        )


@tagged("post_install", "-at_install")
class TestFieldPayloadKernel(BaseCase):
    @given(st.binary(max_size=300))
    def test_no_bytes_make_it_fail_but_by_its_own_word(self, body):
        with self.assertRaises(field_payload.Malformed):
            field_payload.read(body)

    @given(
        st.dictionaries(
            st.sampled_from(["uuid", "payload", "files", "sent_at", "device", "signature"]),
            st.one_of(st.none(), st.integers(), st.text(max_size=9), st.lists(st.integers())),
        )
    )
    def test_no_object_makes_it_fail_but_by_its_own_word(self, body):
        with self.assertRaises(field_payload.Malformed):
            field_payload.read(json.dumps(body).encode())

    @given(
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(0, 9), st.text(max_size=4)),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3),
                st.dictionaries(st.sampled_from(["files", "a", "b"]), inner, max_size=3),
            ),
        )
    )
    def test_names_of_photos_are_found_wherever_they_stand_or_refused(self, payload):
        names = []

        def walk(value):
            if isinstance(value, dict):
                for key, inner in value.items():
                    names.append(inner) if key == "files" and inner else walk(inner)
            elif isinstance(value, list):
                [walk(inner) for inner in value]

        walk(payload)
        if names:
            with self.assertRaises(field_payload.Malformed):
                field_payload.named_files(payload)
        else:
            self.assertEqual(field_payload.named_files(payload), [])

    @given(
        st.datetimes(datetime(1971, 1, 1), datetime(8000, 1, 1)),
        st.integers(-14 * 60, 14 * 60),
    )
    def test_a_moment_is_read_whatever_its_zone(self, moment, minutes):
        zone = timezone(timedelta(minutes=minutes))
        text = moment.replace(tzinfo=timezone.utc).astimezone(zone).isoformat("T", "seconds")
        self.assertEqual(field_payload.moment(text), moment.replace(microsecond=0))

    @given(st.text(string.printable, max_size=40))
    def test_no_text_makes_a_moment_fail_but_by_its_own_word(self, text):
        try:
            field_payload.moment(text)
        except field_payload.Malformed:
            pass


@tagged("post_install", "-at_install")
class TestFieldSignatureKernel(BaseCase):
    @given(st.text(max_size=50))
    def test_what_a_key_signed_is_valid_and_nothing_else_is(self, text):
        phone, other = Phone(), Phone()
        signature, message = phone.sign(text), text.encode()
        self.assertTrue(field_signature.is_valid(phone.public_key, message, signature))
        self.assertFalse(field_signature.is_valid(other.public_key, message, signature))
        self.assertFalse(field_signature.is_valid(phone.public_key, message + b".", signature))

    @given(st.text(max_size=100))
    def test_no_text_makes_a_signature_fail(self, text):
        self.assertFalse(field_signature.is_valid(Phone().public_key, b"x", text))
        self.assertIsNone(field_signature.load_key(text))

    def test_a_signature_as_certificates_have_it_is_none(self):
        phone = Phone()
        der = phone.key.sign(b"x", ec.ECDSA(hashes.SHA256()))
        self.assertTrue(utils.decode_dss_signature(der))
        self.assertFalse(field_signature.is_valid(phone.public_key, b"x", os.fsdecode(der)))
