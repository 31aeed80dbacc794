"""The many ways in which devices write a time."""

import re
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1)
FIRST, LAST = datetime(2000, 1, 1), datetime(2100, 1, 1)
COMPACT = re.compile(r"\d{14}")
CHINESE = re.compile(r"(\d{4})[年/.](\d{1,2})[月/.](\d{1,2})日?")


def read(value, zone="UTC"):
    """Read a device's timestamp.

    Numbers are seconds, milliseconds or microseconds since 1970, whichever gives a year from 2000
    to 2099; texts are ISO 8601, ``20260131235959`` or ``2026/1/31 8:00:00``, in the zone unless
    they name one.

    :return: naive UTC datetime, or None when it is no time

    >>> read(1767225600), read(1767225600000) == read("1767225600")
    (datetime.datetime(2026, 1, 1, 0, 0), True)
    >>> read("2026-01-01 08:00:00", "Asia/Shanghai"), read("2026-01-01T00:00:00Z")
    (datetime.datetime(2026, 1, 1, 0, 0), datetime.datetime(2026, 1, 1, 0, 0))
    >>> read(True), read([1]), read("soon"), read(7)
    (None, None, None, None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return _number(value)
    if not isinstance(value, str):
        return None
    text = value.strip()[:64]
    if COMPACT.fullmatch(text):
        text = f"{text[:8]}T{text[8:]}"
    elif re.fullmatch(r"\d{9,17}(\.\d{1,9})?", text):
        return _number(float(text))
    return _text(text, zone)


def _number(value):
    for unit in (1, 1_000, 1_000_000):
        try:
            found = EPOCH + timedelta(seconds=value / unit)
        except (OverflowError, ValueError):
            continue
        if FIRST <= found < LAST:
            return found
    return None


def _text(text, zone):
    found = CHINESE.match(text)
    if found:
        year, month, day = (int(part) for part in found.groups())
        text = f"{year}-{month:02}-{day:02}{text[found.end() :]}"
    text = re.sub(r"[ T](\d):", r"T0\1:", text)
    text = re.sub(r"Z$", "+00:00", text)
    text = re.sub(r"T(\d\d)(\d\d)(\d\d)$", r"T\1:\2:\3", text)
    if re.match(r"\d{8}T", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    # Python 3.10 reads only three or six digits of a second
    text = re.sub(r"\.(\d+)", lambda part: f".{part[1][:6].ljust(6, '0')}", text)
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(zone))
        moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return moment if FIRST <= moment < LAST else None
