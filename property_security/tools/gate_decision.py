"""Who may pass a gate, and as what: the first of these that holds.

Black list, white list, owner or staff, valid pass, monthly card in grace, booked visitor,
temporary parking. A plate that the camera is not sure of is shown to the guard first, among the
expected plates that differ by one character. Arrears are no reason to keep anybody out: no fact
about them can be given.
"""

from dataclasses import dataclass

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


def one_apart(plate, known):
    """Return the known plates that differ from a read one in one character, or lack or add one.

    >>> sorted(one_apart("浙A8K88B", ["浙A8K888", "浙A8K88B", "浙A8K8", "浙A8K88BD", "浙B8K880"]))
    ['浙A8K888', '浙A8K88BD']
    """
    return [other for other in known if _distance_is_one(plate, other)]


def _distance_is_one(a, b):
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) == 1
    short, long = sorted((a, b), key=len)
    return len(long) - len(short) == 1 and any(
        short == long[:place] + long[place + 1 :] for place in range(len(long))
    )


def patterns(plate):
    """Return the SQL patterns of all plates one character away, for an indexed look-up.

    >>> patterns("浙A1")
    ['_A1', '浙_1', '浙A_', 'A1', '浙1', '浙A', '_浙A1', '浙_A1', '浙A_1', '浙A1_']
    """
    places = range(len(plate))
    return (
        [plate[:n] + "_" + plate[n + 1 :] for n in places]
        + [plate[:n] + plate[n + 1 :] for n in places]
        + [plate[:n] + "_" + plate[n:] for n in range(len(plate) + 1)]
    )
