"""Topics and filters of MQTT, after the OASIS standard MQTT 5.0, section 4.7."""

LONGEST = 65535  # bytes of a topic or a filter


class Malformed(ValueError):
    """Say which rule a topic or a filter breaks; args[0] is one of the reasons below."""


EMPTY, TOO_LONG, BAD_CHARACTER, BROKERS_OWN, EVERYTHING, HASH_NOT_LAST, PLUS_NOT_ALONE = (
    *("empty", "too_long", "bad_character", "brokers_own", "everything"),
    *("hash_not_last", "plus_not_alone"),
)


def check_filter(text):
    """Check a filter that a bridge may subscribe to.

    :raise Malformed: when it breaks the standard, takes everything, or begins with ``$``

    >>> check_filter("device/+/message/up"), check_filter("lift/#")
    (None, None)
    >>> check_filter("#")
    Traceback (most recent call last):
    ...
    odoo.addons.mqtt_bridge.tools.topics.Malformed: everything
    """
    _check_text(text)
    if text in ("#", "+/#"):
        raise Malformed(EVERYTHING)
    levels = text.split("/")
    if any("#" in level for level in levels[:-1]) or levels[-1].rstrip("#") != levels[-1] != "#":
        raise Malformed(HASH_NOT_LAST)
    if any("+" in level and level != "+" for level in levels):
        raise Malformed(PLUS_NOT_ALONE)


def check_topic(text):
    """Check a topic that a bridge may publish to.

    >>> check_topic("cmd/7/ack")
    """
    _check_text(text)
    if "#" in text or "+" in text:
        raise Malformed(BAD_CHARACTER)


def _check_text(text):
    if not text or not text.strip():
        raise Malformed(EMPTY)
    if any(
        ord(char) < 32 or 127 <= ord(char) < 160 or 0xD800 <= ord(char) < 0xE000 for char in text
    ):
        raise Malformed(BAD_CHARACTER)
    if len(text.encode()) > LONGEST:
        raise Malformed(TOO_LONG)
    if text.startswith("$"):
        raise Malformed(BROKERS_OWN)


def matches(text, topic):
    """Say whether a filter takes a topic.

    >>> matches("a/+/c", "a/b/c"), matches("a/#", "a"), matches("a/+", "a"), matches("a/+", "a/")
    (True, True, False, True)
    >>> matches("+/x", "$SYS/x")
    False
    """
    if topic.startswith("$") != text.startswith("$"):
        return False
    wanted, levels = text.split("/"), topic.split("/")
    for index, level in enumerate(wanted):
        if level == "#":
            return True
        if index >= len(levels) or level not in ("+", levels[index]):
            return False
    return len(wanted) == len(levels)


def overlap(one, other):
    """Say whether some topic is taken by both filters: a broker would deliver it twice.

    >>> overlap("a/+/c", "a/b/#"), overlap("a/b", "a/c"), overlap("a/#", "a"), overlap("+", "a/b")
    (True, False, True, False)
    """
    mine, theirs = one.split("/"), other.split("/")
    for left, right in zip(mine, theirs, strict=False):
        if "#" in (left, right):
            return True
        if left != right and "+" not in (left, right):
            return False
    short, long = sorted((mine, theirs), key=len)
    return len(short) == len(long) or long[len(short) :] == ["#"]


def level(topic, number):
    """Return a level of a topic, the first being 1; None when it has no such level or it is empty.

    >>> level("device/LF-01/up", 2), level("device", 2)
    ('LF-01', None)
    """
    levels = topic.split("/")
    return levels[number - 1] or None if 0 < number <= len(levels) else None


def fill(template, device):
    """Write a device's code into a template of a topic; None when that gives no good topic.

    >>> fill("cmd/{device}/ack", "LF-01"), fill("cmd/{device}/ack", "a/+")
    ('cmd/LF-01/ack', None)
    """
    if "{device}" in template and (not device or "/" in device):
        return None
    topic = template.replace("{device}", device or "")
    try:
        check_topic(topic)
    except Malformed:
        return None
    return topic
