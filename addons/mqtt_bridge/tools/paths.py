"""Where a value stands: ``$.payload.sn`` or ``payload.sn``, ``$.list[0].id``, ``topic:2``."""

import json
import re

from . import topics

STEP = re.compile(r"""\.([^.\[\]'"\s]+)|\[(\d{1,6})\]|\['([^'\]]+)'\]""")
PLAIN = re.compile(r"""[^.\[\]'"\s$:/][^'"\s$:/]*""")  # a path that leaves out the $
TOPIC = re.compile(r"topic:([1-9]\d?)")
MISSING = object()
MOST_STEPS = 16
LONGEST_SHOWN = 400  # characters of a value in a list


def parse(text):
    """Read a path.

    :return: number of the topic's level, or a tuple of names and indexes
    :raise ValueError: when it is none

    >>> parse("topic:2"), parse("$.payload.list[0]['a b']"), parse("$")
    (2, ('payload', 'list', 0, 'a b'), ())
    >>> parse("payload.sn")
    ('payload', 'sn')
    >>> parse("topic:x")
    Traceback (most recent call last):
    ...
    ValueError: topic:x
    """
    text = text.strip()
    found = TOPIC.fullmatch(text)
    if found:
        return int(found[1])
    if PLAIN.fullmatch(text):
        text = f"$.{text}"
    steps, place = [], 1
    while text.startswith("$") and place < len(text):
        step = STEP.match(text, place)
        if not step:
            raise ValueError(text)
        steps.append(int(step[2]) if step[2] else step[1] or step[3])
        place = step.end()
    if not text.startswith("$") or len(steps) > MOST_STEPS:
        raise ValueError(text)
    return tuple(steps)


def find(path, topic, data):
    """Return what stands at a parsed path, or MISSING.

    >>> find(("a", 1), "t", {"a": [5, 6]}), find(2, "t/x", None)
    (6, 'x')
    >>> find(("a", "b"), "t", {"a": [5]}) is MISSING, find((), "t", 7)
    (True, 7)
    """
    if isinstance(path, int):
        found = topics.level(topic, path)
        return MISSING if found is None else found
    for step in path:
        if isinstance(step, int):
            if not isinstance(data, list) or step >= len(data):
                return MISSING
        elif not isinstance(data, dict) or step not in data:
            return MISSING
        data = data[step]
    return data


def flatten(data, most):
    """List the values of a message with their paths.

    :return: at most so many pairs of path and text

    >>> flatten({"a": [1, {"b c": True}], "d": {}}, 9)
    [('$.a[0]', '1'), ("$.a[1]['b c']", 'true'), ('$.d', '{}')]
    """
    found, waiting = [], [("$", data)]
    while waiting and len(found) < most:
        path, value = waiting.pop()
        if value and isinstance(value, dict):
            waiting += reversed([(path + _step(name), one) for name, one in value.items()])
        elif value and isinstance(value, list):
            waiting += reversed([(f"{path}[{place}]", one) for place, one in enumerate(value)])
        else:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            found.append((path, text[:LONGEST_SHOWN]))
    return found


def _step(name):
    plain = STEP.fullmatch(f".{name}")
    return f".{name}" if plain else f"['{name}']"
