"""Read what a clerk typed into a cell: numbers, dates, phones, names, codes.

Every reader takes the raw value of a cell, returns a plain value (``None`` for a blank cell) and
raises :class:`CellError` for anything it will not guess: a doubtful cell is no value.
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

#: Full-width ASCII and the ideographic space, to their half-width twins.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_HALF_WIDTH.update({0x3000: " ", 0xA0: " ", 0x2007: " ", 0x202F: " ", 0xFFE5: "¥"})
#: Characters that show nothing: zero-width spaces and joiners, byte-order mark, soft hyphen.
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD, 0x200E, 0x200F))
#: What people type into a cell to say "nothing here".
BLANK_WORDS = frozenset(
    ("-", "--", "---", "/", "\\", "—", "——", "无", "暂无", "空", "n/a", "null", "none")
)
#: What a spreadsheet shows where a formula failed.
EXCEL_ERRORS = frozenset(
    ("#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!", "#spill!", "#calc!")
)
_UNITS = (
    "㎡|m²|m2|m³|m3|㎥|平方米|平米|平方|平|立方米|立方|方|吨|度|千瓦时|kwh|人民币|rmb|cny|元|块|圆"
    "|层|栋|幢|座|单元|户|个|位|倍|位数|间|t"
)
_NUMBER = re.compile(
    rf"(?:[¥$]|rmb|cny|人民币)?\s*([+-]?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d*)?|[+-]?\.\d+)"
    rf"\s*(?:(?:{_UNITS})(?:\s*/\s*[^\d\s]+)?)?",
    re.IGNORECASE,
)
_DATE_FORMS = (
    re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?"),
    re.compile(r"(\d{4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
_TIME_TAIL = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_PERIOD_FORMS = (
    re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月?(?:份)?"),
    re.compile(r"(\d{4})\s*[-/.]\s*(\d{1,2})"),
    re.compile(r"(\d{4})(\d{2})"),
)
_EXCEL_EPOCH = date(1899, 12, 30)
_FIRST_DAY, _LAST_DAY = date(1949, 10, 1), date(2100, 12, 31)
_CJK_GAP = re.compile(r"(?<=[\u4e00-\u9fff·])\s+(?=[\u4e00-\u9fff·])")


class CellError(ValueError):
    """A cell that cannot be read.

    :ivar code: which rule it broke; callers turn it into a sentence
    :ivar value: what the cell shows, shortened
    """

    def __init__(self, code, value=None, **params):
        self.code = code
        self.value = shown(value)
        self.params = params
        super().__init__(f"{code}: {self.value}")


def shown(value):
    """Return how a value looks to the person who typed it, at most 60 characters.

    >>> shown(98.50), shown(datetime(2024, 9, 1)), shown(None)
    ('98.5', '2024-09-01', '')
    """
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    if isinstance(value, float):
        value = f"{value:.15g}"
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def clean_text(value):
    """Return the text of a cell in half-width characters, without stray spaces; ``""`` for a blank.

    >>> clean_text("　１０７．９０\\u200b "), clean_text(101.0), clean_text(None)
    ('107.90', '101', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime | date):
        return shown(value)
    text = str(value).translate(_HALF_WIDTH).translate(_INVISIBLE)
    return " ".join(text.split())


def is_blank(value):
    """Return whether a cell says nothing.

    >>> is_blank(" 　"), is_blank("无"), is_blank(0)
    (True, True, False)
    """
    text = clean_text(value)
    return not text or text.lower() in BLANK_WORDS


def read_text(value):
    """Return cleaned text, or ``None`` for a blank cell.

    :raise CellError: ``excel_error`` when a formula failed
    """
    text = clean_text(value)
    if text.lower() in EXCEL_ERRORS:
        raise CellError("excel_error", value)
    return text or None


def read_name(value):
    """Return a person's or company's name, without the spaces that pad two-character names.

    >>> read_name(" 萧雨梅　"), read_name("李　四"), read_name("John  Smith")
    ('萧雨梅', '李四', 'John Smith')
    """
    text = read_text(value)
    if text is None or text.lower() in BLANK_WORDS:
        return None
    text = _CJK_GAP.sub("", text)
    if not re.search(r"[^\W\d_]", text):
        raise CellError("name", value)
    return text


def read_number(value, minimum=None, maximum=None, positive=False, integer=False):
    """Return a number as Decimal, reading full-width digits, units and thousands separators.

    :param minimum: smallest value allowed, itself included
    :param maximum: largest value allowed, itself included
    :param positive: refuse zero and below
    :param integer: refuse a fraction; the result is an int
    :raise CellError: ``number``, ``integer``, ``positive``, ``minimum`` or ``maximum``

    >>> read_number(" 98.54 ㎡"), read_number("１０７．９０"), read_number("1,234.5元")
    (Decimal('98.54'), Decimal('107.90'), Decimal('1234.5'))
    >>> read_number("九十八")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    property_base.tools.cellread.CellError: number: 九十八
    """
    if is_blank(value):
        return None
    number = _to_decimal(value)
    if positive and number <= 0:
        raise CellError("positive", value)
    if minimum is not None and number < minimum:
        raise CellError("minimum", value, minimum=minimum)
    if maximum is not None and number > maximum:
        raise CellError("maximum", value, maximum=maximum)
    if not integer:
        return number
    if number != number.to_integral_value():
        raise CellError("integer", value)
    return int(number)


def _to_decimal(value):
    if isinstance(value, bool | datetime | date):
        raise CellError("number", value)
    text = clean_text(value)
    if text.lower() in EXCEL_ERRORS:
        raise CellError("excel_error", value)
    if isinstance(value, int | float | Decimal):
        digits = text
    else:
        match = _NUMBER.fullmatch(text)
        if not match:
            raise CellError("number", value)
        digits = match[1].replace(",", "")
    try:
        number = Decimal(digits)
    except InvalidOperation as error:
        raise CellError("number", value) from error
    if not number.is_finite() or abs(number) >= Decimal("1e15"):
        raise CellError("number", value)
    return number


def read_rate(value, maximum=Decimal(1)):
    """Return a rate as a fraction: ``6%``, ``0.06`` and ``6`` are 0.06.

    >>> read_rate("6%"), read_rate(0.06), read_rate("万分之3"), read_rate(13)
    (Decimal('0.06'), Decimal('0.06'), Decimal('0.0003'), Decimal('0.13'))
    """
    if is_blank(value):
        return None
    text = clean_text(value)
    if text in ("免税", "不征税", "零税率"):
        return Decimal(0)
    divisor = None
    for mark, number in (("万分之", 10000), ("千分之", 1000), ("百分之", 100)):
        if text.startswith(mark):
            text, divisor = text[len(mark) :], number
            text = (
                str("零一二三四五六七八九十".find(text)) if text in "一二三四五六七八九十" else text
            )
    for mark, number in (("%", 100), ("‰", 1000), ("‱", 10000)):
        if text.endswith(mark):
            text, divisor = text[:-1], number
    try:
        rate = _to_decimal(text)
    except CellError as error:
        raise CellError("rate", value) from error
    if divisor is None:
        divisor = 100 if rate >= 1 else 1
    rate = rate / divisor
    if rate < 0 or rate > maximum:
        raise CellError("rate", value)
    return rate.normalize() if rate else Decimal(0)


def read_date(value):
    """Return a day from a date cell, an Excel serial or one of the usual Chinese spellings.

    :raise CellError: ``date`` for an unknown form, ``no_such_day`` for a day no calendar has

    >>> [read_date(v).isoformat() for v in ("2024年9月1日", "2024.9.1", 20240901, 41883)]
    ['2024-09-01', '2024-09-01', '2024-09-01', '2014-09-01']
    >>> read_date("2019-02-30")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    property_base.tools.cellread.CellError: no_such_day: 2019-02-30
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _in_range(value, value)
    if isinstance(value, bool):
        raise CellError("date", value)
    if is_blank(value):
        return None
    text = clean_text(value)
    if text.lower() in EXCEL_ERRORS:
        raise CellError("excel_error", value)
    if isinstance(value, int | float) or re.fullmatch(r"\d{5}(\.\d+)?", text):
        serial = float(text)
        if 10000 <= serial < 100000:
            return _in_range(_EXCEL_EPOCH + timedelta(days=int(serial)), value)
    text = _TIME_TAIL.sub("", text)
    for form in _DATE_FORMS:
        match = form.fullmatch(text)
        if match:
            year, month, day = (int(part) for part in match.groups() if part.isdigit())
            try:
                return _in_range(date(year, month, day), value)
            except ValueError as error:
                if isinstance(error, CellError):
                    raise
                raise CellError("no_such_day", value) from error
    raise CellError("date", value)


def _in_range(day, value):
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise CellError("date_range", value)
    return day


def read_period(value):
    """Return (first day, last day) of a month: ``2026-09``, ``202609`` or any day of it.

    :raise CellError: ``period``

    >>> read_period("2026-09")
    (datetime.date(2026, 9, 1), datetime.date(2026, 9, 30))
    """
    if is_blank(value):
        return None
    day = None
    if isinstance(value, datetime | date):
        day = read_date(value)
    else:
        text = clean_text(value)
        for form in _PERIOD_FORMS:
            match = form.fullmatch(text)
            if match and 1 <= int(match[2]) <= 12:
                day = _in_range(date(int(match[1]), int(match[2]), 1), value)
        if day is None:
            try:
                day = read_date(value)
            except CellError as error:
                raise CellError("period", value) from error
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def read_phones(value):
    """Return the phone numbers of a cell: mobiles, land lines with area code, ``+`` numbers.

    :raise CellError: ``phone_length`` or ``phone_form``

    >>> read_phones("130-0000-7337"), read_phones("+86 13000007337、0571-88880000")
    (['13000007337'], ['13000007337', '0571-88880000'])
    """
    if is_blank(value):
        return []
    text = clean_text(value)
    if text.lower() in EXCEL_ERRORS:
        raise CellError("excel_error", value)
    parts = [part for part in re.split(r"[/、,;|]|(?<=\d{11})\s+(?=1\d{10})", text) if part.strip()]
    return [_phone(part, value) for part in parts]


def _phone(text, value):
    compact = re.sub(r"[\s\-.()·—–]", "", text)
    compact = re.sub(r"^(?:\+|00)86(?=\d)", "", compact)
    compact = re.sub(r"^86(?=1\d{10}$)", "", compact)
    if not re.fullmatch(r"\+?\d+", compact):
        raise CellError("phone_form", value)
    if re.fullmatch(r"1[3-9]\d{9}", compact):
        return compact
    if re.fullmatch(r"0\d{9,11}", compact):
        area = 3 if compact[1] in "12" else 4
        return f"{compact[:area]}-{compact[area:]}"
    if re.fullmatch(r"[48]00\d{7}", compact):
        return compact
    if re.fullmatch(r"\+[1-9]\d{7,14}", compact):
        return compact
    raise CellError("phone_form" if len(compact) == 11 else "phone_length", value)
