"""What a device, or its broker in its name, says about whether it is there: birth and will."""

from dataclasses import dataclass
from typing import Any

from . import paths

COMES = "online, 1, true, up, connected, birth, NBIRTH, DBIRTH, 在线, 上线"
GOES = "offline, 0, false, down, disconnected, will, NDEATH, DDEATH, 离线, 下线"


@dataclass(frozen=True)
class Presence:
    """Where it stands, and the words for coming and going."""

    path: Any
    comes: frozenset
    goes: frozenset


def parse(path, comes, goes):
    """Read what a subscription says about it.

    :param path: text; None when its messages do not tell
    :param comes: words with commas between; COMES when empty
    :raise ValueError: when the path is none, or a word stands on both sides

    >>> parse("$.state", "", "").path, parse("", "", "")
    (('state',), None)
    """
    if not path:
        return None
    words = frozenset(_words(comes or COMES)), frozenset(_words(goes or GOES))
    both = words[0] & words[1]
    if both:
        raise ValueError(", ".join(sorted(both)))
    return Presence(paths.parse(path), *words)


def _words(text):
    return (word.strip().casefold() for word in text.replace(",", ",").split(",") if word.strip())


def said(presence, topic, data):
    """Say whether a message announces that its device comes or goes.

    :return: True, False, or None when it says nothing about it

    >>> rule = parse("$.state", "", "")
    >>> said(rule, "t", {"state": "Online"}), said(rule, "t", {"state": 0}), said(rule, "t", {})
    (True, False, None)
    >>> said(parse("topic:2", "", ""), "spBv1/NDEATH/x", None)
    False
    """
    if presence is None:
        return None
    found = paths.find(presence.path, topic, data)
    if isinstance(found, bool):
        found = str(found)
    if found is paths.MISSING or not isinstance(found, (str, int)):
        return None
    word = str(found)[:64].strip().casefold()
    if word in presence.comes:
        return True
    return False if word in presence.goes else None
