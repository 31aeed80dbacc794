"""What a phone says of an order: its shape and its ranges, before Odoo sees it."""

import math

from .request_form import MAX_ID, FormError

#: What an engineer does on the phone; "quote" offers lines to the resident.
EVENTS = ("take", "accept", "reject", "arrive", "pause", "resume", "quote", "done")
NEED_REASON = ("reject", "pause")
KINDS = ("material", "labour")
MOST_LINES = 40
MOST_NAME = 120
MOST_TEXT = 2000
MOST_QUANTITY = 1e5
MOST_PRICE = 1e7


def read_step(payload):
    """Read a step of an order.

    :param payload: dict as JSON gives it
    :return: dict with request, event, reason, note, lines, tasks (ids that are ticked)
    :raise FormError: a value is missing or bad; ``field`` says which

    >>> read_step({"request": 7, "event": "arrive"})["event"]
    'arrive'
    >>> for wrong in ({}, {"request": 7}, {"request": 7, "event": "unlink"},
    ...               {"request": 7, "event": "pause", "reason": " "}):
    ...     try:
    ...         print(read_step(wrong))
    ...     except FormError:
    ...         pass
    """
    event = payload.get("event")
    if event not in EVENTS:
        raise FormError("event")
    step = {
        "request": number_of(payload.get("request"), "request"),
        "event": event,
        "reason": text_of(payload.get("reason"), "reason"),
        "note": text_of(payload.get("note"), "note"),
        "lines": [
            read_line(line, f"lines[{i}]")
            for i, line in enumerate(_list(payload.get("lines"), "lines", MOST_LINES))
        ],
        "tasks": [
            number_of(task, f"tasks[{i}]")
            for i, task in enumerate(_list(payload.get("tasks"), "tasks", 200))
        ],
    }
    if event in NEED_REASON and not step["reason"]:
        raise FormError("reason")
    return step


def read_line(line, path):
    """Read material or labour.

    >>> read_line({"kind": "material", "name": "Tap", "quantity": 1, "price": 80}, "lines[0]")
    {'kind': 'material', 'name': 'Tap', 'quantity': 1.0, 'price_unit': 80.0, 'is_chargeable': False}
    """
    if not isinstance(line, dict):
        raise FormError(path)
    if line.get("kind") not in KINDS:
        raise FormError(f"{path}.kind")
    name = text_of(line.get("name"), f"{path}.name")
    if not name or len(name) > MOST_NAME:
        raise FormError(f"{path}.name")
    quantity = _number(line.get("quantity"), MOST_QUANTITY, f"{path}.quantity")
    if not quantity:
        raise FormError(f"{path}.quantity")
    return {
        "kind": line["kind"],
        "name": name,
        "quantity": quantity,
        "price_unit": _number(line.get("price") or 0, MOST_PRICE, f"{path}.price"),
        "is_chargeable": line.get("is_chargeable") is True,
    }


def read_new(payload):
    """Read a request that somebody raises on the way.

    :return: dict with site, unit (or None), place, kind, category (or None), text, is_urgent
    :raise FormError: a value is missing or bad
    """
    values = {
        "site": number_of(payload.get("site"), "site"),
        "place": text_of(payload.get("place"), "place"),
        "text": text_of(payload.get("text"), "text"),
        "kind": payload.get("kind") or "repair",
        "is_urgent": payload.get("is_urgent") is True,
    }
    for name in ("unit", "category"):
        value = payload.get(name)
        values[name] = None if value is None else number_of(value, name)
    if not values["text"]:
        raise FormError("text")
    if not isinstance(values["kind"], str):
        raise FormError("kind")
    if not values["unit"] and not values["place"]:
        raise FormError("place")
    return values


def _list(value, path, most):
    value = value or []
    if not isinstance(value, list) or len(value) > most:
        raise FormError(path)
    return value


def _number(value, most, path):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise FormError(path)
    if not math.isfinite(value) or not 0 <= value <= most:
        raise FormError(path)
    return float(value)


def number_of(value, path):
    """Return the id of a record."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MAX_ID:
        raise FormError(path)
    return value


def text_of(value, path):
    """Return a text that may be missing."""
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        raise FormError(path)
    return value.replace("\0", "").strip()
