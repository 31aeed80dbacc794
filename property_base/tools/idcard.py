"""Identity numbers: resident ID (GB 11643) of 18 or 15 digits, company code (GB 32100), others."""

import re
from datetime import date

from .cellread import CellError, clean_text, is_blank

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_OTHER = re.compile(r"(?=.*[A-Z])(?=.*\d)[A-Z0-9()]{6,20}|[A-Z]{1,2}\d{6,10}")


def check_character(first17):
    """Return the 18th character of a resident ID number (ISO 7064 MOD 11-2, GB 11643).

    >>> check_character("99000020020113743")
    'X'
    """
    return _CHECK[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def birth_date(number):
    """Return the day of birth in an 18-digit number, or ``None`` when the calendar has no such day.

    >>> birth_date("990000200306169067").isoformat()
    '2003-06-16'
    """
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def is_valid_resident_id(number, today=None):
    """Return whether an 18-digit number has a real birth date and the right check character.

    >>> is_valid_resident_id("990000200306169067"), is_valid_resident_id("990000199401014571")
    (True, False)
    """
    try:
        read_id_number(number, today)
    except CellError:
        return False
    return bool(re.fullmatch(r"\d{17}[\dX]", number))


def is_valid_company_code(number):
    """Return whether 18 characters form a unified social credit code (GB 32100).

    >>> is_valid_company_code("91350100M000100Y43"), is_valid_company_code("91350100M000100Y44")
    (True, False)
    """
    if len(number) != 18 or any(c not in _USCC for c in number):
        return False
    total = sum(_USCC.index(c) * pow(3, i, 31) for i, c in enumerate(number[:17]))
    return _USCC[(31 - total % 31) % 31] == number[17]


def mask(number):
    """Return an identity number with the middle hidden: six (three) and four characters stay.

    >>> mask("990000200306169067"), mask("E12345678"), mask("")
    ('990000********9067', 'E12**5678', '')
    """
    if not number:
        return ""
    head = 6 if len(number) >= 15 else min(3, max(len(number) - 6, 0))
    tail = min(4, max(len(number) - head - 1, 0))
    return number[:head] + "*" * (len(number) - head - tail) + (number[-tail:] if tail else "")


def read_id_number(value, today=None):
    """Return (kind, number), ``None`` for a blank cell.

    Kinds are ``resident``, ``resident15``, ``company`` and ``other``.

    :param today: latest day of birth allowed
    :raise CellError: ``id_precision``, ``id_length``, ``id_birth``, ``id_check`` or ``id_form``

    >>> read_id_number(" 99000020020113743x ")
    ('resident', '99000020020113743X')
    """
    if is_blank(value):
        return None
    number = re.sub(r"[\s\-]", "", clean_text(value)).upper().lstrip("'")
    if isinstance(value, float) and abs(value) >= 1e15:
        raise CellError("id_precision", value)
    if isinstance(value, int) and len(number) == 18 and number.endswith("000"):
        raise CellError("id_precision", value)
    if re.fullmatch(r"\d{17}[\dX]", number):
        if is_valid_company_code(number) and birth_date(number) is None:
            return "company", number
        return _resident(number, value, today)
    if re.fullmatch(r"\d{15}", number):
        if birth_date(f"{number[:6]}19{number[6:]}") is None:
            raise CellError("id_birth", value)
        return "resident15", number
    if re.fullmatch(r"\d+X?", number):
        raise CellError("id_length", value, length=len(number))
    if is_valid_company_code(number):
        return "company", number
    if len(number) != 18 and _OTHER.fullmatch(number):
        return "other", number
    raise CellError("id_form", value)


def _resident(number, value, today):
    born = birth_date(number)
    if born is None or born.year < 1880 or born > (today or date.today()):
        raise CellError("id_birth", value)
    if check_character(number[:17]) != number[17]:
        raise CellError("id_check", value)
    return "resident", number


def normalise_id_number(value):
    """Return an identity number in its stored spelling, unchecked; ``""`` for a blank.

    >>> normalise_id_number(" 99000020020113743x ")
    '99000020020113743X'
    """
    return "" if is_blank(value) else re.sub(r"[\s\-]", "", clean_text(value)).upper()
