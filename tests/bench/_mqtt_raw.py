"""A sender that costs next to nothing: what is measured needs the machine for itself.

MQTT 3.1.1, messages at QoS 1, confirmations counted. paho as a sender works four times as long for
a message as the bridge that takes it.
"""

import json
import socket
import struct
import threading
import time

WINDOW = 2000  # messages that the broker has not confirmed


def packet(kind, body):
    """Write a packet."""
    length, head = len(body), bytearray([kind])
    while True:
        length, byte = divmod(length, 128)
        head.append(byte | 128 if length else byte)
        if not length:
            return bytes(head) + body


def text(value):
    """Write a text with its length."""
    content = value.encode()
    return struct.pack("!H", len(content)) + content


class Raw:
    """A connection that sends, and hears what devices are told."""

    def __init__(self, port, name, heard=None):
        """Connect.

        :param heard: called with the content of each message on cmd/+/ack
        """
        self.sent = self.confirmed = 0
        self._heard, self._changed = heard, threading.Condition()
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb", 1 << 16)
        hello = b"\0\x04MQTT\x04\x02\0\0" + text(name)
        self._socket.sendall(packet(0x10, hello))
        assert self._file.read(4)[3] == 0, "the broker refuses the sender"
        if heard:
            self._socket.sendall(packet(0x82, b"\0\x01" + text("cmd/+/ack") + b"\0"))
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        try:
            while kind := self._file.read(1):
                length = shift = 0
                while True:
                    byte = self._file.read(1)[0]
                    length |= (byte & 127) << shift
                    shift += 7
                    if byte < 128:
                        break
                body = self._file.read(length)
                if kind[0] == 0x40:
                    self.confirmed += 1
                    if self.confirmed == self.sent or self.confirmed % 50 == 0:
                        with self._changed:
                            self._changed.notify()
                elif kind[0] & 0xF0 == 0x30:
                    self._heard(json.loads(body[2 + (body[0] << 8) + body[1] :]))
        except (OSError, ValueError, IndexError):
            return  # closed

    def send(self, messages):
        """Send messages, as soon as the broker has confirmed enough of those before.

        :param messages: list of (topic, payload)
        """
        self._wait(WINDOW)
        content = []
        for topic, payload in messages:
            self.sent += 1
            number = struct.pack("!H", self.sent % 65535 + 1)
            content.append(packet(0x32, text(topic) + number + payload))
        self._socket.sendall(b"".join(content))

    def _wait(self, most, seconds=300):
        end = time.monotonic() + seconds
        with self._changed:
            while self.sent - self.confirmed > most:
                assert time.monotonic() < end, "the broker confirms nothing"
                self._changed.wait(0.1)

    def settle(self):
        """Wait until the broker has everything."""
        self._wait(0)

    def close(self):
        self._socket.sendall(packet(0xE0, b""))
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
