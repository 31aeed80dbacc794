"""How fast the schedules of leases are derived, one month of them is billed, and all are reported.

LEASES (5000) leases of MONTHS (36) months; the billing is compared with computing alone.
"""

import os

LEASES = os.environ.get("LEASES") or "5000"
MONTHS = os.environ.get("MONTHS") or "36"

CODE = """
import json, time
from datetime import date
from decimal import Decimal
from odoo.addons.property_leasing.tools import schedule

LEASES, MONTHS = {leases}, {months}
env = env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True))
company = env.company
company._billing_prepare_accounting()
company.lease_approval_amount = 1e12
rent = company._lease_item("contract")
site = env["property.site"].create({{"name": "Bench", "code": "BENCH", "company_id": company.id}})
building = env["property.building"].create({{"site_id": site.id, "code": "1", "name": "1"}})
shop = env["property.unit.type"].create({{"name": "Bench shop", "kind": "shop"}})
units = env["property.unit"].create([
    {{"site_id": site.id, "building_id": building.id, "entrance": "1", "floor": i // 100 + 1,
     "room": f"{{i}}", "type_id": shop.id, "area_gross": 30 + i % 97 + 0.37}}
    for i in range(LEASES)
])
tenants = env["res.partner"].create([{{"name": f"Tenant {{i}}"}} for i in range(LEASES)])
env.flush_all()
START = date(2026, 1, 1)
END = date(2026 + MONTHS // 12 - 1, 12, 31)

def row(what, seconds, count, **more):
    print(json.dumps({{"what": what, "seconds": seconds, "count": count, **more}}), flush=True)

def timed(work):
    env.flush_all()
    env.invalidate_all()
    began = time.perf_counter()
    work()
    env.flush_all()
    return time.perf_counter() - began

def terms(number):
    return schedule.Terms(
        START, END, (schedule.Rate(START, Decimal("4.5"), Decimal(30 + number % 97)),), "m2_day",
        steps=schedule.ladder(START, END, 12, "percent", Decimal(5)),
        rent_free=((START, date(2026, 2, 15)),), anchor=START,
    )

row(f"kernel: {{LEASES}} leases x {{MONTHS}} months",
    timed(lambda: [schedule.schedule(terms(number)) for number in range(LEASES)]),
    LEASES * MONTHS)

leases = env["property.lease"]

def propose():
    global leases
    leases = leases.create([
        {{"site_id": site.id, "partner_id": tenant.id, "date_from": START, "date_to": END,
         "cadence": "1",
         "line_ids": [(0, 0, {{"unit_id": unit.id, "item_id": rent.id, "price": 4.5}})],
         "step_ids": [(0, 0, {{"repeat_months": 12, "kind": "percent", "value": 5}})],
         "rent_free_ids": [(0, 0, {{"date_from": START, "date_to": "2026-02-15"}})]}}
        for unit, tenant in zip(units, tenants)
    ])

row(f"create {{LEASES}} leases with their schedules", timed(propose), LEASES * MONTHS)
# approving and signing are steps of people, one lease at a time: a few of them are measured
few = leases[:100]
row("submit, approve and sign 100 leases",
    timed(lambda: (few.action_submit(), few.action_sign())), 100)
rest = leases[100:]
env.cr.execute(
    "UPDATE property_lease SET approval_state = 'approved' WHERE id = ANY(%s)", [rest.ids]
)
env.invalidate_all()
rest.action_sign()
run = env["property.billing.run"].create({{
    "site_ids": [(6, 0, site.ids)], "date_from": date(2026, 3, 1), "date_to": date(2026, 3, 31),
}})
env.cr.execute(
    "UPDATE property_lease SET billing_date_from = '2026-03-01' WHERE id = ANY(%s)", [leases.ids]
)
env.invalidate_all()
row(f"compute a month of {{LEASES}} leases", timed(run.action_compute), run.charge_count)
assert run.charge_count == LEASES, run.charge_count
row(f"post a month of {{LEASES}} leases", timed(run.action_post), LEASES)
roll = env["property.lease.rent.roll"].with_context(property_as_of="2026-06-30")
row(f"rent roll of {{LEASES}} spaces", timed(lambda: roll.search([])), LEASES)
row("rent per m² by floor", timed(lambda: roll._read_group([], ["floor"], ["rent_m2_month:avg"])),
    LEASES)
forecast = env["property.lease.report.forecast"]
row("forecast by month", timed(lambda: forecast._read_group([], ["date:month"], ["amount:sum"])),
    LEASES * MONTHS)
row("overview", timed(lambda: env["property.lease.overview"].get_overview("2026-06-30")), LEASES)
"""


def run(runner):
    """Measure on a fresh copy of the tests' database."""
    runner.fresh()
    return runner.rows(CODE.format(leases=LEASES, months=MONTHS))
