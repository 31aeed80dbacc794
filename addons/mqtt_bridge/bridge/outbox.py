"""The role that sends commands: from the outbox to the broker, and what became of them.

A command is claimed and committed before it is published, and is sent when the broker has confirmed
it. A process that dies in between leaves it claimed; the next one publishes it again, with the same
id, by which a device knows that it has it already. One process does this for a broker: commands
leave in the order in which they were given.
"""

import base64
import collections
import logging
import time

from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from .connection import Connection, Refused
from .inbox import now
from .role import DATABASE, LONGEST_WAIT, first_line
from .worker import Worker

_logger = logging.getLogger(__name__)

WINDOW = 100  # commands on their way at a time
PATIENCE = 60  # seconds in which a broker that is there confirms
LAST_WAIT = 5  # seconds for confirmations when we are asked to end
REFUSED = 128  # reason codes from here on say no
LONGEST_TEXT = 200


class Sender(Connection):
    """A connection that only publishes; it has no session, for the outbox remembers."""

    def __init__(self, settings, ring):
        """Prepare.

        :param ring: called by the network's thread when something has changed
        """
        self.ring = ring
        self.answers = collections.deque()  # (packet, reason code, its text)
        own = {"client_id": f"{settings['client_id']}-outbox", "session_seconds": 0}
        super().__init__({**settings, **own})
        self.window = WINDOW
        self.client.max_inflight_messages_set(WINDOW)
        self.client.on_publish = self._on_publish

    def _on_connect(self, client, userdata, flags, reason, properties):
        # a broker closes the connection of who sends more than it allows
        self.window = min(WINDOW, getattr(properties, "ReceiveMaximum", WINDOW))
        return super()._on_connect(client, userdata, flags, reason, properties)

    def _on_publish(self, _client, _userdata, packet, reason, _properties):
        self.answers.append((packet, reason.value, str(reason)))
        self.ring()

    def _on_disconnect(self, *arguments):
        result = super()._on_disconnect(*arguments)
        self.ring()
        return result

    def send(self, topic, body, qos, seconds):
        """Publish, never retained: who subscribes later is told nothing of it.

        :param seconds: after which the broker forgets it; None: never
        :return: the number of the packet
        """
        properties = None
        if seconds is not None and self.settings["protocol"] == "5":
            properties = Properties(PacketTypes.PUBLISH)
            properties.MessageExpiryInterval = seconds
        return self.client.publish(topic, body, qos=qos, retain=False, properties=properties).mid


class Outbox(Worker):
    """The role that speaks."""

    role, channel = "outbox", "mqtt_command"
    sweep = 1

    def __init__(self, database, code):
        super().__init__(database, code)
        self.sender = None
        self.under_way = {}  # packet: (id of the command, when it was published)
        self.next_try = 0.0
        self.wait_to_connect = 1
        self.connections = 0

    def _state(self):
        is_connected = bool(self.sender and not self.sender.lost.is_set())
        length = len(self.under_way)
        return {
            "is_connected": is_connected,
            "connections": self.connections,
            "queue_length": length,
        }

    def _recover(self):
        """Publish again what was published and not confirmed: nobody else does it."""
        self.under_way.clear()
        self._transact(RECOVER, [self.broker_id])

    def _sweep(self):
        self._transact(EXPIRE, [self.broker_id])
        self._transact(UNANSWERED, [self.broker_id])

    def _on_changed(self):
        self._let_go()
        self._transact(RECOVER, [self.broker_id])

    def _let_go(self):
        self.under_way.clear()
        if self.sender:
            sender, self.sender = self.sender, None
            sender.close()

    def _end(self):
        """Override: let the broker confirm what it has, or it would be sent again."""
        end = time.monotonic() + LAST_WAIT
        try:
            while self.under_way and not self.sender.lost.is_set() and time.monotonic() < end:
                time.sleep(0.05)
                self._settle()
        except DATABASE as error:
            _logger.info("mqtt: not written down: %s", first_line(error))
        return super()._end()

    def _work(self):
        if self.sender is None and not self._connect():
            return False
        self._settle()
        if self._is_lost():
            _logger.warning("mqtt: %s; connecting anew", self.error)
            self._let_go()
            self._transact(RECOVER, [self.broker_id])
            return True
        return self._publish()

    def _is_lost(self):
        """Say whether the connection is of no use any more."""
        if self.sender.lost.is_set():
            self.error = "the connection was lost"
            return True
        oldest = next(iter(self.under_way.values()), None)
        if oldest and time.monotonic() - oldest[1] > PATIENCE:
            self.error = "the broker does not confirm"
            return True
        return False

    def _connect(self):
        """Connect.

        :return: whether we are
        """
        if time.monotonic() < self.next_try:
            return False
        try:
            sender = Sender(self.settings, self.ring)
            sender.open()
        except (Refused, OSError, ValueError) as error:  # unreadable certificates are OSErrors
            self.error = f"not connected: {error}"
            _logger.warning("mqtt: %s", self.error)
            self.next_try = time.monotonic() + self.wait_to_connect
            self.wait_to_connect = min(self.wait_to_connect * 2, LONGEST_WAIT)
            return False
        self.sender, self.wait_to_connect = sender, 1
        self.connections += 1
        self.place.note(is_connected=True, connections=self.connections)
        _logger.info("mqtt: connected to %(host)s:%(port)s to send", self.settings)
        return True

    def _publish(self):
        """Publish what is due.

        :return: whether anything was
        """
        room = self.sender.window - len(self.under_way)
        if room <= 0:
            return False
        rows = self._transact(CLAIM, {"broker": self.broker_id, "most": room})
        for row in sorted(rows, key=lambda row: row["id"]):
            seconds = None
            if row["expires_at"]:
                seconds = max(int((row["expires_at"] - now()).total_seconds()), 1)
            body = base64.b64decode(bytes(row["body"]))  # as Odoo keeps bytes
            packet = self.sender.send(row["topic"], body, int(row["qos"]), seconds)
            self.under_way[packet] = (row["id"], time.monotonic())
        return bool(rows)

    def _settle(self):
        """Write down what the broker has confirmed or refused."""
        answers, found = self.sender.answers, []
        while answers:
            packet, code, text = answers.popleft()
            if packet in self.under_way:
                found.append((self.under_way.pop(packet)[0], code, text[:LONGEST_TEXT]))
        if found:
            columns = [list(column) for column in zip(*sorted(found), strict=True)]
            self._transact(SETTLE, [REFUSED, REFUSED, *columns])


NOW = "clock_timestamp() AT TIME ZONE 'UTC'"
CLAIM = f"""
UPDATE mqtt_command SET state = 'sending', tries = tries + 1, published_at = {NOW}
WHERE id IN (
    SELECT id FROM mqtt_command
    WHERE broker_id = %(broker)s AND state = 'waiting' AND due <= {NOW}
        AND (expires_at IS NULL OR expires_at > {NOW})
    ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED
)
RETURNING id, topic, body, qos, expires_at
"""  # noqa: S608
SETTLE = f"""
UPDATE mqtt_command c SET sent_at = {NOW}, reason_code = new.code, reason = new.text,
    state = CASE WHEN c.state <> 'sending' THEN c.state WHEN new.code >= %s THEN 'failed'
        ELSE 'sent' END,
    reply_due = CASE WHEN c.expect_ack AND new.code < %s
        THEN {NOW} + c.reply_seconds * interval '1 s' END
FROM unnest(%s::int[], %s::int[], %s::varchar[]) AS new(id, code, text)
WHERE c.id = new.id AND c.state IN ('sending', 'done', 'rejected')
"""  # noqa: S608
RECOVER = "UPDATE mqtt_command SET state = 'waiting' WHERE broker_id = %s AND state = 'sending'"
EXPIRE = f"""
UPDATE mqtt_command SET state = 'expired'
WHERE broker_id = %s AND state = 'waiting' AND expires_at <= {NOW}
"""  # noqa: S608
UNANSWERED = f"""
UPDATE mqtt_command SET
    state = CASE WHEN repeats > 0 AND (expires_at IS NULL OR expires_at > {NOW})
        THEN 'waiting' ELSE 'unanswered' END,
    repeats = greatest(repeats - 1, 0), due = {NOW}, reply_due = NULL
WHERE broker_id = %s AND state = 'sent' AND expect_ack AND reply_due <= {NOW}
"""  # noqa: S608
