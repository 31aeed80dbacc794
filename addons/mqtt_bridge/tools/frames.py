"""Parts of a binary frame, one a line, as a template names them. The language is in template.py."""

import math
import re
import struct
from dataclasses import dataclass, field
from typing import Any

from . import checksums

MOST_BYTES = 4096  # that one part may take
NAME = r"[^\W\d]\w{0,39}"
PART = re.compile(
    rf"(?P<name>{NAME})\s+(?P<kind>[a-z]+\d*)(?:\s+(?P<size>\d{{1,4}}|(?!little\b|minus33\b){NAME}))?"
    r"(?P<words>(?:\s+(?:little|minus33))*)"
    r"(?:\s*(?P<sign>[/*])\s*(?P<factor>\d+(?:\.\d+)?))?"
    r"(?:\s*(?P<shift>[+-]\s*\d+(?:\.\d+)?))?"
    r"(?:\s*:\s*(?P<words_of>.+))?"
)
WORD = re.compile(r"\s*([0-9A-Fa-f]+|bit\d{1,2})\s*=\s*([^,=]+?)\s*")
WHOLE = {"u8": 1, "u16": 2, "u24": 3, "u32": 4, "u64": 8}
SIGNED = {f"i{bits}": bits // 8 for bits in (8, 16, 24, 32, 64)}
FLOATS = {"f32": (4, "f"), "f64": (8, "d")}
SIZED = ("bcd", "hex", "ascii", "gbk", "utf8")


class Misfit(ValueError):
    """A frame that is not of this template; args[0] says where it differs."""


@dataclass(frozen=True)
class Part:
    """A line of a template."""

    kind: str  # lead, expect, skip, check, or one of the kinds above
    name: str = ""
    size: Any = 0  # bytes, the name of a part before, or None: all that is left
    content: bytes = b""
    little: bool = False
    minus33: bool = False
    factor: float = 1
    shift: float = 0
    words: dict = field(default_factory=dict)
    bits: dict = field(default_factory=dict)


def parse(line):
    """Read a line.

    :raise ValueError: when it is none

    >>> part = parse("volume bcd 4 little / 100")
    >>> part.kind, part.size, part.little, part.factor
    ('bcd', 4, True, 0.01)
    """
    word, _space, rest = line.partition(" ")
    if word in ("lead", "expect"):
        content = bytes.fromhex(rest)
        if not content or (word == "lead" and len(content) != 1):
            raise ValueError(line)
        return Part(word, content=content)
    if word == "skip" and rest.isdigit():
        return Part("skip", size=_size(rest))
    if word == "check" and rest in checksums.WAYS:
        return Part("check", name=rest, size=checksums.SIZES[rest])
    found = PART.fullmatch(line)
    if not found:
        raise ValueError(line)
    return _part(found, line)


def _part(found, line):
    kind, words = found["kind"], found["words"].split()
    sizes = {**WHOLE, **SIGNED, **{name: size for name, (size, _code) in FLOATS.items()}}
    if kind in sizes and not found["size"]:
        size = sizes[kind]
    elif kind in SIZED and found["size"]:
        size = _size(found["size"])
    elif kind == "rest" and not found["size"]:
        size = None
    else:
        raise ValueError(line)
    factor = float(found["factor"] or 1)
    if not factor:
        raise ValueError(line)
    named, bits = _words(found["words_of"], line)
    return Part(
        kind,
        name=found["name"],
        size=size,
        little="little" in words,
        minus33="minus33" in words,
        factor=1 / factor if found["sign"] == "/" else factor,
        shift=float((found["shift"] or "0").replace(" ", "")),
        words=named,
        bits=bits,
    )


def _size(text):
    if not text.isdigit():
        return text
    size = int(text)
    if not 0 < size <= MOST_BYTES:
        raise ValueError(text)
    return size


def _words(text, line):
    """Read ``01=open, 02=shut`` or ``bit0=open, bit2=low battery``."""
    named, bits = {}, {}
    for one in text.split(",") if text else ():
        found = WORD.fullmatch(one)
        if not found:
            raise ValueError(line)
        if found[1].startswith("bit"):
            bits[int(found[1][3:])] = found[2]
        else:
            named[found[1].lower().lstrip("0") or "0"] = found[2]
    return named, bits


def read(parts, content):
    """Read a frame.

    :param parts: Parts
    :param content: bytes
    :return: dictionary of values by name
    :raise Misfit: where it differs

    >>> read([parse("expect 68"), parse("t u16 / 10 - 40"), parse("check sum8")],
    ...      bytes.fromhex("6801F45D"))
    {'t': 10.0}
    >>> read([parse("expect 68")], b"\\x00")
    Traceback (most recent call last):
    ...
    odoo.addons.mqtt_bridge.tools.frames.Misfit: byte 0: 00 instead of 68
    """
    place, begin, found = 0, 0, {}
    for part in parts:
        if part.kind == "lead":
            while content[place : place + 1] == part.content:
                place += 1
            begin = place
            continue
        size = _bytes_of(part, found, len(content) - place)
        piece = content[place : place + size]
        if len(piece) < size:
            raise Misfit(f"byte {len(content)}: the frame ends before {part.name or part.kind}")
        wanted = part.content
        if part.kind == "check":
            wanted = checksums.WAYS[part.name](content[begin:place])
        if wanted and piece != wanted:
            raise Misfit(f"byte {place}: {piece.hex()} instead of {wanted.hex()}")
        if part.kind not in ("expect", "skip", "check"):
            found[part.name] = _value(part, piece, place)
        place += size
    if place < len(content):
        raise Misfit(f"byte {place}: {len(content) - place} bytes more than the template has")
    return found


def _bytes_of(part, found, left):
    if part.kind == "expect":
        return len(part.content)
    if part.size is None:
        return left
    if isinstance(part.size, int):
        return part.size
    size = found.get(part.size)
    if not isinstance(size, int) or not 0 <= size <= MOST_BYTES:
        raise Misfit(f"{part.name}: {part.size} is no length")
    return size


def _value(part, piece, place):
    if part.minus33:  # DL/T 645 adds 33H to each byte of its data
        piece = bytes((one - 0x33) % 256 for one in piece)
    if part.little:
        piece = piece[::-1]
    if part.kind in ("hex", "rest"):
        return _named(part, piece.hex(), piece.hex())
    if part.kind in ("ascii", "utf8", "gbk"):
        encoding = "gb18030" if part.kind == "gbk" else part.kind
        try:
            return piece.decode(encoding).strip("\0 \r\n")
        except UnicodeDecodeError:
            raise Misfit(f"byte {place}: no {part.kind} text") from None
    number = _number(part, piece, place)
    if part.bits:
        return {name: bool(number >> bit & 1) for bit, name in part.bits.items()}
    if part.words:
        return _named(part, format(number, "x"), number)
    return _scaled(part, number)


def _named(part, text, value):
    return part.words.get(text.lstrip("0") or "0", value)


def _number(part, piece, place):
    if part.kind == "bcd":
        text = piece.hex()
        if not text.isdigit():
            raise Misfit(f"byte {place}: {text} is no BCD")
        # an address begins with zeros that count
        return int(text) if part.factor != 1 or part.shift or part.words else text
    if part.kind in FLOATS:
        [number] = struct.unpack(f">{FLOATS[part.kind][1]}", piece)
        if not math.isfinite(number):
            raise Misfit(f"byte {place}: a number that is none")
        return round(number, 6) if part.kind == "f32" else number
    return int.from_bytes(piece, "big", signed=part.kind in SIGNED)


def _scaled(part, number):
    if isinstance(number, str) or (part.factor == 1 and not part.shift):
        return number
    return round(number * part.factor + part.shift, 9)
