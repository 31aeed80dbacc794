"""Which part of a fee a charge bills, in one integer the database compares. Pure: no Odoo import.

0 is the whole. A part from ``low`` to ``high`` (in hundredths of a per cent, 0 to 10000) is a
negative number, so that two parts overlap exactly when their ranges do: the database refuses to
bill 0–60 % beside 50–100 %, or the whole beside any part. Positive numbers are keys of their own: a
pool, or the charge a percentage is taken of.
"""

import zlib

WHOLE = (0, 10000)
_BASE = 10001


def encode(low, high):
    """Write a part as its number.

    >>> encode(0, 10000), encode(0, 6000), encode(6000, 10000)
    (0, -6000, -60016000)
    """
    if not 0 <= low < high <= WHOLE[1]:
        raise ValueError("a part lies between 0 and 100 per cent")
    return 0 if (low, high) == WHOLE else -(low * _BASE + high)


def decode(share):
    """Read the part of a number.

    >>> [decode(share) for share in (0, -6000, -60016000, 17)]
    [(0, 10000), (0, 6000), (6000, 10000), (0, 10000)]
    """
    return divmod(-share, _BASE) if share < 0 else WHOLE


def overlap(one, other):
    """Tell whether two parts have something in common.

    >>> overlap((0, 6000), (6000, 10000)), overlap((0, 6000), (5000, 10000))
    (False, True)
    """
    return one[0] < other[1] and other[0] < one[1]


def ranges(percents):
    """Lay percentages end to end.

    >>> from decimal import Decimal
    >>> ranges([Decimal(60), Decimal("33.5"), Decimal("6.5")])
    [(0, 6000), (6000, 9350), (9350, 10000)]
    """
    found, low = [], 0
    for percent in percents:
        high = low + int(percent * 100)
        found.append((low, high))
        low = high
    if low != WHOLE[1]:
        raise ValueError("the parts do not sum to 100 per cent")
    return found


def key_of(*names):
    """Make a positive number of whatever a charge is taken of, the same for ever.

    >>> key_of(12, 0) == key_of(12, 0) > 0
    True
    """
    return zlib.crc32("/".join(map(str, names)).encode()) % 2147483646 + 1
