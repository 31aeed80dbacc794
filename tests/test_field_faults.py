"""A round without a network, on a phone that dies, before a server that fails, loses nothing.

The suite walks a round on one seed; PROPERTY_FIELD_SEEDS=20 on as many.
"""

import json
import os
import random

import pytest
from odoo.tests import tagged

from .field_case import FieldAppCase
from .field_phone import photo

SEEDS = range(int(os.environ.get("PROPERTY_FIELD_SEEDS", "1")))
POINTS = 20
SHARE = 0.4  # of the requests that go wrong


@tagged("post_install", "-at_install")
class TestFieldFaults(FieldAppCase):
    @pytest.mark.timeout(180 * len(SEEDS))
    def test_a_round_of_twenty_on_a_dying_phone_comes_in_once_and_whole(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.walk(seed)

    def walk(self, seed):
        """Walk a round offline, kill the phone, come online among faults, and count."""
        draw = random.Random(seed)  # noqa: S311  (moments, no secrets)
        with self.alone():
            one = self.new_round(POINTS)
            codes = self.codes(one)
        phone = self.enter_phone(seed)
        phone.cut_off()
        killed_after = draw.randrange(1, POINTS)
        phone.open_round()
        for number, code in enumerate(codes):
            phone.check_in(code, photo(f"{seed}/{number}"))
            if number + 1 == killed_after:
                phone.kill()
                phone.start()
                phone.open()
                self.assertEqual(phone.unsent(), killed_after)
                phone.open_round()
        phone.finish()
        phone.kill()
        phone.start()
        phone.open()
        self.assertEqual(phone.unsent(), POINTS + 1)
        phone.proxy.share = SHARE
        phone.connect()
        phone.page.wait_for_timeout(draw.randrange(200, 2500))
        phone.kill()
        phone.start()
        phone.open()
        phone.wait_until_sent()
        self.assertFalse(phone.errors)
        self.assertTrue(phone.proxy.happened, "nothing went wrong: the test proves nothing")
        with self.alone():
            self.check_whole(one, codes)
        phone.kill()

    def check_whole(self, one, codes):
        """See that each point came in once, with its photo and its signature."""
        self.assertEqual(sorted(one.checkin_ids.checkpoint_id.mapped("code")), sorted(codes))
        self.assertEqual(len(one.checkin_ids), len(codes))
        self.assertEqual(len(set(one.checkin_ids.photo_ids.mapped("sha256"))), len(codes))
        self.assertEqual((one.coverage, one.state), (1.0, "done"))
        entries = self.entries().filtered(
            lambda entry: json.loads(entry.payload)["round"] == one.id
        )
        self.assertEqual(len(entries), len(codes) + 1)
        self.assertEqual(set(entries.mapped("signature_state")), {"valid"})
        self.assertEqual(set(entries.mapped("state")), {"accepted"})
        self.assertEqual(entries._check_chain(self.env.company), [])
