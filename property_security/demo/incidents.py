"""Incidents of the demo sites, from report to result."""

import random
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo.fields import Command

from .incident_cases import CANCELLED, CLOSED, OPEN

SEED = 20261102


def build(env, site, guards, now, share):
    """Build the incidents of a site that has none.

    :param guards: hr.employee who reported and handled them
    :param now: naive UTC
    :param int share: 1 for all of them, 3 for every third
    """
    if not guards or env["property.incident"].search_count([("site_id", "=", site.id)]):
        return
    rng = random.Random(SEED + share)  # noqa: S311 - the same demo every time
    kinds = {
        name: env.ref(f"property_security.incident_type_{name}")._of_company(site.company_id)
        for name in {case.kind for case in CLOSED} | {CANCELLED.kind, "theft", "water"}
    }
    zone = ZoneInfo(site.tz)
    vals_list = [
        _closed(site, guards, kinds, _moment(case, now, zone, rng), case, rng)
        for case in CLOSED[::share]
    ]
    vals_list += [
        _open(site, guards, kinds, now - timedelta(minutes=minutes), state, case)
        for minutes, state, case in OPEN[::share]
    ]
    if share == 1:
        at = _moment(CANCELLED, now, zone, rng)
        over = {"state": "cancelled", "cancel_reason": "装修粉尘引起的误报", "closed_at": at}
        vals_list.append({**_vals(site, guards[0], kinds, at, CANCELLED), **over})
    _link(env, site, env["property.incident"].create(vals_list))


def _moment(case, now, zone, rng):
    """Return when a case happened: so many days ago, at its hour of the site; in UTC."""
    today = now.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date()
    there = datetime.combine(
        today - timedelta(days=case.days), time(case.hour, rng.randrange(60)), zone
    )
    return there.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def _vals(site, guard, kinds, at, case):
    """Return what a report says."""
    buildings = site.building_ids
    building = buildings[case.building % len(buildings)] if case.building is not None else None
    return {
        "name": case.name,
        "description": case.text,
        "type_id": kinds[case.kind].id,
        "site_id": site.id,
        "building_id": building and building.id,
        "place": case.place,
        "occurred_at": at - timedelta(minutes=4),
        "reported_at": at,
        "alarmed_at": at,  # no mail goes out for the demo
        "late_told_at": at,
        "reporter_id": guard.id,
        "is_police_called": case.is_police_called,
        "police_at": case.is_police_called and at + timedelta(minutes=6),
        "amount_loss": case.loss,
        "person_ids": [
            Command.create({"name": name, "role": role, "phone": phone})
            for name, role, phone in case.people
        ],
    }


def _steps(kind, at, spans, user):
    """Return the steps of a kind, done one after the other.

    :param spans: minutes from the report to each step that is done
    """
    steps = kind._prepare_step_vals()
    for step, minutes in zip(steps, spans, strict=False):
        step.update(done_at=at + timedelta(minutes=minutes), done_uid=user.id)
    return [Command.create(step) for step in steps]


def _closed(site, guards, kinds, at, case, rng):
    guard = guards[rng.randrange(len(guards))]
    answer = rng.choice((2, 3, 4, 6, 8, 12, 25, 48))
    end = at + timedelta(hours=rng.choice((1, 2, 3, 6, 20, 26, 40)), minutes=answer)
    user = guard.user_id or site.env.user
    kind = kinds[case.kind]
    return {
        **_vals(site, guard, kinds, at, case),
        "responsible_id": guard.id,
        "state": "closed",
        "responded_at": at + timedelta(minutes=answer),
        "closed_at": end,
        "closed_uid": user.id,
        "result": case.result,
        "step_ids": _steps(kind, at, [answer + 5 * n for n in range(len(kind.step_ids))], user),
    }


def _open(site, guards, kinds, at, state, case):
    guard, user = guards[0], guards[0].user_id or site.env.user
    begun = state == "handling"
    return {
        **_vals(site, guard, kinds, at, case),
        "state": state,
        "responsible_id": begun and guard.id,
        "responded_at": begun and at + timedelta(minutes=3),
        "late_told_at": False,
        "step_ids": _steps(kinds[case.kind], at, [3] if begun else [], user),
    }


def _link(env, site, incidents):
    """Give some incidents the camera that saw them."""
    cameras = env["property.camera"].search([("site_id", "=", site.id)])
    for incident in incidents:
        place = incident.place or ""
        seen = cameras.filtered(lambda one, place=place: one.place and one.place[:2] in place)
        incident.camera_id = seen[:1]
