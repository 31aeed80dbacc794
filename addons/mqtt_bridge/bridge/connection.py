"""One connection to a broker: what arrives is queued, and nothing is confirmed by itself."""

import collections
import logging
import ssl
import threading
import time

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from ..tools import packets
from ..tools.reading import Delivery
from .client import Client
from .inbox import now

_logger = logging.getLogger(__name__)

TIMEOUT = 10  # seconds for connecting
MOST_BYTES = 64 * 1024 * 1024


class Refused(Exception):
    """The broker did not let us in, or cannot be reached."""


class Queue:
    """Deliveries between the network's thread and ours: bounded, and it never blocks or raises."""

    def __init__(self, most):
        self.most = most
        self.overflowed = False
        self._items = collections.deque()
        self._bytes = 0
        self._wanted = 1  # deliveries that are waited for
        self._changed = threading.Condition()

    def __len__(self):
        return len(self._items)

    def put(self, deliveries):
        """Take deliveries, until there are too many: then the connection has to be closed."""
        with self._changed:
            for delivery in deliveries:
                size = len(delivery.payload) + len(delivery.topic)
                full = len(self._items) >= self.most or self._bytes + size > MOST_BYTES
                if self.overflowed or (full and self._items):
                    self.overflowed = True  # and none after it, or they would change their order
                    break
                self._items.append(delivery)
                self._bytes += size
            if self.overflowed or len(self._items) >= self._wanted:
                self._changed.notify()

    def wake(self):
        """Let take() return."""
        with self._changed:
            self._wanted = 0
            self._changed.notify()

    def take(self, most, wait):
        """Return a batch: as many as came while it filled up.

        :param most: deliveries
        :param wait: seconds from the first on
        """
        with self._changed:
            if not self._items:
                self._wanted = 1
                self._changed.wait(0.2)
            if not self._items:
                return []
            self._wanted, end = most, time.monotonic() + wait
            while len(self._items) < self._wanted and not self.overflowed:
                left = end - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(left)
            batch = [self._items.popleft() for _ in range(min(len(self._items), most))]
            self._bytes -= sum(len(one.payload) + len(one.topic) for one in batch)
            return batch


class Connection:
    """A connection that is used once; the session with its messages lives in the broker."""

    def __init__(self, settings):
        """Prepare.

        :param settings: what the broker's _connection() returns
        """
        self.settings = settings
        # a broker that heeds Receive Maximum never sends more; old ones do
        self.queue = Queue(settings["receive_maximum"] * 4)
        self.lost = threading.Event()
        self.session_present = False
        self._answered = threading.Event()
        self._answer = None
        self.client = self._client()

    def _client(self):
        settings = self.settings
        is_five = settings["protocol"] == "5"
        client = Client(
            self.queue.put,
            client_id=settings["client_id"],
            protocol=mqtt.MQTTv5 if is_five else mqtt.MQTTv311,
            clean_session=None if is_five else False,
            manual_ack=True,
            reconnect_on_failure=False,
        )
        client.connect_timeout = TIMEOUT
        client.max_queued_messages_set(0)
        if settings["username"]:
            client.username_pw_set(settings["username"], settings["password"])
        if settings["tls"]:
            context = ssl.create_default_context(cafile=settings["ca_path"] or None)
            if settings["cert_path"]:
                context.load_cert_chain(settings["cert_path"], settings["key_path"] or None)
            client.tls_set_context(context)
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        return client

    # -- the network's thread: an exception here would end it, and the process would be deaf

    def _on_connect(self, client, _userdata, flags, reason, _properties):
        self.session_present = flags.session_present
        self._answer = reason
        self._answered.set()

    def _on_connect_fail(self, _client, _userdata):
        self._answered.set()

    def _on_disconnect(self, _client, _userdata, _flags, _reason, _properties):
        self.lost.set()
        self._answered.set()
        self.queue.wake()

    def _on_message(self, _client, _userdata, message):
        """Take a message that did not take the short way."""
        try:
            topic = message.topic
        except UnicodeDecodeError:  # no broker that keeps the standard passes such a topic on
            topic = repr(message._topic)
        delivery = Delivery(
            topic,
            bytes(message.payload),
            now(),
            is_retained=bool(message.retain),
            is_repeated=bool(message.dup),
            number=message.mid,
        )
        self.queue.put([delivery])

    # -- our thread

    def open(self):
        """Connect, keeping the session of before.

        :raise Refused: when that fails
        """
        settings, options = self.settings, {}
        if settings["protocol"] == "5":
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = settings["session_seconds"]
            properties.ReceiveMaximum = settings["receive_maximum"]
            options = {"clean_start": False, "properties": properties}
        try:
            self.client.connect(
                settings["host"], settings["port"], settings["keepalive"], **options
            )
        except (OSError, ValueError) as error:
            raise Refused(str(error)) from None
        self.client.loop_start()
        self._answered.wait(TIMEOUT)
        if self._answer is None or self._answer.is_failure or self.lost.is_set():
            reason = self._answer or "no answer"
            self.close()
            raise Refused(str(reason))

    def subscribe(self, filters, former):
        """Subscribe, also when the session is there: it may be of an older configuration.

        :param filters: topics that are wanted
        :param former: topics that were wanted before and are no more
        """
        if former:
            self.client.unsubscribe(list(former))
        for one in filters:
            if self.settings["protocol"] == "5":
                # retained messages only with a new subscription, not with each connection
                options = SubscribeOptions(qos=1, retainHandling=1)
                self.client.subscribe(one, options=options)
            else:
                self.client.subscribe(one, qos=1)

    def confirm(self, deliveries, told=()):
        """Tell the broker that deliveries are ours now, and the devices that want to know.

        It waits for nobody: who did not hear it sends again.

        :param told: messages to devices, (topic, payload) each
        """
        content = packets.confirmations([one.number for one in deliveries if one.number])
        content += b"".join(packets.message(*one, self.client.is_five) for one in told)
        if content:
            self.client.send(content)

    def close(self):
        """Disconnect; the session stays, and what was not confirmed comes again."""
        self.client.disconnect()
        self.client.loop_stop()
        self.lost.set()
