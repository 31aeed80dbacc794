"""What a phone says of a check-in or a step: its shape and its ranges.

A bad value raises Wrong with the path of the value, such as ``results[0].item``.
"""

import math
import re

METHODS = ("nfc", "qr", "ble", "reader", "manual")
MOST_RESULTS = 200
MOST_FILES = 20
MOST_TEXT = 2000
SHA256 = re.compile(r"[0-9a-f]{64}")


class Wrong(ValueError):
    """A value that is not what it should be.

    :param path: which value
    """

    def __init__(self, path):
        super().__init__(path)
        self.path = path


def read_checkin(payload):
    """Read a check-in.

    :param payload: dict as JSON gives it
    :return: dict with round, checkpoint (or None), code, nfc, method, latitude, longitude, accuracy
        (None where not told), note, files (list of sha256), results
    :raise Wrong: a value is missing or bad
    """
    _object(payload, "payload")
    values = {
        "round": number_of(payload.get("round"), "round"),
        "checkpoint": None,
        "code": text_of(payload.get("code"), "code"),
        "nfc": text_of(payload.get("nfc"), "nfc"),
        "method": payload.get("method"),
        "note": text_of(payload.get("note"), "note"),
        "files": _files(payload.get("files"), "files"),
        **_place(payload),
    }
    if payload.get("checkpoint") is not None:
        values["checkpoint"] = number_of(payload["checkpoint"], "checkpoint")
    if values["method"] not in METHODS:
        raise Wrong("method")
    results = payload.get("results") or []
    if not isinstance(results, list) or len(results) > MOST_RESULTS:
        raise Wrong("results")
    values["results"] = [_result(one, f"results[{i}]") for i, one in enumerate(results)]
    items = [one["item"] for one in values["results"]]
    if len(set(items)) < len(items):
        raise Wrong("results")
    return values


def read_step(payload):
    """Read a step of a round.

    :return: dict with round, action (start or finish), unsent, note
    :raise Wrong: a value is missing or bad
    """
    _object(payload, "payload")
    action = payload.get("action")
    if action not in ("start", "finish"):
        raise Wrong("action")
    unsent = payload.get("unsent") or 0
    if unsent:
        number_of(unsent, "unsent")
    return {
        "round": number_of(payload.get("round"), "round"),
        "action": action,
        "unsent": unsent,
        "note": text_of(payload.get("note"), "note"),
    }


def number_of(value, path):
    """Read the id of a record, or a count.

    >>> number_of(7, "round")
    7
    >>> number_of("7", "round")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    Wrong: round
    """
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**31:
        raise Wrong(path)
    return value


def text_of(value, path):
    """Read a text that may be missing; the database takes no null characters."""
    if value is None or value is False:
        return ""
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        raise Wrong(path)
    return value.replace("\0", "").strip()


def _object(value, path):
    if not isinstance(value, dict):
        raise Wrong(path)


def _place(payload):
    """Read where the device was; a place without both degrees is none."""
    latitude, longitude = payload.get("lat"), payload.get("lon")
    if latitude is None and longitude is None:
        return {"latitude": None, "longitude": None, "accuracy": None}
    accuracy = payload.get("accuracy")
    if accuracy is not None:
        accuracy = _float(accuracy, 0, 1e7, "accuracy")
    return {
        "latitude": _float(latitude, -90, 90, "lat"),
        "longitude": _float(longitude, -180, 180, "lon"),
        "accuracy": accuracy,
    }


def _float(value, low, high, path):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Wrong(path)
    if not math.isfinite(value) or not low <= value <= high:
        raise Wrong(path)
    return float(value)


def _files(value, path):
    digests = value or []
    if not isinstance(digests, list) or len(digests) > MOST_FILES:
        raise Wrong(path)
    for digest in digests:
        if not isinstance(digest, str) or not SHA256.fullmatch(digest):
            raise Wrong(path)
    return list(dict.fromkeys(digests))


def _result(value, path):
    _object(value, path)
    return {
        "item": number_of(value.get("item"), f"{path}.item"),
        "value": value.get("value"),
        "note": text_of(value.get("note"), f"{path}.note"),
        "files": _files(value.get("files"), f"{path}.files"),
    }
