"""Packets: a stream is cut the same way wherever it is torn, and nothing in it raises."""

import struct
from datetime import datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import TransactionCase, tagged
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from ..tools import packets
from ..tools.reading import Delivery

AT = datetime(2026, 1, 1)
TOPICS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="+#\0"), min_size=1, max_size=40
)
OTHERS = st.sampled_from(
    [
        bytes.fromhex("d000"),  # PINGRESP
        bytes.fromhex("2003000000"),  # CONNACK
        bytes.fromhex("9004000a0001"),  # SUBACK
        bytes.fromhex("e00482021f00"),  # DISCONNECT
        bytes.fromhex("3407 0001 74 0007 6869"),  # a message at QoS 2
        bytes.fromhex("3202 0000"),  # one without topic and number
    ]
)


def written(topic, payload, number, flags, properties):
    """Write a message by the standard."""
    name = topic.encode()
    body = struct.pack("!H", len(name)) + name
    if number:
        body += struct.pack("!H", number)
        flags |= 0x02
    body += properties + payload
    return bytes([0x30 | flags]) + packets.length_of(len(body)) + body


@st.composite
def messages(draw):
    """Draw a message of MQTT 5.

    :return: (packet, Delivery)
    """
    topic, payload = draw(TOPICS), draw(st.binary(max_size=400))
    number = draw(st.one_of(st.just(0), st.integers(1, 65535)))
    retained, repeated = draw(st.booleans()), draw(st.booleans())
    properties = Properties(PacketTypes.PUBLISH)
    if draw(st.booleans()):
        properties.UserProperty = [("k", "v" * draw(st.integers(0, 200)))]
        properties.MessageExpiryInterval = 7
    packet = written(topic, payload, number, retained | repeated << 3, properties.pack())
    return packet, Delivery(topic, payload, AT, retained, repeated, number)


def fed(chunks, is_five=True):
    """Feed chunks one after the other.

    :return: (deliveries, bytes of other packets)
    """
    splitter, found, other = packets.Splitter(is_five), [], b""
    for chunk in chunks:
        more, rest = splitter.feed(chunk, AT)
        found += more
        other += rest
    return found, other


@tagged("post_install", "-at_install")
class TestPackets(TransactionCase):
    @given(st.lists(st.one_of(messages(), OTHERS.map(lambda one: (one, None)))), st.data())
    def test_wherever_a_stream_is_torn_its_messages_and_other_packets_are_the_same(self, all, data):
        stream = b"".join(packet for packet, _delivery in all)
        cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=20)))
        places = [0, *cuts, len(stream)]
        chunks = [stream[a:b] for a, b in pairwise(places)]
        found, other = fed(chunks)
        self.assertEqual(found, [delivery for _packet, delivery in all if delivery])
        self.assertEqual(other, b"".join(packet for packet, delivery in all if not delivery))

    @given(st.lists(st.binary(max_size=200), max_size=20), st.booleans())
    def test_no_bytes_make_it_raise_and_none_are_invented(self, chunks, is_five):
        found, other = fed(chunks, is_five)
        size = sum(len(one.payload) + len(one.topic.encode()) for one in found) + len(other)
        self.assertLessEqual(size, sum(map(len, chunks)))

    def test_a_length_that_never_ends_is_left_to_the_library(self):
        broken = b"\x30\xff\xff\xff\xff\xff"
        self.assertEqual(fed([broken[:3], broken[3:]]), ([], broken))

    def test_what_is_not_quite_a_message_is_left_to_the_library(self):
        for body in (
            b"",
            b"\0",
            b"\0\x05ab",
            b"\0\x01\xff\0\x01\0",
            b"\0\x01t\0\0\0",
            b"\0\x01t\0",
        ):
            packet = b"\x32" + packets.length_of(len(body)) + body
            self.assertEqual(fed([packet]), ([], packet), body)

    def test_a_large_message_in_small_pieces_is_put_together_once(self):
        payload = bytes(range(256)) * 12_000
        packet = written("t", payload, 9, 0, b"")
        chunks = [packet[at : at + 1000] for at in range(0, len(packet), 1000)]
        [found], other = fed(chunks, is_five=False)
        self.assertEqual((found.payload == payload, found.number, other), (True, 9, b""))

    @given(st.lists(st.integers(1, 65535)))
    def test_confirmations_are_one_packet_each(self, numbers):
        expected = b"".join(bytes([0x40, 2]) + number.to_bytes(2, "big") for number in numbers)
        self.assertEqual(packets.confirmations(numbers), expected)

    @given(TOPICS, st.binary(max_size=20_000), st.booleans())
    def test_what_is_sent_is_read_as_it_was_written(self, topic, payload, is_five):
        found, other = fed([packets.message(topic, payload, is_five)], is_five)
        self.assertEqual((found, other), ([Delivery(topic, payload, AT)], b""))
