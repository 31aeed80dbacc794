"""What a guard's phone says of incidents and hand-overs: its shape, before Odoo sees it."""

MAX_ID = 2**31 - 1
MOST_NAME = 120
MOST_TEXT = 2000
MOST_ITEMS = 60
MOST_COUNT = 9999
EVENTS = ("start", "note", "done", "close")


class EntryError(ValueError):
    """A value that cannot be taken; ``field`` says which."""

    def __init__(self, field):
        super().__init__(field)
        self.field = field


def read_report(payload):
    """Read an incident that somebody reports.

    :param payload: dict as JSON gives it
    :return: dict with site, type, severity (or None), building (or None), room, place, text,
        checkpoint (or None), is_police_called, is_fire_called
    :raise EntryError: a value is missing or bad

    >>> read_report({"site": 1, "type": 2, "place": "Gate", "text": " Glass "})["text"]
    'Glass'
    >>> for wrong in ({}, {"site": 1, "type": 2, "text": "x"}, {"site": True, "type": 2},
    ...               {"site": 1, "type": 2, "place": "Gate", "text": " "}):
    ...     try:
    ...         print(read_report(wrong))
    ...     except EntryError as error:
    ...         print(error.field)
    site
    place
    site
    text
    """
    found = {
        "site": read_id(payload.get("site"), "site"),
        "type": read_id(payload.get("type"), "type"),
        "severity": payload.get("severity") or None,
        "room": read_text(payload.get("room"), "room", MOST_NAME),
        "place": read_text(payload.get("place"), "place", MOST_NAME),
        "text": read_text(payload.get("text"), "text", MOST_TEXT),
        "is_police_called": payload.get("is_police_called") is True,
        "is_fire_called": payload.get("is_fire_called") is True,
    }
    for name in ("building", "checkpoint"):
        value = payload.get(name)
        found[name] = None if value is None else read_id(value, name)
    if found["severity"] not in (None, "1", "2", "3", "4"):
        raise EntryError("severity")
    if not (found["building"] or found["checkpoint"] or found["room"] or found["place"]):
        raise EntryError("place")
    if not found["text"]:
        raise EntryError("text")
    return found


def read_step(payload):
    """Read what was done about an incident.

    :return: dict with incident, event, step (or None), text
    :raise EntryError: a value is missing or bad

    >>> read_step({"incident": 7, "event": "done", "step": 8})
    {'incident': 7, 'event': 'done', 'step': 8, 'text': ''}
    >>> try:
    ...     read_step({"incident": 7, "event": "note"})
    ... except EntryError as error:
    ...     print(error.field)
    text
    """
    event = payload.get("event")
    if event not in EVENTS:
        raise EntryError("event")
    found = {
        "incident": read_id(payload.get("incident"), "incident"),
        "event": event,
        "step": read_id(payload.get("step"), "step") if event == "done" else None,
        "text": read_text(payload.get("text"), "text", MOST_TEXT),
    }
    if event in ("note", "close") and not found["text"]:
        raise EntryError("text")
    return found


def read_handover(payload):
    """Read a hand-over: one that is given, or one that is taken.

    :return: dict with event; and post, to, text, items (id -> (counted, note)), or handover, text
    :raise EntryError: a value is missing or bad

    >>> read_handover({"event": "take", "handover": 3})
    {'event': 'take', 'handover': 3, 'text': ''}
    >>> read_handover({"event": "give", "post": 1, "to": 2, "items": [{"id": 5, "counted": 4}]})
    {'event': 'give', 'post': 1, 'to': 2, 'text': '', 'items': {5: (4, '')}}
    """
    text = read_text(payload.get("text"), "text", MOST_TEXT)
    if payload.get("event") == "take":
        handover = read_id(payload.get("handover"), "handover")
        return {"event": "take", "handover": handover, "text": text}
    if payload.get("event") != "give":
        raise EntryError("event")
    rows = payload.get("items") or []
    if not isinstance(rows, list) or len(rows) > MOST_ITEMS:
        raise EntryError("items")
    return {
        "event": "give",
        "post": read_id(payload.get("post"), "post"),
        "to": read_id(payload.get("to"), "to"),
        "text": text,
        "items": dict(_read_item(row) for row in rows),
    }


def _read_item(row):
    if not isinstance(row, dict):
        raise EntryError("items")
    counted = row.get("counted")
    if isinstance(counted, bool) or not isinstance(counted, int) or not 0 <= counted <= MOST_COUNT:
        raise EntryError("counted")
    note = read_text(row.get("note"), "note", MOST_NAME)
    return read_id(row.get("id"), "items"), (counted, note)


def read_id(value, field):
    """Return the id of a record.

    >>> read_id(12, "site")
    12
    >>> for wrong in (None, True, 0, -1, "1", 1.5, 2**40, [1]):
    ...     try:
    ...         print(read_id(wrong, "site"))
    ...     except EntryError:
    ...         pass
    """
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MAX_ID:
        raise EntryError(field)
    return value


def read_text(value, field, most):
    """Return a text that may be missing, without control characters.

    :param int most: characters

    >>> read_text(" a\\x00b\\nc ", "text", 10), read_text(None, "text", 10)
    ('ab\\nc', '')
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise EntryError(field)
    text = "".join(c for c in value if c == "\n" or c.isprintable()).strip()
    if len(text) > most:
        raise EntryError(field)
    return text


def iso(moment):
    """Write a moment of UTC as browsers read it.

    :param datetime moment: naive UTC, or nothing

    >>> from datetime import datetime
    >>> iso(datetime(2026, 1, 2, 3, 4, 5)), iso(False)
    ('2026-01-02T03:04:05Z', None)
    """
    return f"{moment.replace(microsecond=0).isoformat()}Z" if moment else None
