"""What a phone sends: one entry, read and measured before anything of it is believed."""

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime, timezone

PAYLOAD_LIMIT = 64 * 1024  # bytes of a payload
FILE_LIMIT = 500 * 1024  # bytes of a photo
FILE_COUNT = 12  # photos of an entry
BODY_LIMIT = 9 * 1024 * 1024  # bytes of a request: 12 photos in base64, and room for the rest
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SHA256 = re.compile(r"[0-9a-f]{64}")
MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)


class Malformed(ValueError):
    """What was sent is no entry.

    :param code: what is wrong, a key of the messages that people read
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Sent:
    """One entry as it was sent.

    :param text: the payload exactly as it was signed
    :param payload: the same, parsed
    :param files: SHA-256 in hexadecimal -> bytes of an image
    :param at: when it happened, by the phone's clock; UTC without a zone
    :param sent_at: when it was sent, by the same clock
    :param digest: SHA-256 over the payload and the photos that it names
    """

    uuid: str
    text: str
    payload: dict
    files: dict
    at: datetime
    sent_at: datetime
    digest: str
    device: str = ""
    signature: str = ""


def read(body):
    """Read the body of a request.

    :param body: bytes
    :return: Sent
    :raise Malformed: when it is no entry, or a photo is missing
    """
    sent = read_partly(body)
    if set(named_files(sent.payload)) != set(sent.files):
        raise Malformed("files")
    return sent


def read_partly(body):
    """Read the body of a request whose photos may have gone.

    :param body: bytes
    :return: Sent
    :raise Malformed: when it is no entry
    """
    outer = parse(body)
    text = outer.get("payload")
    if not isinstance(text, str):
        raise Malformed("payload")
    payload = parse(text.encode("utf-8", "surrogatepass"))
    uuid = outer.get("uuid")
    if not isinstance(uuid, str) or not UUID.fullmatch(uuid):
        raise Malformed("uuid")
    if payload.get("uuid", uuid) != uuid:
        raise Malformed("uuid")
    names = named_files(payload)
    files = decode(outer.get("files") or {})
    if not set(files) <= set(names):
        raise Malformed("files")
    return Sent(
        uuid=uuid,
        text=text,
        payload=payload,
        files=files,
        at=moment(payload.get("at")),
        sent_at=moment(outer.get("sent_at")),
        digest=digest(text, names),
        device=_word(outer.get("device")),
        signature=_word(outer.get("signature")),
    )


def parse(body):
    """Parse an object of JSON.

    :param body: bytes of UTF-8
    :return: dict
    :raise Malformed: when it is none
    """
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_refuse, parse_int=_integer)
        again = json.dumps(found, ensure_ascii=False).encode("utf-8")  # refuses half characters
    except (UnicodeError, ValueError, RecursionError):
        raise Malformed("json") from None
    if not isinstance(found, dict) or b"\\u0000" in again:
        raise Malformed("json")  # no database keeps the character 0
    return found


def _refuse(_text):
    """Take no NaN and no infinity."""
    raise ValueError


def _integer(text):
    """Take the whole numbers that a browser can tell apart."""
    found = int(text)
    if abs(found) > 2**53:
        raise ValueError
    return found


def _word(value):
    """Take a short text, or nothing."""
    return value if isinstance(value, str) and len(value) <= 256 else ""


def named_files(payload):
    """List the photos that a payload names, wherever a key ``files`` stands in it.

    :return: sorted list of SHA-256 in hexadecimal
    :raise Malformed: when a name is none

    >>> named_files({"files": ["b" * 64], "results": [{"files": ["a" * 64]}]})[0][:2]
    'aa'
    """
    found, todo = set(), [payload]
    while todo:
        value = todo.pop()
        if isinstance(value, list):
            todo += value
        elif isinstance(value, dict):
            names = value.get("files") or []
            if not isinstance(names, list) or not all(
                isinstance(name, str) and SHA256.fullmatch(name) for name in names
            ):
                raise Malformed("files")
            found.update(names)
            todo += [inner for key, inner in value.items() if key != "files"]
    return sorted(found)


def decode(files):
    """Decode photos and see that they are what they say.

    :param files: SHA-256 in hexadecimal -> base64
    :return: SHA-256 -> bytes
    :raise Malformed: with "file_count", "file_size", "file_type" or "files"
    """
    if not isinstance(files, dict):
        raise Malformed("files")
    if len(files) > FILE_COUNT:
        raise Malformed("file_count")
    found = {}
    for name, text in files.items():
        if not isinstance(text, str):
            raise Malformed("files")
        if len(text) > FILE_LIMIT * 4 // 3 + 4:
            raise Malformed("file_size")
        try:
            content = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise Malformed("files") from None
        if len(content) > FILE_LIMIT:
            raise Malformed("file_size")
        if not image_type(content):
            raise Malformed("file_type")
        if hashlib.sha256(content).hexdigest() != name:
            raise Malformed("files")
        found[name] = content
    return found


def image_type(content):
    """Tell the kind of an image by its first bytes.

    :return: MIME type, or nothing

    >>> image_type(b"\\xff\\xd8\\xff\\xe0"), image_type(b"<svg>")
    ('image/jpeg', '')
    >>> image_type(b"RIFF\\0\\0\\0\\0WEBPVP8 ")
    'image/webp'
    """
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind in MAGIC if content.startswith(magic)), "")


def moment(text):
    """Read a moment of a phone's clock.

    :param text: ISO 8601 with a zone, as ``2026-11-26T08:30:00.123Z``
    :return: datetime of UTC without a zone, whole seconds
    :raise Malformed: "moment"

    >>> moment("2026-11-26T08:30:00.900Z"), moment("2026-11-26T16:30:00+08:00")
    (datetime.datetime(2026, 11, 26, 8, 30), datetime.datetime(2026, 11, 26, 8, 30))
    """
    if not isinstance(text, str) or not text.isascii() or len(text) > 40:
        raise Malformed("moment")
    try:
        found = datetime.fromisoformat(_plain(text))
        if found.tzinfo is None or not 1970 < found.year < 9000:
            raise Malformed("moment")
        return found.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)
    except (ValueError, OverflowError):
        raise Malformed("moment") from None


def _plain(text):
    """Write a moment as Python 3.10 reads it: no Z, milliseconds or none."""
    return re.sub(r"(\.\d{1,9})?Z$", "+00:00", text)


def digest(text, names):
    """Sum up an entry.

    :param text: the payload as signed
    :param names: SHA-256 of its photos, sorted
    :return: hexadecimal text

    >>> digest("{}", [])[:8], digest("{}", ["a" * 64])[:8]
    ('44136fa3', 'e18fbb9a')
    """
    return hashlib.sha256("\n".join([text, *names]).encode("utf-8", "surrogatepass")).hexdigest()
