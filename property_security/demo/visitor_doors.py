"""Visitors who came by the doors of a demo site with the codes of their passes."""

import random
from datetime import timedelta

from .parking_cars import SEED

DAYS = timedelta(days=7)
#: What was refused, and whether a pass is known: minutes ago, reason.
REFUSED = (
    (70, "expired", True),
    (190, "elsewhere", True),
    (430, "used_up", True),
    (800, "revoked", True),
    (1500, "unknown", False),
    (2900, "forged", True),
)


def build(env, site, now):
    """Let visitors of the last week open doors, and some be refused.

    :param site: property.site whose visits are there
    :param datetime now: UTC
    """
    rng = random.Random(SEED * 11 + site.id)  # noqa: S311 - the same demo every time
    doors = env["property.gate"].search(
        [("site_id", "=", site.id), ("kind", "=", "door"), ("is_for_visitors", "=", True)]
    )
    visits = env["property.visitor.visit"].search(
        [
            ("site_id", "=", site.id),
            ("pass_id", "!=", False),
            ("problem", "=", False),
            ("method", "in", ("qr", "code")),
            ("entered_at", ">=", now - DAYS),
        ]
    )
    if not doors or not visits:
        return
    gate_of_site = doors.filtered(lambda door: not door.building_id)[:1]
    rows = []
    for number, visit in enumerate(visits):
        if gate_of_site and number % 2:
            visit.write({"method": "door", "gate": gate_of_site.name, "guard_id": False})
            rows.append((gate_of_site, visit, visit.entered_at))
        home = doors.filtered(lambda door, unit=visit.unit_id: _is_behind(door, unit))[:1]
        if home:
            later = visit.entered_at + timedelta(minutes=rng.randrange(2, 6))
            rows.append((home, visit, min(later, now)))
    env["property.gate.event"].create(
        [
            _vals(door, number, at, "visitor", visit.pass_id, visit_id=visit.id, is_open=True)
            for number, (door, visit, at) in enumerate(rows)
        ]
        + [
            _vals(
                rng.choice(doors),
                f"refused-{minutes}",
                now - timedelta(minutes=minutes),
                reason,
                rng.choice(visits).pass_id if is_known else None,
            )
            for minutes, reason, is_known in REFUSED
        ]
    )


def _is_behind(door, unit):
    return bool(door.building_id) and (
        unit.building_id == door.building_id and door.entrance in (False, unit.entrance)
    )


def _vals(door, number, at, reason, one, **more):
    return {
        "gate_id": door.id,
        "key": f"demo-code-{number}",
        "at": at,
        "kind": "code",
        "reason": reason,
        "pass_id": one and one.id,
        **more,
    }
