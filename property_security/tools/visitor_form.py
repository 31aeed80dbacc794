"""What a resident or a phone sends about visitors: read with distrust, before Odoo sees it."""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MAX_ID = 2**31 - 1
TOKEN = re.compile(r"[0-9a-f]{32}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CODE = re.compile(r"\d{8}", re.ASCII)
MAX_NAME, MAX_TEXT = 40, 300
SHORTEST = timedelta(minutes=30)
MAX_ITEMS = 30


class FormError(ValueError):
    """A value that cannot be taken; ``field`` says which."""

    def __init__(self, field):
        super().__init__(field)
        self.field = field


def read_number(value, field, least=1):
    """Return a whole number, from the text of a form or from JSON.

    >>> read_number("12", "unit"), read_number(7, "unit"), read_number("", "unit")
    (12, 7, None)
    >>> for wrong in ("-1", "0", "1e3", "１２", "9" * 30, ["1"], True, 2**40, 1.5):
    ...     try:
    ...         print(read_number(wrong, "unit"))
    ...     except FormError:
    ...         pass
    """
    if value in ("", None):
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 10:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MAX_ID:
        raise FormError(field)
    return value


def read_text(value, field, most=MAX_NAME, required=False):
    """Return a text of one line without control characters.

    >>> read_text("  老\\x00王\\n ", "name"), read_text(None, "name")
    ('老王', '')
    """
    if value is None or value is False:
        value = ""
    if not isinstance(value, str):
        raise FormError(field)
    text = "".join(c if c.isprintable() else "" for c in value).strip()
    if len(text) > most or (required and not text):
        raise FormError(field)
    return text


def read_phone(value, field="phone"):
    """Return a telephone number, or "" where there is none.

    >>> read_phone("130 0000 1234"), read_phone(None)
    ('13000001234', '')
    """
    text = re.sub(r"[\s()-]", "", read_text(value, field))
    if text and not re.fullmatch(r"\+?\d{7,15}", text, re.ASCII):
        raise FormError(field)
    return text


def read_choice(value, field, choices):
    """Return one of the choices.

    >>> read_choice("a", "kind", ("a", "b"))
    'a'
    """
    if not isinstance(value, str) or value not in choices:
        raise FormError(field)
    return value


def read_token(value):
    """Return the token of a form: 32 hexadecimal digits."""
    if not isinstance(value, str) or not TOKEN.fullmatch(value):
        raise FormError("token")
    return value


def read_uuid(value, field):
    """Return a number that a phone has given."""
    if not isinstance(value, str) or not UUID.fullmatch(value):
        raise FormError(field)
    return value


def read_day(value, field):
    """Return a day such as 2026-11-26."""
    try:
        day = datetime.strptime(value or "", "%Y-%m-%d").date()
    except (TypeError, ValueError) as error:
        raise FormError(field) from error
    if not 2000 <= day.year <= 2100:
        raise FormError(field)
    return day


def read_window(form, now, tz):
    """Return when a visitor may come.

    :param dict form: `when` is today, tomorrow, week or days (then `day_from` and `day_to`)
    :param datetime now: naive UTC
    :param str tz: name of the site's time zone
    :return: (first, last) moment, naive UTC, whole minutes

    >>> now = datetime(2026, 11, 26, 8, 30, 40)  # a Thursday afternoon in Shanghai
    >>> for when in ("today", "tomorrow", "week"):
    ...     [str(moment) for moment in read_window({"when": when}, now, "Asia/Shanghai")]
    ['2026-11-26 08:30:00', '2026-11-26 15:59:00']
    ['2026-11-26 16:00:00', '2026-11-27 15:59:00']
    ['2026-11-26 08:30:00', '2026-11-29 15:59:00']
    """
    when = read_choice(form.get("when"), "when", ("today", "tomorrow", "week", "days"))
    zone = ZoneInfo(tz)
    now = now.replace(second=0, microsecond=0)
    today = now.replace(tzinfo=UTC).astimezone(zone).date()
    first = last = today
    if when == "tomorrow":
        first = last = today + timedelta(days=1)
    elif when == "week":
        last = today + timedelta(days=6 - today.weekday())
    elif when == "days":
        first, last = (
            read_day(form.get("day_from"), "day_from"),
            read_day(form.get("day_to") or form.get("day_from"), "day_to"),
        )
        if last < first or last < today:
            raise FormError("day_to")
    begin = max(_utc(first, time(), zone), now)
    end = _utc(last, time(23, 59), zone)
    return begin, max(end, begin + SHORTEST)  # who is invited at midnight comes after it


def _utc(day, clock, zone):
    return datetime.combine(day, clock, zone).astimezone(UTC).replace(tzinfo=None)


def read_items(names, quantities):
    """Return what is carried out: list of (name, quantity); empty rows are left out.

    >>> read_items(["沙发", ""], ["2", "1"])
    [('沙发', 2)]
    """
    if len(names) > MAX_ITEMS or len(names) != len(quantities):
        raise FormError("items")
    found = []
    for name, quantity in zip(names, quantities, strict=True):
        name = read_text(name, "items", 80)
        if name:
            count = read_number(quantity, "items")
            if not count or count > 999:
                raise FormError("items")
            found.append((name, count))
    if not found:
        raise FormError("items")
    return found
