"""What is written to a device, and what its answer says."""

import json
from dataclasses import dataclass
from typing import Any

from . import decoding, paths

JSON, TEXT, BYTES = "json", "text", "hex"
MOST_BYTES = 262144
LONGEST_REPLY = 4096  # characters that are kept of an answer
LONGEST_REFERENCE = 64
GOOD = ("0", "200", "ok", "true", "success")  # what devices write when they did as told


@dataclass(frozen=True)
class Answers:
    """How the messages of a subscription answer commands. Paths are parsed."""

    reference: Any
    result: Any = None  # None: every answer is good news
    good: tuple = GOOD


def form(payload):
    """Say how a payload is written down, and write it down.

    :return: one of JSON, TEXT and BYTES, and a text
    :raise ValueError: when it cannot be sent

    >>> form({"门": "开"}), form("open"), form(b"\\x68\\x16")
    (('json', '{"门": "开"}'), ('text', 'open'), ('hex', '6816'))
    """
    if isinstance(payload, (bytes, bytearray)):
        return BYTES, bytes(payload).hex()
    if isinstance(payload, str):
        return TEXT, payload
    try:
        return JSON, json.dumps(payload, ensure_ascii=False, allow_nan=False)
    except (TypeError, RecursionError) as error:
        raise ValueError(str(error)) from None


def check_id_path(text):
    """Parse where a command's id goes: names of nested objects only, as in ``$.head.id``.

    :raise ValueError: when an id cannot be written there

    >>> check_id_path("$.head.id"), check_id_path("$.id")
    (('head', 'id'), ('id',))
    >>> check_id_path("$.list[0]")
    Traceback (most recent call last):
    ...
    ValueError: $.list[0]
    """
    path = paths.parse(text)
    if isinstance(path, int) or not path or not all(isinstance(step, str) for step in path):
        raise ValueError(text)
    return path


def body(kind, text, reference, path):
    """Return the bytes to publish, and the command's id: an object carries it.

    :param kind: one of JSON, TEXT and BYTES
    :param reference: id, unless the object has one already
    :param path: parsed path of the id in an object; None to add none
    :raise ValueError: when the id has no place, or the one that is there is no id

    >>> body(JSON, '{"cmd": "open"}', "c1", ("head", "id"))
    (b'{"cmd": "open", "head": {"id": "c1"}}', 'c1')
    >>> body(JSON, '{"id": 7}', "c1", ("id",)), body(JSON, "[1]", "c1", ("id",))
    ((b'{"id": 7}', '7'), (b'[1]', 'c1'))
    >>> body(BYTES, "6816", "c1", ("id",)), body(TEXT, "open", "c1", None)
    ((b'h\\x16', 'c1'), (b'open', 'c1'))
    """
    if kind == BYTES:
        return bytes.fromhex(text), reference
    if kind == TEXT or not path:
        return text.encode(), reference
    data = json.loads(text)
    if isinstance(data, dict):
        place = data
        for step in path[:-1]:
            place = place.setdefault(step, {})
            if not isinstance(place, dict):
                raise ValueError(step)
        found = _reference(place.setdefault(path[-1], reference))
        if not found:
            raise ValueError(path[-1])
        reference = found
    return json.dumps(data, ensure_ascii=False).encode(), reference


def carries(kind, text, path):
    """Say whether an answer can name the command: its payload is an object that holds the id.

    >>> carries(JSON, '{"cmd": 1}', ("id",)), carries(JSON, "[1]", ("id",)), carries(TEXT, "x", ())
    (True, False, False)
    """
    return kind == JSON and bool(path) and isinstance(json.loads(text), dict)


def answer(answers, topic, data):
    """Read a message as an answer.

    :param answers: Answers
    :return: (id of the command, whether the device did as told); None when it is no answer

    >>> plan = Answers(("re",), ("code",))
    >>> answer(plan, "up/1", {"re": "c1", "code": 0}), answer(plan, "up/1", {"re": "c1", "code": 5})
    (('c1', True), ('c1', False))
    >>> answer(plan, "up/1", {"temperature": 21}), answer(plan, "up/1", {"re": "c1"})
    (None, ('c1', False))
    """
    reference = _reference(paths.find(answers.reference, topic, data))
    if not reference:
        return None
    if answers.result is None:
        return reference, True
    result = paths.find(answers.result, topic, data)
    if result is paths.MISSING or isinstance(result, (dict, list)):
        return reference, False
    return reference, _word(result) in answers.good


def _reference(value):
    """Return an id as text; None when it is none."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    try:
        text = str(value).strip()
    except ValueError:  # a number of thousands of digits
        return None
    return text if text and len(text) <= LONGEST_REFERENCE and "\0" not in text else None


def _word(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip().lower()


def words(text):
    """Read a list of results that mean success.

    >>> words("0, OK；done"), words("  ") == GOOD
    (('0', 'ok', 'done'), True)
    """
    parts = (text or "").replace("；", ",").replace("，", ",").replace(";", ",").split(",")
    found = tuple(part.strip().lower() for part in parts if part.strip())
    return found or GOOD


def check(kind, text):
    """Check what somebody typed.

    :return: the text as it is kept
    :raise ValueError: when it is not what it is said to be

    >>> check(JSON, '{"a": 1}'), check(BYTES, "68 AA 16"), check(TEXT, " open ")
    ('{"a": 1}', '68aa16', ' open ')
    >>> check(JSON, "{a}")
    Traceback (most recent call last):
    ...
    ValueError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)
    """
    if kind == BYTES:
        text = bytes.fromhex(text).hex()
    elif kind == JSON:
        try:
            decoding.decode(text.encode(), "json", MOST_BYTES)
        except decoding.Unreadable as error:
            raise ValueError(str(error) or error.reason) from None
    if not text or len(text.encode()) > MOST_BYTES:
        raise ValueError(f"1 to {MOST_BYTES} bytes")
    if "\0" in text:
        raise ValueError("NUL")
    return text
