"""Read a price table written into one cell: ``0-15:3.45;15-25:4.83;25-:5.83``.

Pure: no Odoo import.
"""

import re
from decimal import Decimal

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_STEP = re.compile(
    r"(?P<low>\d+(?:\.\d+)?)\s*(?:[-~—–至到]\s*(?P<high>\d+(?:\.\d+)?)?|(?P<open>\+|以上|以外))"
    r"\s*[^\d:=]*[:=]\s*[¥]?(?P<price>\d+(?:\.\d+)?)\s*\D*"
)


def is_tier_text(value):
    """Return whether a cell holds a price table rather than a price.

    >>> is_tier_text("0-15:3.45;15-:4"), is_tier_text("3.45"), is_tier_text(3.45)
    (True, False, False)
    """
    return isinstance(value, str) and bool(re.search(r"[:=：＝]", value))


def read_tiers(value):
    """Return a price table as list of (from, to or None, price).

    :raise ValueError: when a step cannot be read

    >>> [(int(low), high and int(high), str(price)) for low, high, price in read_tiers(
    ...     "0-15:3.45；15-25：4.83;25-:5.83")]
    [(0, 15, '3.45'), (15, 25, '4.83'), (25, None, '5.83')]
    """
    text = str(value).translate(_HALF_WIDTH).replace("。", ".")
    tiers = []
    for step in re.split(r"[;,\n、|]", text):
        if not step.strip():
            continue
        match = _STEP.fullmatch(step.strip())
        if not match:
            raise ValueError(step.strip())
        high = Decimal(match["high"]) if match["high"] else None
        tiers.append((Decimal(match["low"]), high, Decimal(match["price"])))
    if not tiers:
        raise ValueError(text)
    return tiers
