"""What a delivery says: device, identity, time; and the key that makes it one of a kind."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from . import decoding, moments, paths
from .decoding import Unreadable

LONGEST_CODE = 128
LONGEST_REFERENCE = 200
AHEAD = timedelta(minutes=5)  # clocks of devices that are fast by less are believed
BIGGEST = 2**63 - 1


class Delivery(NamedTuple):  # made by the thousand, as Reading: tuples are made fast
    """A message as it came in."""

    topic: str
    payload: bytes
    received_at: datetime
    is_retained: bool = False
    is_repeated: bool = False  # the broker says that it sent it before
    number: int = 0  # the broker's packet identifier; 0 when it came another way


@dataclass(frozen=True)
class Plan:
    """How to read the messages of a subscription. Paths are parsed."""

    scope: int  # id of the subscription
    decoder: str = "json"
    largest: int = 262144
    device: Any = None
    reference: Any = None
    moment: Any = None
    sequence: Any = None
    zone: str = "UTC"
    identity: str = "auto"  # auto, reference_time, content, transport


class Reading(NamedTuple):
    """A delivery that was understood."""

    device: str
    data: Any
    reference: str | None
    sequence: int | None
    sent_at: datetime
    clock: str  # device; received (it gave none), future, unreadable: the time of receipt is used
    key: bytes | None  # None: only the transport tells repeats apart


def read(delivery, plan):
    """Read a delivery.

    :raise Unreadable: when it has to become a dead letter

    >>> at = datetime(2026, 1, 1)
    >>> plan = Plan(1, device=2, reference=("id",), moment=("ts",))
    >>> found = read(Delivery("up/LF-01", b'{"id": 7, "ts": 1767225600}', at), plan)
    >>> found.device, found.reference, found.clock, found.sent_at == at, len(found.key)
    ('LF-01', '7', 'device', True, 16)
    """
    data = decoding.decode(delivery.payload, plan.decoder, plan.largest)
    device = _text(plan.device, delivery, data, LONGEST_CODE, "device")
    if not device:
        raise Unreadable("no_device")
    reference = _text(plan.reference, delivery, data, LONGEST_REFERENCE, "message id")
    sequence = _value(plan.sequence, delivery, data)
    if isinstance(sequence, bool) or not isinstance(sequence, int) or abs(sequence) > BIGGEST:
        sequence = None
    sent_at, clock = _moment(delivery, plan, data)
    key = _key(delivery, plan, device, reference, sequence, (sent_at, clock))
    return Reading(device, data, reference, sequence, sent_at, clock, key)


def _value(path, delivery, data):
    if path is None:
        return None
    if type(path) is tuple and len(path) == 1 and type(data) is dict:
        return data.get(path[0])
    found = paths.find(path, delivery.topic, data)
    return None if found is paths.MISSING else found


def _text(path, delivery, data, longest, what):
    """Read an identifier: a text or a whole number, and nothing that PostgreSQL refuses."""
    found = _value(path, delivery, data)
    if found is None:
        return None
    if type(found) is str and found.isalnum() and len(found) <= longest:
        return found  # nearly all are: no blanks, no NUL, no surrogates
    if isinstance(found, bool) or not isinstance(found, (str, int)):
        raise Unreadable("wrong_type", f"{what}: {type(found).__name__}")
    try:
        text = str(found).strip()
        text.encode()
    except ValueError:  # lone surrogates; numbers of thousands of digits
        raise Unreadable("wrong_type", what) from None
    if "\0" in text:
        raise Unreadable("nul", what)
    if len(text) > longest:
        raise Unreadable("too_long", f"{what}: {len(text)} > {longest}")
    return text or None


def _moment(delivery, plan, data):
    found = _value(plan.moment, delivery, data)
    if found is None:
        return delivery.received_at, "received"
    moment = moments.read(found, plan.zone)
    if moment is None:
        return delivery.received_at, "unreadable"
    if moment > delivery.received_at + AHEAD:
        return delivery.received_at, "future"
    return moment, "device"


def _key(delivery, plan, device, reference, sequence, time):
    """Name the message: by its id, else by its content where a time or number makes it unique."""
    sent_at, clock = time
    content = (delivery.topic, delivery.payload)
    if delivery.is_retained or plan.identity == "content":
        return digest("content", plan.scope, *content)
    if plan.identity == "transport":
        return None
    if reference and plan.identity == "reference_time" and clock == "device":
        return digest("reference", plan.scope, device, reference, sent_at.isoformat())
    if reference:
        return digest("reference", plan.scope, device, reference)
    if sequence is not None or clock in ("device", "future"):
        return digest("content", plan.scope, *content)
    return None


def dead_key(delivery, scope):
    """Name a message that cannot be read: the same bytes on the same topic are one."""
    return digest("dead", scope, delivery.topic, delivery.payload)


def digest(*parts):
    """Hash parts so that no two lists of parts collide by being joined.

    >>> digest("a", "bc") == digest("ab", "c"), len(digest("a"))
    (False, 16)
    """
    framed = b"".join(
        [
            len(part).to_bytes(8, "big") + part if type(part) is bytes else _framed(part)
            for part in parts
        ]
    )
    return hashlib.blake2b(framed, digest_size=16).digest()


@lru_cache(1000)
def _framed(part):
    content = str(part).encode("utf-8", "surrogatepass")
    return len(content).to_bytes(8, "big") + content
