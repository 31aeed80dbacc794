"""Read what a camera at a lane sends, in the JSON that is described in readme/gate_api.md.

Nothing a device may send raises anything but GateRefused. Unknown fields are ignored.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from .gate_error import GateRefused

BODY_LIMIT = 2_000_000  # bytes
IMAGE_LIMIT = 600_000  # bytes of the picture itself
MOST_PASSAGES = 200
#: What cameras write when they see a car and no plate.
UNPLATED = frozenset(
    ("", "无牌", "无牌车", "未识别", "无车牌", "_无_", "UNKNOWN", "NONE", "NOPLATE")
)
COLORS = {
    **{name: name for name in ("blue", "green", "yellow", "yellow_green", "white", "black")},
    "蓝": "blue",
    "绿": "green",
    "黄": "yellow",
    "黄绿": "yellow_green",
    "白": "white",
    "黑": "black",
    "蓝色": "blue",
    "绿色": "green",
    "黄色": "yellow",
    "黄绿色": "yellow_green",
    "白色": "white",
    "黑色": "black",
}
_PLATE = re.compile(r"[\w·•・.\- —]{1,16}")
_TOO_EARLY, _TOO_LATE = datetime(2000, 1, 1), datetime(2100, 1, 1)


@dataclass(frozen=True)
class Message:
    """A car seen at a lane. Without `plate`: a car, but no plate on it."""

    key: str
    plate: str
    lane: str | None = None  # the channel of the device; None where it has one lane only
    at: datetime | None = None  # UTC; None: now
    confidence: float = 100.0
    color: str | None = None
    source: str = "live"
    image: bytes | None = None


def load(body):
    """Return the object in a body.

    :param bytes body: of at most BODY_LIMIT
    :raise GateRefused: when it is none

    >>> load(b'{"a": 1}')
    {'a': 1}
    """
    if len(body) > BODY_LIMIT:
        raise GateRefused(413, "too_large")
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise GateRefused(400, "json") from None
    if not isinstance(value, dict):
        raise GateRefused(400, "json")
    return value


def _no_number(name):
    raise ValueError(name)


def parse(body, zone="UTC"):
    """Return the messages in a body: a single passage, or a list of them in `passages`.

    :param bytes body: as sent
    :param str zone: of the site, for times that name none
    :return: list of Message
    :raise GateRefused: when anything in it cannot be taken

    >>> parse('{"message_id": "7", "plate": "浙A·12345", "confidence": 97}'.encode())[0].plate
    '浙A·12345'
    """
    return read(load(body), zone)


def read(value, zone="UTC"):
    """Return the messages in an object that was decoded already; see `parse`."""
    rows = value.get("passages", [value])
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_PASSAGES:
        raise GateRefused(422, "passages")
    general = {name: value[name] for name in ("source", "lane") if name in value}
    return [_message(row, general, number, zone) for number, row in enumerate(rows)]


def _message(row, general, number, zone):
    if not isinstance(row, dict):
        raise GateRefused(422, "passages", number)
    row = {**general, **row}
    try:
        key = name(row.get("message_id"), 64)
        if key is None:
            raise ValueError("message_id")
        source = row.get("source") or "live"
        if source not in ("live", "upload"):
            raise ValueError("source")
        return Message(
            key,
            _plate(row.get("plate")),
            _lane(row.get("lane")),
            moment(row.get("time"), zone),
            _confidence(row.get("confidence")),
            _color(row.get("color")),
            source,
            _image(row.get("image")),
        )
    except ValueError as error:
        raise GateRefused(422, str(error), number) from None


def name(value, most):
    """Return an identifier as text; None for what is none.

    >>> name(12, 8), name("x" * 9, 8), name(True, 8), name("a\\0", 8)
    ('12', None, None, None)
    """
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        value = str(value)
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= most or not value.isprintable():
        return None
    return value.strip()


def _plate(value):
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError("plate")
    plate = value.strip().upper()
    if plate in UNPLATED:
        return ""
    if not _PLATE.fullmatch(plate) or not any(character.isalnum() for character in plate):
        raise ValueError("plate")
    return plate


def _lane(value):
    if value is None or value == "":
        return None
    lane = name(value, 32)
    if lane is None:
        raise ValueError("lane")
    return lane


def moment(value, zone):
    """Return a time as UTC without a zone; None when there is none.

    :param value: ISO 8601, or Unix seconds
    :param str zone: for a time without one
    :raise ValueError: ``time``

    >>> moment("2026-02-02T08:00:00", "Asia/Shanghai")
    datetime.datetime(2026, 2, 2, 0, 0)
    >>> moment("2026-02-02T08:00:00.5+08:00", "UTC") == moment(1769990400.7, "UTC")
    True
    """
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str):
            at = datetime.fromisoformat(value.strip())
            at = at.replace(tzinfo=ZoneInfo(zone)) if at.tzinfo is None else at
            at = at.astimezone(UTC)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            at = datetime.fromtimestamp(value, UTC)
        else:
            raise TypeError
    except (ValueError, OverflowError, OSError, TypeError):
        raise ValueError("time") from None
    at = at.replace(tzinfo=None, microsecond=0)
    if not _TOO_EARLY <= at < _TOO_LATE:
        raise ValueError("time")
    return at


def _confidence(value):
    if value is None:
        return 100.0
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("confidence")
    if not 0 <= value <= 100:  # nor is NaN
        raise ValueError("confidence")
    return float(value)


def _color(value):
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("color")
    return COLORS.get(value.strip().lower(), "other")


def _image(value):
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > IMAGE_LIMIT * 4 // 3 + 64:
        raise ValueError("image")
    try:
        data = base64.b64decode(value.rpartition("base64,")[2], validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("image") from None
    if not data.startswith(b"\xff\xd8\xff") or len(data) > IMAGE_LIMIT:
        raise ValueError("image")
    return data
