"""What a guard's phone says about visitors and things carried out: its shape and its ranges."""

import re

from .visitor_form import (
    MAX_ITEMS,
    MAX_NAME,
    MAX_TEXT,
    FormError,
    read_choice,
    read_number,
    read_phone,
    read_text,
    read_uuid,
)

METHODS = ("qr", "code", "list")
KINDS = ("visitor", "delivery", "contractor")
LINK = re.compile(r"/v/([\w-]{22})(?:#([\w-]{1,300}))?$", re.ASCII)


def read_link(text):
    """Return the token and the signed part of what a QR code says.

    >>> read_link("https://example.com/v/" + "a" * 22 + "#bb"), read_link("12345678")
    (('aaaaaaaaaaaaaaaaaaaaaa', 'bb'), ('', ''))
    """
    found = LINK.search(text) if isinstance(text, str) and len(text) <= 600 else None
    return (found[1], found[2] or "") if found else ("", "")


def read_visit(payload):
    """Read what happened at the gate.

    :param payload: dict as JSON gives it
    :return: dict with action (in, out or walk_in) and what belongs to it
    :raise FormError: a value is missing or bad
    """
    action = read_choice(payload.get("action"), "action", ("in", "out", "walk_in"))
    if action == "out":
        return {"action": action, "visit": read_uuid(payload.get("visit"), "visit")}
    common = {
        "action": action,
        "gate": read_text(payload.get("gate"), "gate"),
        "note": read_text(payload.get("note"), "note", MAX_TEXT),
    }
    if action == "in":
        number = read_number(payload.get("pass"), "pass")
        if not number:
            raise FormError("pass")
        return {
            **common,
            "pass": number,
            "method": read_choice(payload.get("method"), "method", METHODS),
            "signed": read_text(payload.get("signed"), "signed", 300),
        }
    site = read_number(payload.get("site"), "site")
    if not site:
        raise FormError("site")
    return {
        **common,
        "site": site,
        "kind": read_choice(payload.get("kind"), "kind", KINDS),
        "name": read_text(payload.get("name"), "name", MAX_NAME, required=True),
        "unit": read_text(payload.get("unit"), "unit", MAX_NAME, required=True),
        "confirmed_by": read_text(payload.get("confirmed_by"), "confirmed_by", required=True),
        "phone": read_phone(payload.get("phone")),
        "plate": read_text(payload.get("plate"), "plate", 16),
    }


def read_check_out(payload):
    """Read what was carried out.

    :param payload: dict as JSON gives it
    :return: dict with release, lines (id -> number counted), signed, note
    :raise FormError: a value is missing or bad

    >>> read_check_out({"release": 3, "lines": [{"id": 5, "quantity": 0}]})["lines"]
    {5: 0}
    """
    release = read_number(payload.get("release"), "release")
    lines = payload.get("lines")
    if not release or not isinstance(lines, list) or len(lines) > MAX_ITEMS:
        raise FormError("lines" if release else "release")
    counted = {}
    for line in lines:
        if not isinstance(line, dict):
            raise FormError("lines")
        number = read_number(line.get("id"), "lines")
        quantity = read_number(line.get("quantity"), "lines", least=0)
        if number is None or quantity is None or quantity > 9999:
            raise FormError("lines")
        counted[number] = quantity
    return {
        "release": release,
        "lines": counted,
        "signed": read_text(payload.get("signed"), "signed", 300),
        "note": read_text(payload.get("note"), "note", MAX_TEXT),
    }
