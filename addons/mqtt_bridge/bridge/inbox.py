"""The inbox: a batch of deliveries into the database, in one transaction, each of them once.

Plain SQL, for the process stores thousands a second. The caller owns the transaction, which should
be READ COMMITTED: a key that another process has just committed is then a duplicate, not an error.
Whoever confirms a delivery to a device or a broker commits first.
"""

import base64
import io
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

from ..tools import reading, topics
from ..tools.decoding import Unreadable
from . import replies, sql

STORED, DUPLICATE, DEAD, QUEUED = "stored", "duplicate", "dead", "queued"
COUNTERS = ("received", STORED, DUPLICATE, DEAD, QUEUED)
CUT = 4096  # bytes that a dead letter keeps of what is too large


@dataclass(frozen=True)
class Source:
    """A subscription."""

    id: int
    filter: str
    plan: reading.Plan
    unknown: str = "reject"
    ack_topic: str = ""
    answers: Any = None  # how its messages answer commands


@dataclass
class Item:
    """A delivery on its way, and what became of it."""

    delivery: reading.Delivery
    source: Source | None = None
    reading: Any = None
    device_id: int | None = None
    message_id: int | None = None  # of the row in the inbox, if it has one
    outcome: str = ""
    reason: str = ""
    detail: str = ""

    @property
    def key(self):
        """Name the message, or the dead letter; None when only the transport can tell."""
        if self.reason:
            return reading.dead_key(self.delivery, self.source.plan.scope if self.source else 0)
        return self.reading.key

    @property
    def place(self):
        """Say where in the account it belongs: subscription and hour."""
        return self.source.id if self.source else 0, hour_of(self.delivery.received_at)

    def bury(self, reason, detail=""):
        """Make it a dead letter."""
        self.reason, self.detail = reason, printable(detail)[:500]


def printable(text):
    """Make a text one that PostgreSQL takes."""
    return str(text).replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()


@lru_cache(1000)
def copied_text(text):
    """Write a text for COPY, as PostgreSQL takes it.

    >>> copied_text("a\\tb"), copied_text("a/b")
    ('a\\\\tb', 'a/b')
    """
    return printable(text).translate(ESCAPED)


def copied(item):
    """Write the row of a message for COPY."""
    delivery, found = item.delivery, item.reading
    reference, sequence = found.reference, found.sequence
    if reference is None:
        reference = NULL
    elif not reference.isalnum():
        reference = reference.translate(ESCAPED)
    return (
        f"{item.message_id}\t{delivery.received_at}\t{item.source.id}\t{item.device_id}"
        f"\t{copied_text(delivery.topic)}\t\\\\x{delivery.payload.hex()}\t{item.outcome}"
        f"\t{reference}\t{NULL if sequence is None else sequence}\t{found.sent_at}"
        f"\t{found.clock}\t{delivery.is_retained:d}\n"
    )


NULL = r"\N"
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def hour_of(moment):
    """Return the beginning of the hour."""
    return moment.replace(minute=0, second=0, microsecond=0)


def now():
    """Return the time as the database keeps it."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


class Inbox:
    """The inbox of a broker."""

    def __init__(self, broker_id, sources):
        self.broker_id = broker_id
        self.sources = list(sources)
        self._by_topic = {}
        from .evaluation import Judge  # it knows of deliveries, as they know of it

        self.judge = Judge(broker_id)

    def source(self, topic):
        """Return the subscription that takes a topic, or None."""
        if topic not in self._by_topic:
            if len(self._by_topic) > 10_000:
                self._by_topic.clear()
            taken = (one for one in self.sources if topics.matches(one.filter, topic))
            self._by_topic[topic] = next(taken, None)
        return self._by_topic[topic]

    def store(self, cr, deliveries, speaker=None):
        """Store deliveries, count them, and say what became of each.

        :param speaker: code of the device that proved to have sent them; it speaks for no other
        :return: Item for each delivery, in order
        """
        items = [self._read(delivery) for delivery in deliveries]
        for item in items:
            if speaker and not item.reason and item.reading.device != speaker:
                item.bury("other_device", item.reading.device)
        self._know_devices(cr, items)
        self._claim(cr, items)
        self._write(cr, items)
        self._count(cr, items)
        return items

    def bury(self, cr, delivery, detail):
        """Keep as a dead letter a delivery that could not be stored, whatever it was."""
        item = Item(delivery, self.source(delivery.topic))
        item.bury("error", detail)
        self._claim(cr, [item])
        self._write(cr, [item])
        self._count(cr, [item])
        return item

    def retry(self, cr, deliveries):
        """Store what were dead letters; those that still cannot be read are left alone.

        :return: Item for each; those with the outcome dead were not stored
        """
        items = [self._read(delivery) for delivery in deliveries]
        self._know_devices(cr, items)
        good = [item for item in items if not item.reason]
        self._claim(cr, good)
        self._write(cr, good)
        for item in items:
            item.outcome = item.outcome or DEAD
        return items

    def _read(self, delivery):
        item = Item(delivery, self.source(delivery.topic))
        if not item.source:
            item.bury("no_subscription")
            return item
        try:
            item.reading = reading.read(delivery, item.source.plan)
        except Unreadable as refused:
            item.bury(refused.reason, refused)
        return item

    def _know_devices(self, cr, items):
        """Find the devices, make those that may be made, and refuse what they do not send."""
        read = [item for item in items if not item.reason]
        known = self._devices(cr, {item.reading.device for item in read})
        new = {}
        for item in read:
            if item.reading.device not in known and item.source.unknown != "reject":
                accepted = item.source.unknown == "register"
                new.setdefault(item.reading.device, "accepted" if accepted else "quarantined")
        if new:
            codes = sorted(new)
            cr.execute(sql.NEW_DEVICES, [self.broker_id, codes, [new[code] for code in codes]])
            known.update(self._devices(cr, set(new)))
        # whoever accepts a device waits until we have committed, and then finds our messages
        waiting = {code for code, (_ident, state) in known.items() if state == "quarantined"}
        known.update(self._devices(cr, waiting, "ORDER BY id FOR NO KEY UPDATE"))
        for item in read:
            item.device_id, state = known.get(item.reading.device, (None, ""))
            if not item.device_id:
                item.bury("unknown_device", item.reading.device)
            elif state == "rejected":
                item.bury("rejected_device", item.reading.device)
            else:
                item.outcome = STORED if state == "accepted" else QUEUED

    def _devices(self, cr, codes, lock=""):
        if not codes:
            return {}
        cr.execute(f"{sql.DEVICES} {lock}", [self.broker_id, sorted(codes)])
        return {code: (ident, state) for code, ident, state in cr.fetchall()}

    def _claim(self, cr, items):
        """Part the first of its kind from its repeats."""
        for item in items:
            if item.reason:
                item.outcome = DEAD
        keyed = [(item.key, item) for item in items]
        self._claim_by_transport(cr, [item for key, item in keyed if key is None])
        keyed = [(key, item) for key, item in keyed if key is not None]
        if not keyed:
            return
        keys = {key for key, _item in keyed}
        cr.execute(sql.CLAIM, [",".join(sorted([key.hex() for key in keys]))])
        if cr.rowcount == len(keyed):
            return
        fresh = {bytes(row[0]) for row in cr.fetchall()}
        for key, item in keyed:
            if key in fresh:
                fresh.discard(key)
            else:
                item.outcome = DUPLICATE

    def _claim_by_transport(self, cr, items):
        """Recognize what the broker says it sent before, by its number and content."""
        items = [item for item in items if item.delivery.number]
        if not items:
            return
        hashes = {item.delivery.number: self._content(item.delivery) for item in items}
        numbers = sorted(hashes)
        cr.execute(
            "SELECT number, key FROM mqtt_delivery WHERE broker_id = %s AND number = ANY(%s)",
            [self.broker_id, numbers],
        )
        before = {number: bytes(key) for number, key in cr.fetchall()}
        for item in items:
            number = item.delivery.number
            if item.delivery.is_repeated and before.get(number) == self._content(item.delivery):
                item.outcome = DUPLICATE
            before[number] = self._content(item.delivery)
        cr.execute(sql.DELIVERED, [self.broker_id, numbers, [hashes[number] for number in numbers]])

    @staticmethod
    def _content(delivery):
        return reading.digest(delivery.topic, delivery.payload)

    def _write(self, cr, items):
        kept = [item for item in items if item.outcome in (STORED, QUEUED)]
        if kept:
            cr.execute(sql.NUMBERS, [len(kept)])
            for item, (number,) in zip(kept, cr.fetchall(), strict=True):
                item.message_id = number
            cr.copy_expert(sql.MESSAGES, io.BytesIO("".join(map(copied, kept)).encode()))
        dead = [item for item in items if item.outcome == DEAD]
        if dead:
            cr.execute(sql.DEAD_LETTERS, [self.broker_id, *self._dead_columns(dead)])
        seen = {}
        for item in items:
            device, at = item.device_id, item.delivery.received_at
            if not device or item.reason or (item.delivery.is_retained and item.outcome != QUEUED):
                continue
            if device not in seen or seen[device] < at:
                seen[device] = at
        if seen:
            devices = sorted(seen)
            cr.execute(sql.SEEN, [devices, [seen[device] for device in devices]])
        replies.settle(cr, items)
        self.judge.apply(cr, items)

    @staticmethod
    def _dead_columns(items):
        rows = []
        for item in items:
            payload = item.delivery.payload
            is_cut = item.reason == "too_large" and len(payload) > CUT
            rows.append(
                (
                    item.source.id if item.source else None,
                    item.delivery.received_at,
                    printable(item.delivery.topic),
                    base64.b64encode(payload[:CUT] if is_cut else payload),
                    len(payload),
                    is_cut,
                    item.delivery.is_retained,
                    item.reason,
                    item.detail,
                )
            )
        return [list(column) for column in zip(*rows, strict=True)]

    def _count(self, cr, items):
        """Count the deliveries and what became of each, independently of each other."""
        found = Counter(
            [
                (item.source.id if item.source else 0, item.delivery.received_at, item.outcome)
                for item in items
            ]
        )
        changes = defaultdict(Counter)
        for (source, received_at, outcome), number in found.items():
            change = changes[source, hour_of(received_at)]
            change["received"] += number
            change[outcome] += number
        change_account(cr, self.broker_id, changes)


def change_account(cr, broker_id, changes):
    """Add to the account of a broker.

    :param changes: by (id of the subscription or 0, hour), a counter by name of the column
    """
    rows = [
        (*place, *(changes[place][name] for name in COUNTERS))
        for place in sorted(changes)
        if any(changes[place].values())
    ]
    if rows:
        cr.execute(sql.TALLY, [broker_id, *(list(column) for column in zip(*rows, strict=True))])


def confirmation(item):
    """Write the message that tells a device that its message is kept.

    :return: (topic, payload), or None when the subscription wants none or the message has no id
    """
    if not item.source or not item.source.ack_topic or not item.reading:
        return None
    topic = topics.fill(item.source.ack_topic, item.reading.device)
    if not topic or not item.reading.reference:
        return None
    content = {"id": item.reading.reference, "result": item.outcome}
    return topic, json.dumps(content, ensure_ascii=False).encode()


def release(cr, device_ids):
    """Store the messages of devices that waited, and move them in the account."""
    if device_ids:
        cr.execute(sql.RELEASE, [tuple(device_ids)])


def refuse(cr, device_ids):
    """Turn the messages of devices that waited into dead letters, also in the account."""
    if device_ids:
        cr.execute(
            sql.REFUSE.format(where="device_id IN %s"), [tuple(device_ids), "rejected_device"]
        )
