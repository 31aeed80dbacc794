"""Packets of MQTT that come and go by the thousand: messages in, confirmations out.

Only what a bridge at QoS 0 and 1 needs all the time. Everything else, and whatever looks odd, is
left to the library that holds the connection. Sections are those of the OASIS standard, MQTT 5.
"""

import struct

from .reading import Delivery

PUBLISH, PUBACK = 0x30, 0x40
RETAIN, REPEATED, EXACTLY_ONCE = 0x01, 0x08, 0x04
LONGEST_LENGTH = 4  # bytes of a remaining length (1.5.5)


class Splitter:
    """Cut a stream into the messages, and the other packets as they are."""

    def __init__(self, is_five):
        """Prepare.

        :param is_five: whether messages have properties, as from MQTT 5 on
        """
        self.is_five = is_five
        self._rest = bytearray()
        self._wanted = 0  # bytes without which looking again is vain

    def feed(self, data, received_at):
        """Take what came next.

        :param data: bytes
        :param received_at: time for the deliveries
        :return: (list of Delivery, bytes of the other packets)

        >>> splitter = Splitter(is_five=False)
        >>> splitter.feed(bytes.fromhex("d000 3208 0001 74 0007 6869"), None)[1].hex()
        'd000'
        >>> found, other = splitter.feed(bytes.fromhex("21"), None)
        >>> found[0].topic, found[0].payload, found[0].number, other
        ('t', b'hi!', 7, b'')
        """
        if self._rest:
            self._rest += data
            if len(self._rest) < self._wanted:
                return [], b""
            data = bytes(self._rest)
        found, other, place, end = [], [], 0, len(data)
        self._wanted = 0
        while place < end:
            start, length = _length(data, place, end)
            if length is None:
                if start:  # no packet begins like this: the library will say so
                    other.append(data[place:])
                    place = end
                break
            if start + length > end:
                self._wanted = start + length - place
                break
            delivery = None
            if data[place] & 0xF0 == PUBLISH:
                delivery = self._message(data, place, start, start + length, received_at)
            if delivery is None:
                other.append(data[place : start + length])
            else:
                found.append(delivery)
            place = start + length
        self._rest = bytearray(data[place:])
        return found, b"".join(other)

    def _message(self, data, place, start, end, received_at):
        """Read a message (3.3); None for one that is not quite as it should be."""
        flags = data[place]
        if flags & EXACTLY_ONCE or end - start < 2:
            return None
        topic_end = start + 2 + (data[start] << 8) + data[start + 1]
        number, body = 0, topic_end
        if flags & 0x02:  # QoS 1
            body += 2
            if body > end:
                return None
            number = (data[topic_end] << 8) + data[topic_end + 1]
        if self.is_five:
            body, length = _length(data, body - 1, end)
            if length is None:
                return None
            body += length
        if body > end or topic_end == start + 2 or (flags & 0x02 and not number):
            return None
        try:
            topic = data[start + 2 : topic_end].decode()
        except UnicodeDecodeError:
            return None
        return Delivery(
            topic,
            data[body:end],
            received_at,
            bool(flags & RETAIN),
            bool(flags & REPEATED),
            number,
        )


def _length(data, place, end):
    """Read the length behind the byte at a place.

    :return: (where what it measures begins, length); (0, None) when it has not all come,
        (1, None) when it is none

    >>> _length(bytes.fromhex("30 8001"), 0, 3), _length(b"0", 0, 1), _length(b"0" * 6, 0, 6)
    ((3, 128), (0, None), (2, 48))
    """
    length = shift = 0
    for at in range(place + 1, min(place + 1 + LONGEST_LENGTH, end)):
        byte = data[at]
        length |= (byte & 0x7F) << shift
        if byte < 0x80:
            return at + 1, length
        shift += 7
    return int(shift == 7 * LONGEST_LENGTH), None


def length_of(number):
    """Write a length (1.5.5).

    >>> length_of(127).hex(), length_of(128).hex(), length_of(2097152).hex()
    ('7f', '8001', '80808001')
    """
    found = bytearray()
    while True:
        number, byte = divmod(number, 0x80)
        found.append(byte | 0x80 if number else byte)
        if not number:
            return bytes(found)


def confirmations(numbers):
    """Write the packets that confirm deliveries at QoS 1 (3.4), in this order.

    >>> confirmations([1, 258]).hex()
    '4002000140020102'
    """
    parts = [part for number in numbers for part in (PUBACK, 2, number)]
    return struct.pack("!" + "BBH" * (len(parts) // 3), *parts)


def message(topic, payload, is_five):
    """Write a message at QoS 0, not retained (3.3).

    >>> message("a", b"x", is_five=False).hex(), message("a", b"x", is_five=True).hex()
    ('300400016178', '30050001610078')
    """
    name = topic.encode()
    body = struct.pack("!H", len(name)) + name + (b"\0" if is_five else b"") + payload
    return bytes([PUBLISH]) + length_of(len(body)) + body
