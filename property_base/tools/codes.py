"""Codes of buildings, rooms and spaces, as people spell them."""

import re

from .cellread import CellError, clean_text, is_blank, read_text

_BUILDING_TAIL = re.compile(r"(?:号楼|号|楼栋|栋|幢|座|楼|#)+$")
_ENTRANCE_TAIL = re.compile(r"(?:单元|门|梯|#)+$")
_ROOM_TAIL = re.compile(r"(?:室|号|房)+$")
_SPELLED = re.compile(
    r"(?P<b>[^\-栋幢座楼]+?)(?:号楼|栋|幢|座|楼|#)-?"
    r"(?:(?P<e>[^\-]+?)(?:单元|门)-?)?(?P<r>[0-9A-Za-z\-]+?)(?:室|号|房)?"
)
_NUMERALS = {c: i for i, c in enumerate("零一二三四五六七八九十")}


def building_code(value):
    """Return a building's code: ``1栋``, ``1号楼``, ``01幢`` and ``1`` are the same building.

    >>> building_code("１栋"), building_code("A座"), building_code(7.0), building_code("01号楼")
    ('1', 'A', '7', '1')
    """
    if is_blank(value):
        return None
    text = read_text(value).replace(" ", "").upper()
    return _plain(_BUILDING_TAIL.sub("", text) or text)


def entrance_code(value):
    """Return an entrance's code, ``"0"`` where there is none.

    >>> entrance_code("2单元"), entrance_code(None), entrance_code("二单元")
    ('2', '0', '2')
    """
    if is_blank(value):
        return "0"
    text = read_text(value).replace(" ", "").upper()
    return _plain(_ENTRANCE_TAIL.sub("", text) or text)


def room_code(value):
    """Return a room's number without 室.

    >>> room_code("101室"), room_code(1502.0), room_code("S01")
    ('101', '1502', 'S01')
    """
    if is_blank(value):
        return None
    text = read_text(value).replace(" ", "").upper()
    return _ROOM_TAIL.sub("", text) or text


def _plain(text):
    if text in _NUMERALS:
        return str(_NUMERALS[text])
    return str(int(text)) if text.isdecimal() else text


def unit_code(value):
    """Return the code ``building-entrance-room`` of a reference to a room.

    A reference in two parts has no entrance.

    :raise CellError: ``unit_code``

    >>> unit_code("１-1-101"), unit_code("3栋2单元1502室"), unit_code("7-S01"), unit_code("7栋S01")
    ('1-1-101', '3-2-1502', '7-0-S01', '7-0-S01')
    """
    if is_blank(value):
        return None
    text = re.sub(r"[—–_－/]", "-", clean_text(value).replace(" ", "")).upper()
    parts = text.split("-")
    if len(parts) in (2, 3) and all(parts):
        room, entrance = parts[-1], parts[1] if len(parts) == 3 else None
        return f"{building_code(parts[0])}-{entrance_code(entrance)}-{room_code(room)}"
    match = _SPELLED.fullmatch(text)
    if match and "-" not in match["r"]:
        entrance = entrance_code(match["e"])
        return f"{building_code(match['b'])}-{entrance}-{room_code(match['r'])}"
    raise CellError("unit_code", value)


def plain_code(value):
    """Return a code (meter, parking space, charge item) without spaces, in upper case.

    >>> plain_code(" w00001 "), plain_code("B1－003"), plain_code(12.0)
    ('W00001', 'B1-003', '12')
    """
    if is_blank(value):
        return None
    return re.sub(r"[—–]", "-", read_text(value).replace(" ", "")).upper()
