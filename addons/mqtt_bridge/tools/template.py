"""Templates: what a device's frames and texts are made of, in lines that people can write.

::

    [reading]                        # a name for this kind of message; more kinds may follow
    as json $.data hex               # the payload is JSON, and the frame a hexadecimal text in it
    lead FE                          # any number of these bytes first
    expect 68                        # these bytes, or it is a message of another kind
    meter_type u8 : 10=cold water    # u8 u16 u24 u32 u64, i8 … i64, f32 f64
    address bcd 7 little             # bcd hex ascii utf8 gbk N: that many bytes, or a part's name
    volume bcd 4 little / 100        # / * a number, then + - a number
    status u16 little : bit2=low battery
    check sum8                       # sum8 xor8 crc16 (Modbus) of all bytes from behind the lead
    expect 16

    [alarm]
    as gbk
    text 报警,{place},浓度={level number}%

The first kind that fits a message reads it. What is named ``_x`` is read and left out.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any

from . import frames, paths

FORMS = ("bytes", "hex", "base64", "utf8", "gbk")
PLAIN = ("utf8", "gbk")
IN_JSON = ("hex", "base64", "utf8")
OWN_NAMES = ("frame", "envelope")
LONGEST = 16_384  # characters of a template
MOST_KINDS, MOST_PARTS = 20, 200
HEAD = re.compile(r"\[\s*([^\[\]]{1,40}?)\s*\]")
AS = re.compile(rf"as(?:\s+json\s+(?P<path>\S+))?\s+(?P<form>{'|'.join(FORMS)})")
HOLE = re.compile(rf"\{{({frames.NAME})(?:\s+(number|whole))?\}}")
NUMBERS = {
    "number": (re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?"), float),
    "whole": (re.compile(r"[+-]?\d{1,18}"), int),
}


class Wrong(ValueError):
    """A template that is none; args are the number of the line at fault and the line."""


@dataclass(frozen=True)
class Kind:
    """A kind of message: a frame of parts, or a text with holes."""

    name: str
    form: str
    path: Any = None  # of the frame within JSON
    parts: tuple = ()
    text: tuple = ()  # literals, and (name, kind of number) for the holes


def parse(text):
    """Read a template.

    :return: tuple of Kinds
    :raise Wrong: with the line that is none

    >>> [kind.name for kind in parse("[a]\\nexpect 01\\n[b]\\nas utf8\\ntext T={t number}")]
    ['a', 'b']
    >>> parse("volume bcd")
    Traceback (most recent call last):
    ...
    odoo.addons.mqtt_bridge.tools.template.Wrong: (1, 'volume bcd')
    """
    if len(text) > LONGEST:
        raise Wrong(1, text[:40])
    sections = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line.startswith("text "):
            line = line.split(" #")[0].rstrip()
        head = HEAD.fullmatch(line)
        if head:
            sections.append((head[1], number, []))
        elif line and not line.startswith("#"):
            if not sections:
                sections.append(("", number, []))
            sections[-1][2].append((number, line))
    if not sections or len(sections) > MOST_KINDS:
        raise Wrong(1, text[:40])
    return tuple(_kind(*section) for section in sections)


def _kind(name, number, lines):
    """Read the lines of one kind."""
    if not lines or len(lines) > MOST_PARTS:
        raise Wrong(number, name)
    found = AS.fullmatch(lines[0][1])
    form, path = (found["form"], found["path"]) if found else ("bytes", None)
    if path:
        try:
            path = paths.parse(path)
        except ValueError:
            raise Wrong(*lines[0]) from None
        if form not in IN_JSON or isinstance(path, int):
            raise Wrong(*lines[0])
    rest = lines[1:] if found else lines
    if not rest or (form in PLAIN and len(rest) > 1):
        raise Wrong(*lines[-1])
    if form in PLAIN:
        return Kind(name, form, path, text=_text(*rest[0]))
    return Kind(name, form, path, parts=_parts(rest))


def _parts(lines):
    parts, lengths = [], set()
    for number, line in lines:
        try:
            part = frames.parse(line)
        except ValueError:
            raise Wrong(number, line) from None
        unknown = isinstance(part.size, str) and part.size not in lengths
        twice = part.kind != "check" and part.name in {one.name for one in parts if one.name}
        if unknown or twice or part.name in OWN_NAMES:
            raise Wrong(number, line)
        if part.kind in frames.WHOLE:
            lengths.add(part.name)
        parts.append(part)
    return tuple(parts)


def _text(number, line):
    """Part a text into literals and holes; between two holes there has to be a literal."""
    word, _space, pattern = line.partition(" ")
    pieces, place = [], 0
    for hole in HOLE.finditer(pattern):
        pieces += [pattern[place : hole.start()], (hole[1], hole[2])]
        place = hole.end()
    pieces.append(pattern[place:])
    literals, holes = pieces[::2], [name for name, _kind in pieces[1::2]]
    doubtful = len(set(holes)) < len(holes) or set(holes) & set(OWN_NAMES)
    braces = any(set(literal) & set("{}") for literal in literals)
    if word != "text" or not holes or doubtful or braces or not all(literals[1:-1]):
        raise Wrong(number, line)
    return tuple(pieces)


def decode(kinds, payload, read_json):
    """Read a message as the first kind that it fits.

    :param payload: bytes
    :param read_json: function of a text; raises ValueError
    :return: dictionary
    :raise Misfit: which says why it is none of them

    >>> import json
    >>> kinds = parse("as gbk\\ntext 报警,{place},浓度={level number}%")
    >>> decode(kinds, "报警,3层走道,浓度=7.5%".encode("gbk"), json.loads)
    {'place': '3层走道', 'level': 7.5}
    >>> kinds = parse("[t]\\nas json $.d hex\\nt i16 / 10")
    >>> decode(kinds, b'{"sn": "A1", "d": "FF 9C"}', json.loads)
    {'frame': 't', 't': -10.0, 'envelope': {'sn': 'A1', 'd': 'FF 9C'}}
    """
    misfits = []
    for kind in kinds:
        try:
            content, envelope = _content(kind, payload, read_json)
            found = _holes(kind, content) if kind.text else frames.read(kind.parts, content)
        except frames.Misfit as misfit:
            misfits.append(f"[{kind.name}] {misfit}" if kind.name else str(misfit))
            continue
        values = {name: value for name, value in found.items() if not name.startswith("_")}
        head = {"frame": kind.name} if kind.name else {}
        return {**head, **values, **({"envelope": envelope} if kind.path is not None else {})}
    raise frames.Misfit("; ".join(misfits))


def _content(kind, payload, read_json):
    """Return what the parts are read from, and the JSON around it."""
    envelope = None
    try:
        if kind.path is not None:
            envelope = read_json(payload.decode("utf-8-sig"))
            inner = paths.find(kind.path, "", envelope)
            if not isinstance(inner, str):
                raise frames.Misfit("the JSON has no text there")
            payload = inner.encode()
        if kind.form in PLAIN:
            return payload.decode("gb18030" if kind.form == "gbk" else "utf-8-sig"), envelope
        if kind.form == "hex":
            payload = bytes.fromhex(payload.decode("ascii"))
        elif kind.form == "base64":
            payload = base64.b64decode(b"".join(payload.split()), validate=True)
    except frames.Misfit:
        raise
    except (ValueError, binascii.Error) as error:
        raise frames.Misfit(f"no {kind.form}: {error}"[:200]) from None
    return payload, envelope


def _holes(kind, text):
    """Read a text from left to right, each hole up to the literal that follows it first."""
    text = text.strip("\0 \r\n\t")
    first, *pieces = kind.text
    if not text.startswith(first):
        raise frames.Misfit(f"it does not begin with {first}")
    place, found = len(first), {}
    for (name, number), literal in zip(pieces[::2], pieces[1::2], strict=True):
        end = text.find(literal, place) if literal else len(text)
        if end < 0:
            raise frames.Misfit(f"{literal} does not follow {name}")
        found[name] = _number(name, text[place:end].strip(), number)
        place = end + len(literal)
    if place < len(text):
        raise frames.Misfit("the text is longer than the template")
    return found


def _number(name, text, kind):
    if kind is None:
        return text
    pattern, read = NUMBERS[kind]
    if not pattern.fullmatch(text):
        raise frames.Misfit(f"{name} is no number")
    return read(text)
