"""Who may pass a gate, and as what: the first of these that holds.

Black list, white list, owner or staff, valid pass, monthly card in grace, booked visitor,
temporary parking. A plate that the camera is not sure of is shown to the guard first, among the
expected plates that differ by one character. Arrears are no reason to keep anybody out: no fact
about them can be given.
"""

from dataclasses import dataclass

#: What a plate is made of: provinces, letters, digits and the marks of special plates.
CHARACTERS = (
    "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
    "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789学警港澳领使挂"
)
#: Kinds of pass that count before others, best first.
OWN = ("owner_space", "staff")


@dataclass(frozen=True)
class Facts:
    """What is known about a car at a gate."""

    confidence: float = 100.0  # percent
    listed: str | None = None  # white | black
    passes: tuple[tuple[str, str, bool], ...] = ()  # (kind, state valid|grace, has a space left)
    has_visit: bool = False


@dataclass(frozen=True)
class Rules:
    """What the area allows."""

    confidence_min: float = 0.0
    is_temporary_allowed: bool = True


@dataclass(frozen=True)
class Decision:
    """`action` is open, confirm (by the guard) or refuse; `category` is what the car comes as."""

    action: str
    category: str
    reason: str


def decide(facts, rules):
    """Decide at the way in.

    :param Facts facts: about the car
    :param Rules rules: of the area
    :return: Decision

    >>> decide(Facts(listed="black"), Rules()).action
    'refuse'
    >>> decide(Facts(passes=(("monthly", "grace", True),)), Rules()).category
    'grace'
    >>> decide(Facts(confidence=60), Rules(confidence_min=85)).action
    'confirm'
    """
    category, reason = _category(facts)
    if facts.confidence < rules.confidence_min:
        return Decision("confirm", category, "not_sure")
    if category == "black":
        return Decision("refuse", category, "black_list")
    if category == "temporary" and not rules.is_temporary_allowed:
        return Decision("refuse", category, "no_temporary")
    return Decision("open", category, reason)


def _category(facts):
    if facts.listed:
        return facts.listed, f"{facts.listed}_list"
    with_space = [(kind, state) for kind, state, has_space in facts.passes if has_space]
    valid = [kind for kind, state in with_space if state == "valid"]
    for kind in sorted(valid, key=lambda kind: kind not in OWN):
        return kind, "pass"
    if with_space:
        return "grace", "grace"
    if facts.has_visit:
        return "visitor", "visit"
    return "temporary", "space_taken" if facts.passes else "temporary"


def neighbours(plate):
    """Return the plates one character away: another one in its place, one lacking or one too many.

    :param str plate: normalised
    :return: set for an indexed look-up of the plates that are expected

    >>> {"浙A8K888", "浙A8K88BD", "浙A8K8B", "苏A8K88B"} <= neighbours("浙A8K88B")
    True
    >>> "浙A8K88B" in neighbours("浙A8K88B"), "浙B8K880" in neighbours("浙A8K88B")
    (False, False)
    """
    found = set()
    for place in range(len(plate) + 1):
        before, after = plate[:place], plate[place + 1 :]
        for character in CHARACTERS:
            found.add(before + character + plate[place:])
            if place < len(plate):
                found.add(before + character + after)
        found.add(before + after)
    return found - {plate}
