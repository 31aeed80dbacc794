"""What is found at a checkpoint, and whether it is as it should be."""

import math
from dataclasses import dataclass

YES_NO, CHOICE, NUMBER, TEXT, PHOTO = "yes_no", "choice", "number", "text", "photo"


@dataclass(frozen=True)
class Expected:
    """What an item of a checklist expects."""

    kind: str
    answer: bool = True  # the good answer to yes or no
    low: float | None = None  # None: no limit
    high: float | None = None
    bad_choices: frozenset = frozenset()
    choices: frozenset = frozenset()


def read_value(expected, value):
    """Read a value as a device sends it.

    :param value: bool or "yes"/"no"; id of a choice; number or its text; text; anything for a photo
    :return: bool, int, float or str
    :raise ValueError: it is no value of such an item

    >>> read_value(Expected(NUMBER), "3.5"), read_value(Expected(YES_NO), "no")
    (3.5, False)
    >>> read_value(Expected(CHOICE, choices=frozenset({7})), 7)
    7
    >>> read_value(Expected(NUMBER), "many")
    Traceback (most recent call last):
    ValueError: many
    """
    if expected.kind == YES_NO:
        answers = {"yes": True, "no": False}
        if isinstance(value, bool):
            return value
        if not isinstance(value, str) or value not in answers:
            raise ValueError(value)
        return answers[value]
    if expected.kind == NUMBER:
        return _number(value)
    if expected.kind == CHOICE:
        if type(value) is not int or value not in expected.choices:
            raise ValueError(value)
        return value
    if not isinstance(value, (str, bool, type(None))):
        raise ValueError(value)
    return value.strip() if isinstance(value, str) else ""


def _number(value):
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(value)
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise ValueError(value) from None
    if not math.isfinite(number):
        raise ValueError(value)
    return number


def is_abnormal(expected, value):
    """Say whether a value is not as it should be.

    :param value: as ``read_value`` returns it

    >>> is_abnormal(Expected(NUMBER, low=2, high=4), 4.0), is_abnormal(Expected(NUMBER, low=2), 1.9)
    (False, True)
    >>> is_abnormal(Expected(YES_NO, answer=False), True)
    True
    """
    if expected.kind == YES_NO:
        return value != expected.answer
    if expected.kind == NUMBER:
        below = expected.low is not None and value < expected.low
        return below or (expected.high is not None and value > expected.high)
    return expected.kind == CHOICE and value in expected.bad_choices
