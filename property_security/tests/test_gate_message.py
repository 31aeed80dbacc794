import base64
import json
import os
import random

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import gate_message
from ..tools.gate_error import TEXTS, GateRefused

#: Malformed bodies that each run reads; the same for the same seed.
BODIES = int(os.environ.get("PROPERTY_GATE_BODIES", "10000"))
JPEG = base64.b64encode(b"\xff\xd8\xff" + bytes(20)).decode()
GOOD = {
    "message_id": "a-1",
    "plate": "浙A·12345",
    "lane": "1",
    "time": "2026-02-02T08:00:00+08:00",
    "confidence": 97.5,
    "color": "blue",
    "source": "live",
    "image": JPEG,
}
STRANGE = (
    *(None, True, False, 0, -1, 1e308, 10**400, 1.5, "", " ", "\x00", "\ud800", "x" * 5000, [], {}),
    *([[]], {"a": {}}, "9" * 40, "2026-13-45", "0000-00-00T00:00:00", 10**18, -(10**18), "null"),
    *("../../etc/passwd", "' OR 1=1 --", "<script>", "%s%n", "浙", "\u202e", "🚗" * 8, JPEG[:-1]),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def malformed(rng):
    """Return a body that is a good message with something wrong, or no message at all."""
    kind = rng.randrange(5)
    if kind == 0:
        return rng.randbytes(rng.randrange(0, 200))
    row = {**GOOD, rng.choice([*GOOD]): rng.choice(STRANGE)}
    if kind == 1:
        row.pop(rng.choice([*row]))
    if kind == 2:
        row = {"passages": rng.choice([[row], [row, GOOD], [], row, [row] * 201, [None], "x"])}
    body = json.dumps(row).encode()
    if kind == 3:
        cut = rng.randrange(len(body))
        return body[:cut] + rng.randbytes(rng.randrange(4)) + body[cut + rng.randrange(3) :]
    return body


@tagged("post_install", "-at_install")
class TestGateMessage(BaseCase):
    def parsed(self, **values):
        return gate_message.parse(json.dumps({**GOOD, **values}).encode(), "Asia/Shanghai")[0]

    def refused(self, **values):
        with self.assertRaises(GateRefused) as caught:
            self.parsed(**values)
        return caught.exception.code

    def test_a_good_message_is_read_as_it_is(self):
        message = self.parsed()
        self.assertEqual((message.key, message.plate, message.color), ("a-1", "浙A·12345", "blue"))
        self.assertEqual((message.at.hour, message.confidence), (0, 97.5))
        self.assertTrue(message.image.startswith(b"\xff\xd8"))

    def test_unknown_fields_are_ignored(self):
        self.assertEqual(self.parsed(vendor={"x": [1]}), self.parsed())

    def test_times_without_a_zone_are_of_the_site(self):
        self.assertEqual(self.parsed(time="2026-02-02T08:00:00").at.hour, 0)
        self.assertEqual(self.parsed(time=1769990400).at.hour, 0)
        self.assertIsNone(self.parsed(time=None).at)

    def test_a_camera_that_sees_no_plate_says_so_in_many_ways(self):
        for plate in (None, "", "无牌车", "unknown", " NoPlate "):
            self.assertEqual(self.parsed(plate=plate).plate, "", plate)

    def test_colours_are_understood_in_both_languages(self):
        self.assertEqual(self.parsed(color="黄绿色").color, "yellow_green")
        self.assertEqual(self.parsed(color="Blue").color, "blue")
        self.assertEqual(self.parsed(color="pink").color, "other")

    def test_every_wrong_field_is_named(self):
        for field, value in (
            ("message_id", ""),
            ("message_id", "x" * 65),
            ("plate", "浙A12345" * 3),
            ("plate", 12345),
            ("plate", "--"),
            ("lane", {}),
            ("time", "yesterday"),
            ("time", 1e300),
            ("time", "1969-12-31T00:00:00"),
            ("confidence", 101),
            ("confidence", "high"),
            ("color", 3),
            ("source", "replay"),
            ("image", "not base64!"),
            ("image", base64.b64encode(b"GIF89a").decode()),
            ("image", "A" * 900_000),
        ):
            with self.subTest(field, value=str(value)[:20]):
                self.assertEqual(self.refused(**{field: value}), field)

    def test_ten_thousand_malformed_bodies_are_read_or_refused_and_nothing_else(self):
        rng = random.Random(int(os.environ.get("PROPERTY_SEED", "5")))  # noqa: S311 - no secret
        refused = 0
        for _number in range(BODIES):
            body = malformed(rng)
            try:
                messages = gate_message.parse(body, "Asia/Shanghai")
            except GateRefused as error:
                self.assertIn(error.code, TEXTS)
                self.assertIn(error.status, (400, 413, 422))
                refused += 1
            else:
                self.assertTrue(all(message.key for message in messages))
        self.assertGreater(refused, BODIES // 3)

    @given(JSON)
    def test_any_json_is_read_or_refused(self, value):
        try:
            gate_message.parse(json.dumps(value).encode())
        except GateRefused as error:
            self.assertIn(error.answer()["error"]["code"], TEXTS)

    def test_a_body_over_the_limit_is_refused_unread(self):
        with self.assertRaises(GateRefused) as caught:
            gate_message.parse(b" " * (gate_message.BODY_LIMIT + 1))
        self.assertEqual(caught.exception.status, 413)

    def test_deep_nesting_breaks_nothing(self):
        with self.assertRaises(GateRefused):
            gate_message.parse(b"[" * 100_000)
