"""Which devices a rule is about: Odoo's domains, on a few fields, without a database.

The bridge judges messages without Odoo's models; what it says here is what a search would say.
"""

import ast

FIELDS = ("id", "code", "name", "state", "parent_id", "parent_id.code", "parent_id.name")
LONGEST = 2000


class Unusable(ValueError):
    """No domain that can be used here: args[0] is the part at fault."""


def parse(text):
    """Compile a domain.

    :return: function of a device (dictionary of FIELDS) that says whether it is meant; None: all
    :raise Unusable: when it is no domain on these fields

    >>> lifts = parse("['|', ('code', '=like', 'LF-%'), ('parent_id.code', 'in', ['G1', 'G2'])]")
    >>> lifts({"code": "LF-01"}), lifts({"code": "P", "parent_id": 3, "parent_id.code": "G2"})
    (True, True)
    >>> parse("[('secret', '=', 'x')]")
    Traceback (most recent call last):
    ...
    odoo.addons.mqtt_bridge.tools.selecting.Unusable: secret
    """
    if not (text or "").strip() or text.strip() == "[]":
        return None
    try:
        found = ast.literal_eval(text) if len(text) <= LONGEST else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        found = None
    if not isinstance(found, (list, tuple)):
        raise Unusable(text[:80])
    stack = []
    for part in reversed(found):
        if part in ("&", "|"):
            if len(stack) < 2:
                raise Unusable(part)
            stack.append(_both(part, stack.pop(), stack.pop()))
        elif part == "!":
            if not stack:
                raise Unusable(part)
            stack.append(_not(stack.pop()))
        else:
            stack.append(_leaf(part))
    tests = tuple(stack)
    return lambda device: all(test(device) for test in tests)


def _both(operator, one, other):
    if operator == "&":
        return lambda device: one(device) and other(device)
    return lambda device: one(device) or other(device)


def _not(test):
    return lambda device: not test(device)


def _leaf(part):
    if not isinstance(part, (list, tuple)) or len(part) != 3:
        raise Unusable(str(part)[:80])
    name, operator, value = part
    if name == 1 and operator == "=" and value in (0, 1):
        return lambda _device: bool(value)
    if name not in FIELDS:
        raise Unusable(str(name)[:80])
    test = _test(name, operator, value)
    if name.startswith("parent_id."):  # a search asks the device above, which has to be there
        return lambda device: device["parent_id"] is not None and test(device)
    return test


def _test(name, operator, value):
    if operator in ("in", "not in"):
        if not isinstance(value, (list, tuple)):
            raise Unusable(str(value)[:80])
        values = {None if one is False else one for one in value}
        if operator == "in":
            return lambda device: device[name] in values
        return lambda device: device[name] not in values
    value = None if value is False else value
    if operator in ("=", "!="):
        wanted = operator == "="
        return lambda device: (device[name] == value) == wanted
    return _like(name, operator, value)


def _like(name, operator, value):
    negative = operator.startswith("not ") if isinstance(operator, str) else False
    kind = operator[4:] if negative else operator
    if kind not in ("like", "ilike", "=like", "=ilike") or not isinstance(value, str):
        raise Unusable(str(operator)[:80])
    if not value or "\\" in value:
        raise Unusable(value or name)
    fold = str.lower if kind.endswith("ilike") else str
    pattern = fold(value if kind.startswith("=") else f"%{value}%")
    return lambda device: is_like(pattern, fold(device[name] or "")) != negative


def is_like(pattern, text):
    """Say whether a text has the form of a pattern, where % is any text and _ any character.

    It takes no more steps than the product of their lengths.

    >>> is_like("LF-%_1", "LF-001"), is_like("%a%", "bab"), is_like("a_", "a")
    (True, True, False)
    """
    place = here = 0
    star = kept = None
    while here < len(text):
        char = pattern[place] if place < len(pattern) else None
        if char == "%":
            star, kept = place, here
            place += 1
        elif char is not None and char in ("_", text[here]):
            place, here = place + 1, here + 1
        elif star is not None:
            kept += 1
            place, here = star + 1, kept
        else:
            return False
    return not pattern[place:].strip("%")
