"""Natural order of codes written by people: 2 before 10, 1-1-201 before 1-1-1101."""

import re
import unicodedata

_DIGITS = re.compile(r"(\d+)")
_WIDTH = 8


def natural_key(text):
    """Return a text whose plain byte order is the natural order of the given code.

    :param str text: a code such as ``3-1-1502`` or ``B2-017``
    :return: the code with every run of digits padded to a fixed width

    >>> sorted(["10", "9", "1a", "1"], key=natural_key)
    ['1', '1a', '9', '10']
    >>> natural_key("Ａ7") == natural_key("a7")
    True
    >>> natural_key(None)
    ''
    """
    if not text:
        return ""
    plain = unicodedata.normalize("NFKC", str(text)).strip().lower()
    return "".join(
        part.lstrip("0").rjust(_WIDTH, "0") if part.isdigit() and part.isascii() else part
        for part in _DIGITS.split(plain)
    )


def unit_key(building, entrance, floor, room, code):
    """Return the sort key of a unit: building, entrance, floor, room; others by code at the end.

    :param building: code of the building, empty for a unit that stands in none
    :param entrance: entrance code, ``"0"`` where there is none
    :param int floor: floor, negative below ground
    :param room: room within the entrance
    :param code: code of the whole unit
    :return: text in byte order

    >>> rooms = [("10", "1", 1, "101"), ("2", "1", 11, "1101"), ("2", "1", 2, "201")]
    >>> sorted(rooms, key=lambda r: unit_key(*r, "")) == [rooms[2], rooms[1], rooms[0]]
    True
    >>> unit_key("1", "1", -1, "1", "") < unit_key("1", "1", 1, "1", "")
    True
    >>> unit_key("", "", 0, "", "B2-1") > unit_key("99", "1", 30, "3001", "")
    True
    """
    if not building:
        return "~|" + natural_key(code)
    return "|".join(
        (
            natural_key(building),
            natural_key(entrance),
            f"{(floor or 0) + 5000:05d}",
            natural_key(room),
            natural_key(code),
        )
    )
