"""Reading an amount of money as people type or paste it. Pure: no Odoo import."""

import re
import unicodedata
from decimal import Decimal

AMOUNT = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+")
LIMIT = 100_000_000


def typed_amount(text):
    """Read yuan and fen: full-width digits, a Chinese stop, thousands apart, ¥ and 元.

    :param text: what was typed
    :return: Decimal of two places, 0 or more
    :raise ValueError: for anything else; a comma that parts no thousands may have meant a point

    >>> typed_amount("￥１，２８０．５"), typed_amount("128。50元"), typed_amount(" 1,280 ")
    (Decimal('1280.50'), Decimal('128.50'), Decimal('1280.00'))
    >>> typed_amount("128,50")
    Traceback (most recent call last):
    ...
    ValueError: 128,50
    """
    plain = unicodedata.normalize("NFKC", str(text)).replace("。", ".")
    plain = "".join(plain.split()).removeprefix("¥").removesuffix("元")
    if not AMOUNT.fullmatch(plain):
        raise ValueError(text)
    amount = Decimal(plain.replace(",", ""))
    # how large it is comes first: what has too many digits cannot be rounded to the fen
    if amount >= LIMIT or amount != round(amount, 2):
        raise ValueError(text)
    return amount.quantize(Decimal("0.01"))
