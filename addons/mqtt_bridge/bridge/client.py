"""paho, with a short way for what comes by the thousand: messages in, confirmations out.

paho reads three times and waits once for each message, makes objects of it that nobody looks at,
and writes each confirmation by itself: that was half of what a message cost. It still holds the
connection and the session; only the packets that carry messages do not pass through it.
"""

import paho.mqtt.client as mqtt

from ..tools import packets
from .inbox import now

CHUNK = 256 * 1024  # bytes read at once


class Stream:
    """A socket as paho sees it: without the messages, which are handed over instead."""

    def __init__(self, sock, splitter, deliver):
        """Take over a socket.

        :param splitter: packets.Splitter
        :param deliver: called with a list of deliveries; it may neither wait nor raise
        """
        self._sock, self._splitter, self._deliver = sock, splitter, deliver
        self._left = b""  # of the packets that are paho's

    def __getattr__(self, name):
        return getattr(self._sock, name)

    def fileno(self):
        """Return what select() waits for."""
        return self._sock.fileno()

    def pending(self):
        """Say how much there is that select() does not see."""
        if self._left or not hasattr(self._sock, "pending"):
            return len(self._left)
        return self._sock.pending()

    def recv(self, size):
        """Read for paho.

        :raise BlockingIOError: when nothing for it has come
        """
        if not self._left:
            data = self._sock.recv(CHUNK)
            if not data:
                return data
            deliveries, self._left = self._splitter.feed(data, now())
            if deliveries:
                self._deliver(deliveries)
            if not self._left:
                raise BlockingIOError
        part, self._left = self._left[:size], self._left[size:]
        return part


class Client(mqtt.Client):
    """A client whose messages come in lists, and go out in one piece with the confirmations.

    Should another paho not call what is overridden here, messages come to on_message as ever.
    """

    def __init__(self, deliver, **options):
        """Prepare.

        :param deliver: as for Stream
        """
        super().__init__(mqtt.CallbackAPIVersion.VERSION2, **options)
        self.is_five = options["protocol"] == mqtt.MQTTv5
        self._deliver = deliver

    def _create_socket(self):
        """Override: wrap the socket, encrypted or not."""
        splitter = packets.Splitter(self.is_five)
        return Stream(super()._create_socket(), splitter, self._deliver)

    def send(self, content):
        """Send whole packets, which need no answer, as soon as possible and in order.

        :param content: bytes
        """
        self._packet_queue(mqtt.PUBACK, content, 0, 1)
