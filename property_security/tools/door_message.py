"""Read what the reader at a door sends, in the JSON that is described in readme/gate_api.md.

Nothing a device may send raises anything but GateRefused. Unknown fields are ignored.
"""

from dataclasses import dataclass
from datetime import datetime

from . import gate_message
from .gate_error import GateRefused
from .visitor_form import CODE
from .visitor_step import read_link

CARD_LENGTH, TOKEN_LENGTH = 128, 600  # a scanned code is a whole link with a signature
SECRET_LENGTH = 22  # characters of what makes a link one of a kind
MOST_EVENTS = 200


@dataclass(frozen=True)
class Swipe:
    """A card or a code that was held to a door."""

    key: str
    card: str | None = None
    token: str | None = None
    at: datetime | None = None  # UTC; None: now
    direction: str = "in"
    source: str = "live"
    has_opened: bool | None = None  # of an upload: what the door did; None: what we say


def rows(value):
    """Return the messages in a body: a single one, or a list of them in `events`.

    :param dict value: the body, decoded
    :return: list of dicts; `source` beside the list counts for all of it
    :raise GateRefused: when it is no such list

    >>> rows({"events": [{"message_id": 1}], "source": "upload"})
    [{'source': 'upload', 'message_id': 1}]
    """
    found = value.get("events", [value])
    if not isinstance(found, list) or not 1 <= len(found) <= MOST_EVENTS:
        raise GateRefused(422, "events")
    general = {"source": value["source"]} if "source" in value else {}
    for number, row in enumerate(found):
        if not isinstance(row, dict):
            raise GateRefused(422, "events", number)
    return [{**general, **row} for row in found]


def read(value, zone="UTC"):
    """Return what a reader tells.

    :param dict value: the message, decoded
    :param str zone: of the site, for times that name none
    :return: Swipe
    :raise GateRefused: when it cannot be taken

    >>> read({"message_id": 7, "token": "12345678"}).token
    '12345678'
    >>> read({"message_id": 7, "card": "04A2", "source": "upload", "opened": False}).has_opened
    False
    """
    key = gate_message.name(value.get("message_id"), 64)
    card = gate_message.name(value.get("card"), CARD_LENGTH)
    token = gate_message.name(value.get("token"), TOKEN_LENGTH)
    if not key or not (card or token):
        raise GateRefused(422, "event")
    try:
        at = gate_message.moment(value.get("time"), zone)
    except ValueError:
        raise GateRefused(422, "time") from None
    direction, source = value.get("direction") or "in", value.get("source") or "live"
    if direction not in ("in", "out"):
        raise GateRefused(422, "direction")
    if source not in ("live", "upload"):
        raise GateRefused(422, "source")
    opened = value.get("opened")
    if source == "live" or not isinstance(opened, bool):
        opened = None
    return Swipe(key, card, None if card else token, at, direction, source, opened)


def read_code(token):
    """Tell the forms of a code apart: a link, its signed part alone, its secret, or digits typed.

    :param str token: as scanned or typed
    :return: (secret of the link, signed part, digits), each empty where it is not there

    >>> read_code("1234 5678")
    ('', '', '12345678')
    >>> read_code("https://x.cn/v/" + "a" * 22 + "#" + "B" * 111) == ("a" * 22, "B" * 111, "")
    True
    >>> read_code("B" * 111) == ("", "B" * 111, ""), read_code("a" * 22) == ("a" * 22, "", "")
    (True, True)
    """
    secret, signed = read_link(token)
    if secret:
        return secret, signed, ""
    digits = "".join(token.split())
    if CODE.fullmatch(digits):
        return "", "", digits
    return (token, "", "") if len(token) == SECRET_LENGTH else ("", token, "")
