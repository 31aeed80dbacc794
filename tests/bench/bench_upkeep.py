"""How long 2,000 maintenance plans take to raise orders, and 20,000 readings to be counted."""

CODE = """
import json, time
from datetime import date, datetime, timedelta

PLANS, GAUGES, DAYS = 2000, 100, 200
quiet = env(context={**env.context, "tracking_disable": True, "mail_create_nosubscribe": True})
site = quiet["property.site"].create({"name": "Bench", "code": "BU"})
kind = env.ref("property_maintenance.equipment_class_lift")
today = date.today()

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

equipment = timed("register equipment", lambda: quiet["maintenance.equipment"].create([
    {"name": f"Lift {n}", "site_id": site.id, "class_id": kind.id} for n in range(PLANS)]))
plans = timed("make monthly plans", lambda: quiet["property.upkeep.plan"].create([
    {"name": "Monthly", "equipment_id": one.id, "date_start": today - timedelta(days=400)}
    for one in equipment]))
timed("raise their orders after a standstill of 13 months", lambda: plans._raise_due(today))
timed("raise again: nothing new", lambda: plans._raise_due(today) or plans)
gauges = quiet["property.equipment.gauge"].create([
    {"equipment_id": one.id, "name": "Hours", "kind": "counter"} for one in equipment[:GAUGES]])
start = datetime.now().replace(microsecond=0) - timedelta(days=DAYS)
timed("take and count readings", lambda: quiet["property.equipment.reading"]._take([
    {"gauge_id": gauge.id, "at": start + timedelta(days=day), "value": 8 * day,
     "source": "device", "reference": str(day)}
    for gauge in gauges for day in range(DAYS)]))
"""


def run(runner):
    """Raise orders and count readings on made-up equipment.

    :return: rows; ``count`` is records
    """
    runner.fresh()
    return runner.rows(CODE)
