"""Patrols of the demo sites: shifts, rosters, thirty days of rounds with a few misses, a wand."""

import base64
import hashlib
import random
import uuid
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.fields import Command

from odoo.addons.inspection_round.tools.scheduling import occurrences
from odoo.addons.property_base.models.property_demo_loader import QUIET

from .patrol_places import GUARDS, MIXED, RESIDENTIAL

DAYS = 30
SEED = 20261126
NUMBERS = uuid.UUID("3c1d1b8e-0d61-5a34-8b0e-5b8b8a3d4e02")  # of the check-ins made up here
MISSED, WEAK_MISSED, POINT_MISSED = 0.03, 0.16, 0.006
#: Misses of the last hours are alarms that still ring; older ones were looked after.
FRESH = timedelta(hours=30)


def build(env, sites, today):
    """Build the patrols of sites that have none yet."""
    env = env(context={**env.context, **QUIET})
    for site in sites.with_env(env):
        domain = [("site_id", "=", site.id), ("kind", "=", "patrol")]
        if not env["inspection.route"].search_count(domain):
            _build_site(env, site, today)


def _build_site(env, site, today):
    rng = random.Random(SEED + site.id)  # noqa: S311 - the same demo every time
    crew = _hire(env, site)
    shifts = _roster(env, site, crew, today)
    walks = RESIDENTIAL if site.kind == "residential" else MIXED
    for walk in walks:
        plan = _plan(env, site, walk, shifts, today)
        if walk.is_wand:
            rounds = _walk_by_wand(env, site, plan, shifts, rng)
        else:
            rounds = _walk(env, walk, plan, crew, rng)
        _alarm(env, rounds, rng)


def _hire(env, site):
    """Return the leader of the site's guards and the guards."""
    leader = env.ref("property_base.demo_employee_guard")
    if site.kind != "residential":
        leader = env.ref("property_base.demo_employee_guard3")
    guards = env["hr.employee"].create(
        [
            {
                "name": name,
                "company_id": site.company_id.id,
                "job_id": env.ref("property_base.demo_job_guard").id,
                "department_id": env.ref("property_base.demo_department_security").id,
                "work_phone": phone,
                "site_ids": [Command.set(site.ids)],
            }
            for name, phone in GUARDS["residential" if site.kind == "residential" else "mixed"]
        ]
    )
    return leader, guards


def _roster(env, site, crew, today):
    """Lay out the day and the night; two guards take turns at night."""
    leader, (day_guard, *night_guards) = crew
    first = today - timedelta(days=DAYS + 10)
    lines = (
        ("白班", 8, 20, [(day_guard, first, 5, 2), (night_guards[0], first + timedelta(5), 2, 5)]),
        ("夜班", 20, 8, [(one, first + timedelta(n), 1, 1) for n, one in enumerate(night_guards)]),
    )
    return env["property.patrol.shift"].create(
        [
            {
                "name": name,
                "site_id": site.id,
                "hour_from": start,
                "hour_to": end,
                "leader_id": leader.id,
                "duty_ids": [
                    Command.create(
                        {
                            "employee_id": employee.id,
                            "date_from": day,
                            "days_on": days_on,
                            "days_off": days_off,
                        }
                    )
                    for employee, day, days_on, days_off in duties
                ],
            }
            for name, start, end, duties in lines
        ]
    )


def _plan(env, site, walk, shifts, today):
    """Lay out a route and plan it since thirty days; the rounds to come follow at once."""
    route = env["inspection.route"].create(
        {
            "name": f"{site.name}{walk.name}",
            "kind": "patrol",
            "site_id": site.id,
            "minutes": 0 if walk.is_wand else walk.minutes,
            "wand_hours": 16 if walk.is_wand else 0,
            "checkpoint_ids": [
                Command.create(
                    {
                        "name": name,
                        "place": place,
                        "sequence": 10 * number,
                        "wand_card": f"{990100 + number}" if walk.is_wand else False,
                    }
                )
                for number, (name, place) in enumerate(walk.points, 1)
            ],
        }
    )
    return env["inspection.plan"].create(
        {
            "name": walk.name,
            "route_id": route.id,
            "times": walk.times,
            "tz": site.tz,
            "date_from": today - timedelta(days=DAYS),
            "window_minutes": walk.window,
            "late_minutes": walk.late,
            "shift_ids": [Command.set(shifts.ids)],
            "ahead_days": 7,
        }
    )


def _past_vals(plan):
    """Return the values of the rounds that would be there if the plan had been there."""
    now = fields.Datetime.now()
    due = occurrences(plan._schedule(), now - timedelta(days=DAYS), now)
    required = len(plan.route_id.checkpoint_ids)
    return plan._prepare_rounds_vals([one for one in due if one.deadline <= now], required)


def _walk(env, walk, plan, crew, rng):
    """Let guards walk most rounds and visit most points, with the phone.

    :return: the rounds
    """
    leader, _guards = crew
    points = plan.route_id.checkpoint_ids
    vals_list, visits = _past_vals(plan), []
    for vals in vals_list:
        visits.append([])
        if rng.random() < MISSED:
            continue
        on_duty = env["hr.employee"].browse(vals["employee_ids"][0][2])
        vals["employee_id"] = rng.choice(list(on_duty - leader) or [leader]).id
        at = vals["planned_at"] + timedelta(seconds=rng.randint(-300, 400))
        vals |= {"started_at": at, "checkpoint_ids": [Command.set(points.ids)]}
        for point in points:
            chance = WEAK_MISSED if point.name in walk.weak else POINT_MISSED
            if rng.random() >= chance:
                visits[-1].append((point, at))
            at += timedelta(minutes=walk.minutes + rng.randint(0, 2), seconds=rng.randint(0, 59))
        vals["finished_at"] = at
    rounds = env["inspection.round"].create(vals_list)
    env["inspection.checkin"].create(
        [
            _checkin_vals(env, one, point, at, rng)
            for one, mine in zip(rounds, visits, strict=True)
            for point, at in mine
        ]
    )
    return rounds


def _checkin_vals(env, one, point, at, rng):
    number = str(uuid.uuid5(NUMBERS, f"{one.id}-{point.id}"))
    method = rng.choices(("nfc", "qr", "manual"), (80, 18, 2))[0]
    flags = env["inspection.flag"]._ids_of({"weak_method"} if method == "manual" else set())
    return {
        "uuid": number,
        "digest": hashlib.sha256(number.encode()).hexdigest(),
        "round_id": one.id,
        "checkpoint_id": point.id,
        "employee_id": one.employee_id.id,
        "checked_at": at,
        "device_at": at,
        "received_at": at + timedelta(seconds=rng.randint(1, 900)),
        "method": method,
        "flag_ids": [Command.set(list(flags))],
    }


def _handovers(site, shifts):
    """Return who has the wand from noon to noon: the guard of the night."""
    zone, noon = ZoneInfo(site.tz), time(12)
    night = shifts.filtered(lambda shift: shift.hour_from > shift.hour_to)
    today = fields.Datetime.now().replace(tzinfo=UTC).astimezone(zone).date()
    for back in range(DAYS + 1, -2, -1):
        start, end = (
            datetime.combine(today - timedelta(days=days), noon, zone)
            .astimezone(UTC)
            .replace(tzinfo=None)
            for days in (back, back - 1)
        )
        guard = night._on_duty(start + timedelta(hours=9)).employee_id
        yield {"employee_id": guard.id, "from_at": start, "to_at": end}


def _walk_by_wand(env, site, plan, shifts, rng):
    """Load what a wand read on the rounds: an older file, and one with rows to mend.

    :return: the rounds
    """
    rounds = env["inspection.round"].create(_past_vals(plan))
    wand = env["property.patrol.wand"].create(
        {
            "name": "车库巡更棒",
            "number": "0007",
            "site_id": site.id,
            "clock_offset": 75,
            "holder_ids": [Command.create(vals) for vals in _handovers(site, shifts)],
        }
    )
    rows = [
        (one.planned_at + timedelta(minutes=4 * number + rng.randint(0, 2)), point.wand_card)
        for one in rounds.sorted("planned_at")
        if rng.random() >= MISSED
        for number, point in enumerate(plan.route_id.checkpoint_ids, 1)
        if rng.random() >= POINT_MISSED
    ]
    zone = ZoneInfo(site.tz)
    texts = [
        f"{wand.number.zfill(4)},{card.zfill(10)},"
        f"{at.replace(tzinfo=UTC).astimezone(zone):%Y/%m/%d %H:%M:%S}"
        for at, card in rows
    ]
    spoilt = [f"0007,0000888888,{texts[-1][-19:]}", f"0009,0000990101,{texts[-1][-19:]}", "0007,,"]
    cut = max(len(texts) - 20, 0)
    for name, lines in (
        ("车库巡更棒_上月.csv", texts[:cut]),
        ("车库巡更棒.csv", texts[cut:] + spoilt),
    ):
        content = "\r\n".join(["巡更机号,卡号,打卡时间", *lines, ""]).encode("gbk")
        env["property.patrol.wand.file"].create(
            {"name": name, "site_id": site.id, "content": base64.b64encode(content)}
        ).action_take()
    return rounds


def _alarm(env, rounds, rng):
    """Raise the alarms of what was missed: fresh ones ring, older ones were looked after."""
    rounds.invalidate_recordset()
    fresh = rounds.filtered(lambda one: one.deadline_at > fields.Datetime.now() - FRESH)
    old = rounds - fresh
    alarms = env["property.patrol.alarm"]
    manager = rounds.site_id.manager_id.user_id or env.user
    vals_list = []
    for one in old:
        known = {alarm.checkpoint_id.id or 0 for alarm in one.alarm_ids}
        for point in sorted(one._misses() - known):
            at = min(one.planned_at + timedelta(minutes=10), one.deadline_at)
            vals = {**alarms._prepare_vals(one, point), "raised_at": at, "state": "acknowledged"}
            vals["acknowledged_at"] = at + timedelta(minutes=rng.randint(2, 40))
            vals["acknowledged_by_id"] = manager.id
            if vals["acknowledged_at"] > at + timedelta(minutes=15):
                vals["escalated_at"] = at + timedelta(minutes=15)
            vals_list.append(vals)
    alarms.create(vals_list)
    old.write({"is_alarm_settled": True})
    fresh._raise_alarms()
