"""Whether somebody may come in with a pass: the first of these that holds.

Of another site, on the blacklist, not handed out, refused, waiting for approval, revoked, too
early, too late, used up; else valid. The field app has the same order for work without a network
(``static/src/field/visitor_verdict.js``).
"""

from dataclasses import dataclass
from datetime import datetime

#: What a guard is shown, in the order in which it is looked at.
VERDICTS = (
    "foreign",
    "banned",
    "draft",
    "refused",
    "waiting",
    "revoked",
    "early",
    "expired",
    "used_up",
    "valid",
)


@dataclass(frozen=True)
class Facts:
    """What is known about a pass; moments of one zone."""

    valid_from: datetime
    valid_to: datetime
    uses_max: int = 0  # 0: any number of times
    use_count: int = 0
    approval: str = "none"  # none | waiting | approved | refused
    is_issued: bool = True
    is_foreign: bool = False
    is_banned: bool = False
    revoked_at: datetime | None = None


def verdict(facts, at):
    """Tell what becomes of a pass at a moment.

    :param Facts facts: about the pass
    :param datetime at: when somebody comes
    :return: one of VERDICTS

    >>> day = datetime(2026, 11, 26)
    >>> facts = Facts(day, day.replace(hour=12), uses_max=1)
    >>> [verdict(facts, day.replace(hour=hour)) for hour in (0, 12, 13)]
    ['valid', 'valid', 'expired']
    """
    checks = (
        ("foreign", facts.is_foreign),
        ("banned", facts.is_banned),
        ("draft", not facts.is_issued),
        ("refused", facts.approval == "refused"),
        ("waiting", facts.approval == "waiting"),
        ("revoked", facts.revoked_at is not None and at >= facts.revoked_at),
        ("early", at < facts.valid_from),
        ("expired", at > facts.valid_to),
        ("used_up", facts.uses_max and facts.use_count >= facts.uses_max),
    )
    return next((name for name, holds in checks if holds), "valid")


def beyond(entries, uses_max):
    """Tell which entries are more than a pass allows, in whatever order they were reported.

    :param entries: list of (moment, key); keys break ties so that the answer is always the same
    :param int uses_max: 0 for any number
    :return: set of keys

    >>> beyond([(2, "b"), (1, "a"), (3, "c")], 1) == {"b", "c"}
    True
    >>> beyond([(1, "a"), (2, "b")], 0)
    set()
    """
    if not uses_max:
        return set()
    return {key for _moment, key in sorted(entries)[uses_max:]}
