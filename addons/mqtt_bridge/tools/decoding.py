"""From the bytes of a message to values, refusing what would hurt later."""

import base64
import binascii
import json
import math
import re

DECODERS = ("json", "json_gbk", "text", "text_gbk", "hex", "base64", "raw")
DEEPEST = 64
BOM = b"\xef\xbb\xbf"
# only such a number can be over what a double holds
EXTREME = re.compile(r"[0-9](?:[eE]|[0-9]{299})")
BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.S)
GBK = "gb18030"  # holds all of GBK and GB 2312


class Unreadable(ValueError):
    """A message that becomes a dead letter: ``reason`` is a code, args[0] says more."""

    def __init__(self, reason, detail=""):
        super().__init__(detail)
        self.reason = reason


def decode(payload, decoder, largest):
    """Decode a payload.

    :param payload: bytes
    :param decoder: one of DECODERS
    :param largest: bytes
    :return: any JSON value; a dictionary for what is no JSON
    :raise Unreadable: when it cannot be read

    >>> decode(b'{"t": 21.5}', "json", 100), decode("温度".encode("gbk"), "text_gbk", 100)
    ({'t': 21.5}, {'text': '温度'})
    >>> decode(b"68 AA 16", "hex", 100)
    {'hex': '68aa16', 'length': 3}
    >>> decode(b'{"t": NaN}', "json", 100)
    Traceback (most recent call last):
    ...
    odoo.addons.mqtt_bridge.tools.decoding.Unreadable: NaN
    """
    if len(payload) > largest:
        raise Unreadable("too_large", f"{len(payload)} > {largest}")
    if decoder == "raw":
        return _bytes(payload)
    if not payload or payload.isspace():
        raise Unreadable("empty")
    if decoder in ("hex", "base64"):
        return _bytes(_plain(payload, decoder))
    try:
        if decoder.endswith("gbk"):
            text = payload.decode(GBK)
        else:
            text = payload.removeprefix(BOM).decode()
    except UnicodeDecodeError as error:
        raise Unreadable("encoding", f"byte {error.start}") from None
    return {"text": text} if decoder.startswith("text") else _json(text)


def _bytes(content):
    return {"hex": content.hex(), "length": len(content)}


def _plain(payload, decoder):
    content = b"".join(payload.split())
    try:
        if decoder == "hex":
            return bytes.fromhex(content.decode("ascii"))
        return base64.b64decode(content, validate=True)
    except (ValueError, binascii.Error) as error:
        raise Unreadable(f"not_{decoder}", str(error)) from None


def _json(text):
    if text.count("[") + text.count("{") > DEEPEST and depth(text) > DEEPEST:
        raise Unreadable("too_deep", str(DEEPEST))
    try:
        return _parsed(STRICT if EXTREME.search(text) else QUICK, text)
    except Unreadable:
        raise
    except (ValueError, RecursionError) as error:
        raise Unreadable("not_json", str(error)[:200]) from None


def _parsed(decoder, text):
    if text[:1] == "{":  # the usual: without blanks around it
        found, end = decoder.raw_decode(text)
        if end == len(text):
            return found
    return decoder.decode(text)


def _no_number(name):
    raise Unreadable("not_finite", name)


def _finite(text):
    number = float(text)
    if not math.isfinite(number):
        raise Unreadable("not_finite", text[:40])
    return number


QUICK = json.JSONDecoder(parse_constant=_no_number)
STRICT = json.JSONDecoder(parse_constant=_no_number, parse_float=_finite)


def depth(text):
    """Say how deep brackets nest outside of strings.

    >>> depth('[{"a": "[[["}]'), depth("[" * 5), depth("1")
    (2, 5, 0)
    """
    deepest = now = 0
    for found in BRACKETS.finditer(text):
        char = found[0]
        if char in "[{":
            now += 1
            deepest = max(deepest, now)
        elif char in "]}":
            now -= 1
    return deepest
