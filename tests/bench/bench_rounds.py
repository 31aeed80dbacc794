"""How long a year of rounds of 200 routes takes to plan, to plan again and to plan anew."""

CODE = """
import json, time
from datetime import date, timedelta
from odoo import Command, fields

ROUTES, POINTS, YEAR = 200, 10, 365
routes = env["inspection.route"].create([
    {"name": f"Route {r}", "checkpoint_ids": [
        Command.create({"name": f"Point {p}", "sequence": p}) for p in range(POINTS)]}
    for r in range(ROUTES)
])
tomorrow = fields.Date.today() + timedelta(days=1)
plans = env["inspection.plan"].create([
    {"name": "Daily", "route_id": route.id, "tz": "Asia/Shanghai", "times": "09:00",
     "window_minutes": 60, "ahead_days": 1, "date_from": tomorrow + timedelta(days=2)}
    for route in routes
])
until = fields.Datetime.now() + timedelta(days=YEAR + 3)
env.cr.commit()

def timed(what, work):
    env.flush_all()
    env.invalidate_all()
    queries, began = env.cr.sql_log_count, time.perf_counter()
    result = work()
    env.flush_all()
    seconds = time.perf_counter() - began
    note = f"{env.cr.sql_log_count - queries} queries"
    print(json.dumps({"what": what, "seconds": seconds, "count": len(result), "note": note}))
    env.cr.commit()
    return result

rounds = timed("plan a year of rounds of 200 routes", lambda: plans._generate(until))
timed("plan it again: nothing new", lambda: plans._generate(until) or rounds)

def search():
    return env["inspection.round"].search([("state", "=", "planned")], limit=80)

timed("find 80 rounds by their state among them", search)

def change():
    plans[:1].times = "10:00"
    return rounds[:YEAR]

timed("change the time of one plan: its year is replaced", change)
"""


def run(runner):
    """Plan rounds on made-up routes.

    :return: rows; ``count`` is rounds
    """
    runner.fresh()
    return runner.rows(CODE)
