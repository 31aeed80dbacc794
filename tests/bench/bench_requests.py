"""A board with 50,000 requests, beside the stock board of as many stock requests."""

import os

#: Requests made of each sort; 400 of the service requests are open.
REQUESTS = int(os.environ.get("PROPERTY_BENCH_REQUESTS", "50000"))

CODE = """
import json, time
from datetime import date
from odoo.fields import Command

COUNT, SITES, ROUNDS, OPEN = __COUNT__, 10, 15, 400
quiet = env(context={**env.context, "tracking_disable": True})
company = env.company
sites = quiet["property.site"].create([
    {"name": f"Bench {i}", "code": f"BR{i}", "company_id": company.id} for i in range(SITES)
])

def staff(role):
    job = quiet["hr.job"].create({
        "name": f"Bench {role}", "company_id": company.id,
        "property_group_ids": [Command.set(env.ref(f"property_base.group_{role}").ids)],
    })
    user = quiet["res.users"].create({
        "name": f"Bench {role}", "login": f"bench.{role}", "company_id": company.id,
        "company_ids": [Command.set(company.ids)],
        "group_ids": [Command.set(env.ref("base.group_user").ids)],
    })
    quiet["hr.employee"].create({
        "name": user.name, "user_id": user.id, "company_id": company.id, "job_id": job.id,
        "date_version": date(2025, 1, 1), "site_ids": [Command.set(sites[:5].ids)],
    })
    return user

service, engineer = staff("service"), staff("engineer")
worker = engineer.employee_ids
clerk = quiet["res.users"].create({
    "name": "Bench clerk", "login": "bench.clerk",
    "group_ids": [Command.set(env.ref("maintenance.group_equipment_manager").ids)],
})
category = quiet["property.request.category"].create({
    "name": "Bench", "respond_hours": 1, "arrive_hours": 4, "finish_hours": 24})
Request = quiet["maintenance.request"]
ours = Request.create({
    "name": "Bench", "site_id": sites[0].id, "request_category_id": category.id, "place": "B1"})
stock = Request.create({"name": "Bench"})
env.flush_all()
cr = env.cr
stages = dict(env["maintenance.stage"]._read_group(
    [("step", "!=", False)], ["step"], ["id:array_agg"]))
stock_stages = env["maintenance.stage"].search([("step", "=", False)]).ids

def copies(source, base, **overrides):
    cr.execute("SELECT column_name FROM information_schema.columns"
               " WHERE table_name = 'maintenance_request'")
    names = [name for (name,) in cr.fetchall()]
    values = ", ".join(f"({overrides[n]})" if n in overrides else f'source."{n}"' for n in names)
    listed = ", ".join(f'"{n}"' for n in names)
    cr.execute(
        f"INSERT INTO maintenance_request ({listed})"
        f" SELECT {values} FROM maintenance_request source,"
        f" generate_series(0, {COUNT} - 1) g,"
        f" LATERAL (SELECT now() AT TIME ZONE 'UTC' - make_interval(mins => g * 13) AS raised) t"
        f" WHERE source.id = {source.id}")

began = time.perf_counter()
is_open = f"g < {OPEN}"
open_step = "(ARRAY['new', 'assigned', 'accepted', 'on_site'])[mod(g, 4) + 1]"
by_step = " ".join(f"WHEN '{step}' THEN {ids[0]}" for step, ids in stages.items())
copies(ours, 20_000_000, id="20000000 + g", name="'Request ' || g",
       site_id=f"(ARRAY{sites.ids})[mod(g, {SITES}) + 1]",
       step=f"CASE WHEN {is_open} THEN {open_step} ELSE 'confirmed' END",
       stage_id=f"CASE CASE WHEN {is_open} THEN {open_step} ELSE 'confirmed' END {by_step} END",
       assignee_id=f"CASE WHEN mod(g, 4) = 0 THEN NULL ELSE {worker.id} END",
       user_id=f"CASE WHEN mod(g, 4) = 0 THEN NULL ELSE {engineer.id} END",
       is_pool=f"{is_open} AND mod(g, 4) = 0", raised_at="t.raised",
       respond_due_at="t.raised + interval '1 hour'",
       arrive_due_at="t.raised + interval '4 hours'",
       finish_due_at="t.raised + interval '24 hours'",
       sla_due_at=f"CASE WHEN {is_open} THEN t.raised + interval '1 hour' END",
       sla_warn_at="t.raised + interval '19 hours'",
       finish_done_at=f"CASE WHEN {is_open} THEN NULL ELSE t.raised + interval '9 hours' END")
copies(stock, 30_000_000, id="30000000 + g", name="'Stock ' || g",
       stage_id=f"(ARRAY{stock_stages})[CASE WHEN {is_open} THEN 1 + mod(g, 2) ELSE 3 END]")
cr.execute("ANALYZE maintenance_request")
env.invalidate_all()
print(json.dumps({"what": f"made {COUNT} service requests on {SITES} sites, as many stock ones",
                  "seconds": time.perf_counter() - began, "count": 2 * COUNT}), flush=True)

def measured(what, work, user):
    requests = Request.with_user(user)
    work(requests)
    spent = []
    for _round in range(ROUNDS):
        env.invalidate_all()
        asked = cr.sql_log_count
        began = time.perf_counter()
        work(requests)
        spent.append(time.perf_counter() - began)
        queries = cr.sql_log_count - asked
    print(json.dumps({"what": what, "seconds": sorted(spent)[int(ROUNDS * 0.95) - 1],
                      "note": f"p95 of {ROUNDS}, median {sorted(spent)[ROUNDS // 2]:.3f} s, "
                              f"{queries} queries"}), flush=True)

CARD = {name: {} for name in (
    "name", "code", "place_shown", "is_urgent", "is_pool", "is_paused", "urge_count",
    "reopen_count", "rating_last_value", "sla_state", "sla_text")} | {
    name: {"fields": {"display_name": {}}}
    for name in ("site_id", "request_category_id", "assignee_id", "stage_id")}
STOCK = {name: {} for name in ("name", "schedule_date", "priority", "kanban_state")} | {
    name: {"fields": {"display_name": {}}} for name in ("user_id", "stage_id", "equipment_id")}

def board(domain, card, progress):
    def opened(requests):
        requests = requests.with_context(property_steps=card is CARD)
        groups = requests.web_read_group(domain, ["stage_id"], ["__count"])["groups"]
        requests.read_progress_bar(domain, "stage_id", progress)
        for group in groups:
            requests.web_search_read([*domain, *group["__extra_domain"]], card, limit=20)
    return opened

SLA = {"field": "sla_state", "colors": {"on_time": "success", "late": "danger"}}
STATE = {"field": "kanban_state", "colors": {"done": "success", "blocked": "danger"}}
OURS = [("site_id", "!=", False)]
NOW = ["&", *OURS, "|", ("step", "in", ("new", "assigned", "accepted", "on_site")),
       ("finish_done_at", ">=", "today -7d")]
measured("our board as it opens: open ones and those of a week", board(NOW, CARD, SLA), service)
measured("our board without any filter", board(OURS, CARD, SLA), service)
measured("stock board without any filter", board([("site_id", "=", False)], STOCK, STATE), clerk)
measured("what an engineer sees of the pool",
         lambda r: r.web_search_read([("is_pool", "=", True)], CARD, limit=80), engineer)
measured("overdue ones by assignee", lambda r: r.web_read_group(
    [("sla_due_at", "<", "now"), ("is_paused", "=", False)], ["assignee_id"], ["__count"]), service)
report = env["property.request.report"]
measured("medians of a year by month and kind", lambda r: report._read_group(
    [("raised_at", ">=", "today -12m")], ["raised_at:month", "kind"],
    ["request_count:sum", "respond_median:avg", "finish_p90:avg", "sla_met:avg"]), service)
"""


def run(runner):
    """Copy a service request and a stock one in SQL, then open the boards as their users do.

    :return: rows; p95 of fifteen turns with the rules of a desk, an engineer and a stock clerk
    """
    return runner.rows(CODE.replace("__COUNT__", str(REQUESTS)))
