"""Build the requests of the demo: created in bulk as history, with the log that belongs to it."""

import logging
import random
from bisect import bisect_right
from datetime import timedelta

from odoo.fields import Command

from odoo.addons.property_base.models.property_demo_loader import QUIET

from ..tools.sla import due_at
from . import log, texts
from .plan import SHANGHAI, plan_board, plan_history

_logger = logging.getLogger(__name__)

SEED = 20261126
CLOCKS = ("respond", "arrive", "finish")
REACHED = {"accepted": 1, "on_site": 2, "done": 3, "confirmed": 3, "closed": 3}


def build(env, sites, now):
    """Fill sites with requests, teams and dispatch rules.

    :param sites: property.site without requests
    :param now: nothing happens after this moment, but what is due
    """
    rng = random.Random(SEED)  # noqa: S311  (the same demo every time)
    env = env(context={**env.context, **QUIET})
    now = now.replace(microsecond=0)
    staff = organise(env)
    planned = plan_history(rng, now) + plan_board(rng, now)
    vals_list = [_vals(env, rng, one, sites, staff) for one in planned]
    requests = env["maintenance.request"].create(vals_list)
    _live(rng, requests, planned, now)
    log.write_log(env, rng, requests, planned, now)
    _add_lines(env, rng, requests, planned)
    requests.task_ids.filtered(lambda task: task.request_id.step in log.FINISHED).is_done = True
    _add_rules(env, sites)
    env.flush_all()
    _logger.info("demo: %s requests", len(requests))


def organise(env):
    """Put the staff into teams; return who does what kind of work."""
    ref = env.ref

    def employee(name):
        return ref(name, raise_if_not_found=False) or env["hr.employee"]

    engineers = [
        employee("property_base.demo_employee_engineer"),
        employee("property_base.demo_employee_engineer2"),
        employee("property_base.demo_employee_engineer3"),
    ]
    service = [
        employee("property_base.demo_employee_service"),
        employee("property_base.demo_employee_service2"),
        employee("property_base.demo_employee_service"),
    ]
    guards = [
        employee("property_base.demo_employee_guard"),
        employee("property_base.demo_employee_guard3"),
        employee("property_base.demo_employee_guard4"),
    ]
    cleaners = [employee("property_maintenance.demo_employee_cleaner")] * 3
    for team, members in (
        ("engineering", engineers),
        ("service", service),
        ("order", guards),
    ):
        users = [member.user_id.id for member in members if member.user_id]
        ref(f"property_maintenance.maintenance_team_{team}").member_ids = [Command.set(users)]
    daytime = ref("property_maintenance.resource_calendar_daytime")
    for member in engineers:
        member.resource_calendar_id = daytime
    return {
        "engineering": engineers,
        "cleaning": cleaners,
        "order": guards,
        "service": service,
    }


def _vals(env, rng, one, sites, staff):
    category = env.ref(f"property_maintenance.request_category_{one.category}")
    site = rng.choices(sites, [max(len(site.unit_ids), 1) ** 0.5 for site in sites])[0]
    unit = env["property.unit"] if one.is_public else _household(rng, site)
    contact = unit.tenant_id or unit.owner_id
    team = next(key for key in staff if category.team_id == env.ref(_team(key)))
    worker = staff[team][one.worker] if one.worker >= 0 else env["hr.employee"]
    local_day = (one.raised_at + SHANGHAI).date()
    building = rng.choice(site.building_ids).name if site.building_ids else ""
    return {
        "name": one.subject,
        "description": f"<p>{one.subject},麻烦尽快处理。</p>",
        "site_id": site.id,
        "unit_id": unit.id,
        "place": rng.choice(texts.PUBLIC_PLACES).format(building=building)
        if one.is_public
        else False,
        "contact_id": contact.id,
        "contact_name": contact.name or rng.choice(["业主", "保安巡逻", "保洁员"]),
        "request_category_id": category.id,
        "maintenance_team_id": category.team_id.id,
        "channel": one.channel if contact else "field" if one.channel == "portal" else one.channel,
        "is_urgent": one.is_urgent,
        "raised_at": one.raised_at,
        "request_date": local_day,
        "stage_id": env["maintenance.stage"]._of_step(one.step).id,
        "assignee_id": worker.id if one.step != "cancelled" else False,
        "archive": one.step == "cancelled",
        "cancel_reason": rng.choice(texts.CANCELS) if one.step == "cancelled" else False,
        "owner_user_id": False,
        "employee_id": False,
        "is_paused": False,
    }


def _team(key):
    return f"property_maintenance.maintenance_team_{key}"


def _household(rng, site):
    homes = site.unit_ids.filtered(lambda unit: unit.kind in ("residence", "shop", "office"))
    lived_in = homes.filtered(lambda unit: unit.owner_id or unit.tenant_id)
    return rng.choice(lived_in or homes)


def _live(rng, requests, planned, now):
    """Let the clocks run as planned: when it was accepted, when somebody was there and done."""
    work = {}
    first = requests[0].raised_at - timedelta(days=1)
    for calendar in {request._clock_calendar() for request in requests}:
        spans = requests._work_of(calendar, first, now + timedelta(days=60))
        work[calendar] = spans, [end for _begin, end in spans]
    for request, one in zip(requests, planned, strict=True):
        spans, ends = work[request._clock_calendar()]
        after = spans[bisect_right(ends, one.raised_at) :]
        vals, at = {}, one.raised_at
        for clock, share in list(zip(CLOCKS, one.shares, strict=True))[: REACHED.get(one.step, 0)]:
            hours = request._clock_hours(clock)
            if not hours:
                continue
            at = max(due_at(after, one.raised_at, hours * share), at + timedelta(minutes=2))
            at = min(at, now - timedelta(minutes=4))
            vals[f"{clock}_done_at"] = at
        if one.step in ("confirmed", "closed"):
            vals["confirmed_at"] = min(at + timedelta(hours=rng.uniform(1, 60)), now)
        if one.step in log.FINISHED:
            vals["close_date"] = (at + SHANGHAI).date()
            vals["finish_done_at"] = at
        vals["urge_count"] = one.events.count("urge")
        vals["reopen_count"] = one.events.count("reopen")
        if "pause" in one.events and one.step == "on_site":
            vals |= {"is_paused": True, "pause_reason": rng.choice(texts.PAUSES)}
        request.update(vals)


def _add_lines(env, rng, requests, planned):
    hour = env.ref("uom.product_uom_hour").id
    piece = env.ref("uom.product_uom_unit").id
    vals_list = []
    for request, one in zip(requests, planned, strict=True):
        if request.step not in log.FINISHED or not one.materials or rng.random() < 0.35:
            continue
        for name, quantity, price in one.materials:
            kind = "labour" if "人工" in name else "material"
            vals_list.append(_line(request, kind, name, quantity, price, piece))
        if request.maintenance_team_id == env.ref(_team("engineering")):
            hours = rng.choice((0.5, 0.5, 1, 1, 1.5, 2))
            vals_list.append(_line(request, "labour", "维修人工", hours, 60, hour))
    env["property.request.line"].create(vals_list)


def _line(request, kind, name, quantity, price, uom):
    return {
        "request_id": request.id,
        "kind": kind,
        "name": name,
        "quantity": quantity,
        "price_unit": price,
        "uom_id": uom,
    }


def _add_rules(env, sites):
    """Dispatch what comes in from now on, as the company would."""
    ref = env.ref
    company = sites.company_id[:1]
    vals = {"company_id": company.id}
    env["property.dispatch.rule"].create(
        [
            {
                **vals,
                "name": "紧急报修进抢单池",
                "sequence": 10,
                "urgency": "urgent",
                "method": "pool",
                "category_id": ref("property_maintenance.request_category_repair").id,
            },
            {
                **vals,
                "name": "白天报修派给最闲的工程师",
                "sequence": 20,
                "method": "least_loaded",
                "calendar_id": ref("property_maintenance.resource_calendar_daytime").id,
                "category_id": ref("property_maintenance.request_category_repair").id,
            },
            {
                **vals,
                "name": "咨询轮流派给客服",
                "sequence": 30,
                "method": "round_robin",
                "category_id": ref("property_maintenance.request_category_enquiry").id,
            },
        ]
    )
