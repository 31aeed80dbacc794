"""Vehicle plates of mainland China (GA 36): one spelling, and what a plate says about the car."""

import re

from .cellread import CellError, clean_text, is_blank

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_BODY = "A-HJ-NP-Z0-9"
_PLATE = re.compile(
    rf"[{PROVINCES}][A-Z](?:[{_BODY}]{{5,6}}|[{_BODY}]{{4}}[学警港澳挂])"
    rf"|[{PROVINCES}]\d{{6}}[领使]|[使领]\d{{6}}|W[J][{PROVINCES}]?\d{{4}}[{_BODY}]"
    rf"|[{PROVINCES}][A-Z][{_BODY}]{{4}}[领使]"
)
_NEW_ENERGY = re.compile(rf".[A-Z](?:[A-HJK][{_BODY}]\d{{4}}|\d{{5}}[A-HJK])")


def normalise(value):
    """Return a plate in its stored spelling: upper case, no dot, space or dash; ``""`` for a blank.

    >>> normalise("鲁f·4667J"), normalise(" 浙 A-12345 ")
    ('鲁F4667J', '浙A12345')
    """
    return re.sub(r"[\s·•・.\-_—]", "", clean_text(value)).upper()


def is_valid(plate):
    """Return whether a normalised plate exists: province, letter, 5–6 of A-HJ-NP-Z0-9.

    >>> is_valid("浙EF09185"), is_valid("ABC"), is_valid("粤Z1234港"), is_valid("浙AI2345")
    (True, False, True, False)
    """
    return bool(_PLATE.fullmatch(plate))


def is_new_energy(plate):
    """Return whether a normalised plate has the eight characters of a new-energy car.

    >>> is_new_energy("浙EF09185"), is_new_energy("京C6QW2V")
    (True, False)
    """
    return len(plate) == 8 and plate[0] in PROVINCES


def is_well_formed_new_energy(plate):
    """Return whether an eight-character plate has the new-energy letter where it belongs.

    The letter (A–K without I) stands third, then a letter or digit and four digits (small cars),
    or last, after five digits (large ones).

    >>> is_well_formed_new_energy("浙EF09185"), is_well_formed_new_energy("浙E12345D")
    (True, True)
    >>> is_well_formed_new_energy("浙EZ91855")
    False
    """
    return bool(_NEW_ENERGY.fullmatch(plate))


def display(plate):
    """Return a plate as it is painted, with the dot.

    >>> display("鲁F4667J"), display("")
    ('鲁F·4667J', '')
    """
    if len(plate) > 2 and plate[0] in PROVINCES and plate[1].isalpha():
        return f"{plate[:2]}·{plate[2:]}"
    return plate


def read_plates(value):
    """Return the plates of a cell, several being separated by comma, slash or 、.

    :raise CellError: ``plate`` for the first that is not one
    """
    if is_blank(value):
        return []
    plates = [normalise(part) for part in re.split(r"[,/、;|]", clean_text(value)) if part.strip()]
    for plate in plates:
        if not is_valid(plate):
            raise CellError("plate", plate)
    return plates
