"""What a resident sends with the form of a request: read with distrust, before Odoo sees it."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

MAX_ID = 2**31 - 1
MAX_DESCRIPTION = 2000
MAX_PLACE = 120
TOKEN = re.compile(r"[0-9a-f]{32}")
STARS = ("speed", "quality", "attitude")


class FormError(ValueError):
    """A value that cannot be taken; ``field`` says which."""

    def __init__(self, field):
        super().__init__(field)
        self.field = field


def read_id(text, field):
    """Return the id that a form names.

    >>> read_id("12", "unit"), read_id("", "unit"), read_id(None, "unit")
    (12, None, None)
    >>> for wrong in ("-1", "0", "1e3", "１２", "9" * 30, "1,2", ["1"]):
    ...     try:
    ...         print(read_id(wrong, "unit"))
    ...     except FormError:
    ...         pass
    """
    if text in ("", None):
        return None
    if not (isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 10):
        raise FormError(field)
    if not 0 < int(text) <= MAX_ID:
        raise FormError(field)
    return int(text)


def read_text(text, field, most):
    """Return a text without control characters; line ends are kept.

    :param int most: characters

    >>> read_text("  a\\x00b\\r\\nc ", "description", 10)
    'ab\\nc'
    """
    if text is None:
        return ""
    if not isinstance(text, str):
        raise FormError(field)
    text = "".join(c for c in text if c == "\n" or c.isprintable()).strip()
    if len(text) > most:
        raise FormError(field)
    return text


def read_moment(text, field, tz):
    """Return the UTC moment of a time on the site's clocks, such as 2026-11-27T14:30.

    :param str tz: name of the site's time zone

    >>> read_moment("2026-11-27T14:30", "preferred_at", "Asia/Shanghai")
    datetime.datetime(2026, 11, 27, 6, 30)
    >>> read_moment("", "preferred_at", "Asia/Shanghai")
    """
    if text in ("", None):
        return None
    try:
        moment = datetime.strptime(text[:16], "%Y-%m-%dT%H:%M")
    except (TypeError, ValueError) as error:
        raise FormError(field) from error
    if not 2000 <= moment.year <= 2100:
        raise FormError(field)
    return moment.replace(tzinfo=ZoneInfo(tz)).astimezone(UTC).replace(tzinfo=None)


def read_where(text):
    """Return where a request is: ("unit", id) or ("site", id).

    >>> read_where("unit-7"), read_where("site-2")
    (('unit', 7), ('site', 2))
    >>> read_where("unit-")
    Traceback (most recent call last):
    odoo.addons.property_maintenance.tools.request_form.FormError: where
    """
    kind, _dash, number = (text if isinstance(text, str) else "").partition("-")
    found = read_id(number, "where")
    if kind not in ("unit", "site") or not found:
        raise FormError("where")
    return kind, found


def read_token(text):
    """Return the token of a form: 32 hexadecimal digits.

    >>> read_token("0" * 32) == "0" * 32
    True
    """
    if not isinstance(text, str) or not TOKEN.fullmatch(text):
        raise FormError("token")
    return text


def read_stars(values):
    """Return the stars of speed, quality and attitude.

    >>> read_stars({"speed": "5", "quality": "4", "attitude": "1"})
    {'speed': 5, 'quality': 4, 'attitude': 1}
    >>> read_stars({"speed": "6", "quality": "4", "attitude": "1"})
    Traceback (most recent call last):
    odoo.addons.property_maintenance.tools.request_form.FormError: speed
    """
    stars = {}
    for name in STARS:
        if values.get(name) not in ("1", "2", "3", "4", "5"):
            raise FormError(name)
        stars[name] = int(values[name])
    return stars
