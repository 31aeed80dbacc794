"""From what stands at a metric's place in a message to its value."""

import math

NUMBER, SWITCH, TEXT = "number", "switch", "text"
LONGEST = 200
ON = {"1", "true", "on", "yes", "open", "开", "是", "合"}
OFF = {"0", "false", "off", "no", "closed", "关", "否", "分"}


def read(found, kind, factor=1.0):
    """Read a value.

    :param found: any JSON value
    :param kind: NUMBER, SWITCH or TEXT
    :param factor: by which a number is multiplied
    :return: a finite number, 0 or 1, or a text; None when it is none of the kind

    >>> read("215", "number", 0.1), read(True, "number"), read("开", "switch"), read(2, "switch")
    (21.5, None, 1, None)
    >>> read([1], "text"), read(7, "text"), read("1e999", "number"), read("1_0", "number")
    (None, '7', None, None)
    """
    if kind == NUMBER:
        return _number(found, factor)
    if isinstance(found, (dict, list)) or found is None:
        return None
    if kind == SWITCH:
        word = f"{found:g}" if isinstance(found, float) else str(found).strip().lower()
        return 1 if word in ON else 0 if word in OFF else None
    text = {True: "true", False: "false"}[found] if isinstance(found, bool) else str(found)
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:LONGEST]


def _number(found, factor):
    if isinstance(found, bool) or not isinstance(found, (int, float, str)):
        return None
    if isinstance(found, str) and ("_" in found or len(found) > 64):
        return None
    try:
        number = float(found)
    except (ValueError, OverflowError):
        return None
    if factor != 1.0:
        number = float(f"{number * factor:.15g}")  # 215 tenths are 21.5, and not 21.500000000000004
    return number if math.isfinite(number) else None
