"""Reports, counter search and bills of a person on a big ledger, with their plans, beside stock."""

import os

#: Journal items made; PROPERTY_BENCH_ITEMS=2000000 for the ledger of a 100,000-household group.
ITEMS = int(os.environ.get("PROPERTY_BENCH_ITEMS", "200000"))

CODE = """
import json, random, statistics, time
from datetime import date
from odoo.fields import Command, Domain

ITEMS = __ITEMS__
SITES, MONTHS, ROUNDS = 20, 36, 20
UNITS = max(ITEMS * 10 // 47 // MONTHS // SITES, 1) * SITES
FIRST = date(2023, 12, 1)
BIG = ("account_move_line", "account_move", "account_partial_reconcile", "account_payment")

company = env.company
company._billing_prepare_accounting()
sites = env["property.site"].create([
    {"name": f"Bench {i}", "code": f"BN{i}", "company_id": company.id} for i in range(SITES)
])
buildings = env["property.building"].create([
    {"site_id": site.id, "code": str(n), "name": str(n)} for site in sites for n in range(5)
])
residence = env.ref("property_base.unit_type_residence")
units = env["property.unit"].create([
    {"site_id": sites[i % SITES].id, "building_id": buildings[i % SITES * 5 + i // SITES % 5].id,
     "entrance": "1", "floor": 1, "room": str(1000 + i), "type_id": residence.id,
     "area_gross": 90.0, "handover_date": date(2020, 1, 1)}
    for i in range(UNITS)
])
owners = env["res.partner"].create([{"name": f"Owner {i}"} for i in range(UNITS)])
env["property.occupancy"].create([
    {"unit_id": unit.id, "partner_id": owner.id, "role": "owner", "date_from": date(2020, 1, 1)}
    for unit, owner in zip(units, owners)
])
tax = env["account.tax"]._vat_tax(company, 6)
item = env["property.charge.item"].create({
    "code": "BENCH", "name": "Bench", "method": "area", "company_id": company.id,
})
# One bill and one payment made by Odoo; the rest are copies of their rows.
bill = env["account.move"].create({
    "move_type": "out_invoice", "partner_id": owners[0].id, "unit_id": units[0].id,
    "charge_item_id": item.id, "invoice_date": FIRST, "invoice_date_due": FIRST,
    "invoice_payment_term_id": False, "period_from": FIRST, "period_to": date(2023, 12, 31),
    "invoice_line_ids": [Command.create({
        "product_id": item.product_id.id, "price_unit": 300.0, "tax_ids": [Command.set(tax.ids)],
    })],
})
bill.action_post()
payment = env["account.payment.register"].with_context(
    active_model="account.move", active_ids=bill.ids
).create({"payment_date": FIRST})._create_payments()
partial = bill.line_ids.matched_credit_ids
env.flush_all()
cr = env.cr
BILLS = UNITS * MONTHS

def columns(table):
    cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
    )
    return [name for (name,) in cr.fetchall()]

def copies(table, source, count, **overrides):
    names = columns(table)
    values = ", ".join(
        f"({overrides[name]})" if name in overrides else f'source."{name}"' for name in names
    )
    listed = ", ".join(f'"{name}"' for name in names)
    cr.execute(
        f"INSERT INTO {table} ({listed}) SELECT {values} FROM {table} source,"
        f" generate_series(0, {count} - 1) g,"
        f" LATERAL (SELECT (SELECT ids[mod(g, {UNITS}) + 1] FROM bench_units) AS unit,"
        f" (SELECT owners[mod(g, {UNITS}) + 1] FROM bench_units) AS owner,"
        f" (SELECT sites[mod(g, {UNITS}) + 1] FROM bench_units) AS site,"
        f" (DATE '2023-12-01' + make_interval(months => g / {UNITS}))::date AS month,"
        f" mod(g::bigint * 7919, 100) < 85 AS paid) one"
        f" WHERE source.id IN %s {overrides.get('_and', '')}",
        [tuple(source.ids)],
    )

cr.execute(
    "CREATE TEMP TABLE bench_units AS"
    " SELECT %s::int[] AS ids, %s::int[] AS owners, %s::int[] AS sites",
    [units.ids, owners.ids, [unit.site_id.id for unit in units]],
)
began = time.perf_counter()
M, L, P, Y, Q = 10_000_000, 20_000_000, 40_000_000, 60_000_000, 80_000_000
last = "(one.month + interval '1 month - 1 day')::date"
paid_on = "(one.month + mod(g, 60))::date"
due = bill.line_ids.filtered(lambda line: line.display_type == "payment_term")
scope = dict(unit_id="one.unit", site_id="one.site", partner_id="one.owner")
copies("account_move", bill, BILLS, id=f"{M} + g", name="'BENCH/' || g", date="one.month",
       invoice_date="one.month", invoice_date_due="one.month", period_from="one.month",
       period_to=last, commercial_partner_id="one.owner", access_token="NULL",
       payment_state="CASE WHEN one.paid THEN 'paid' ELSE 'not_paid' END",
       amount_residual="CASE WHEN one.paid THEN 0 ELSE source.amount_total END",
       amount_residual_signed="CASE WHEN one.paid THEN 0 ELSE source.amount_total END",
       partner_shipping_id="one.owner", sequence_number="g", **scope)
for rank, line in enumerate(bill.line_ids):
    open_now = "source.balance" if line == due else "0"
    copies("account_move_line", line, BILLS, id=f"{L} + g * 3 + {rank}", move_id=f"{M} + g",
           move_name="'BENCH/' || g", date="one.month", invoice_date="one.month",
           period_from="one.month", period_to=last, full_reconcile_id="NULL",
           matching_number="NULL",
           date_maturity="one.month" if line == due else "NULL",
           amount_residual=f"CASE WHEN one.paid THEN 0 ELSE {open_now} END",
           amount_residual_currency=f"CASE WHEN one.paid THEN 0 ELSE {open_now} END",
           reconciled="one.paid" if line == due else "FALSE", **scope)
where = "AND one.paid"
copies("account_payment", payment, BILLS, id=f"{Y} + g", name="'BENCHP/' || g",
       move_id="NULL", date=paid_on, _and=where, **scope)
copies("account_move", payment.move_id, BILLS, id=f"{P} + g", name="'BENCHP/' || g", date=paid_on,
       origin_payment_id=f"{Y} + g", commercial_partner_id="one.owner", access_token="NULL",
       sequence_number="g", _and=where, **scope)
cr.execute(f"UPDATE account_payment SET move_id = id - {Y} + {P} WHERE id >= {Y}")
for rank, line in enumerate(payment.move_id.line_ids):
    is_due = line.account_id == due.account_id
    copies("account_move_line", line, BILLS, id=f"{P} + g * 2 + {rank}", move_id=f"{P} + g",
           move_name="'BENCHP/' || g", date=paid_on, full_reconcile_id="NULL",
           matching_number="NULL", payment_id=f"{Y} + g", _and=where, **scope)
owed = [line for line in payment.move_id.line_ids if line.account_id == due.account_id][0]
rank = list(payment.move_id.line_ids).index(owed)
due_rank = list(bill.line_ids).index(due)
copies("account_partial_reconcile", partial, BILLS, id=f"{Q} + g",
       debit_move_id=f"{L} + g * 3 + {due_rank}", credit_move_id=f"{P} + g * 2 + {rank}",
       full_reconcile_id="NULL", max_date=paid_on, _and=where)
for table in BIG:
    cr.execute(f"ANALYZE {table}")
env.invalidate_all()
cr.execute("SELECT count(*) FROM account_move_line")
[(lines,)] = cr.fetchall()
print(json.dumps({"what": f"made {lines} journal items on {SITES} sites, {UNITS} units",
                  "seconds": time.perf_counter() - began, "count": lines}), flush=True)

draw = random.Random(3)
def measured(what, work, note="", base=None):
    spent, statements = [], []
    execute = cr.execute
    def watch(query, params=None, **more):
        statements.append(cr.mogrify(query, params) if params is not None else query)
        return execute(query, params, **more)
    work(0)
    cr.execute = watch
    work(0)
    del cr.execute
    for turn in range(ROUNDS):
        env.invalidate_all()
        began = time.perf_counter()
        work(turn)
        spent.append(time.perf_counter() - began)
    scans = set()
    for statement in statements:
        text = statement.decode() if isinstance(statement, bytes) else str(statement)
        if not text.lstrip().upper().startswith(("SELECT", "WITH")):
            continue
        execute("EXPLAIN " + text.replace("%", "%%"), [])
        plan = " ".join(row for (row,) in cr.fetchall())
        scans |= {table for table in BIG if f"Seq Scan on {table} " in plan}
    p95 = sorted(spent)[int(ROUNDS * 0.95) - 1]
    seen = f"reads whole: {', '.join(sorted(scans))}" if scans else "no big table read whole"
    print(json.dumps({"what": what, "seconds": p95, "note": f"p95; {seen}{note}",
                      **({"base": base} if base else {})}), flush=True)
    return p95

def report(name, groups, sums, domain=lambda site: [], **context):
    model = env[f"property.report.{name}"].with_context(**context)
    def work(turn):
        site = sites[turn % SITES]
        rows = model._read_group(
            [("company_id", "=", company.id), "|", ("site_id", "=", False),
             ("site_id", "in", [site.id]), *domain(site)], groups, sums)
        assert rows
    return work

def year(site):
    return [("bill_date", ">=", "2026-01-01"), ("bill_date", "<=", "2026-12-31")]

ageing = ["amount_30:sum", "amount_older:sum", "amount_open:sum"]
measured("ageing by building, one site, today",
         report("ageing", ["building_id"], ageing))
measured("ageing by household, one site, today",
         report("ageing", ["unit_id", "partner_id"], ageing))
measured("ageing by building, one site, end of last year",
         report("ageing", ["building_id"], ageing, property_as_of="2025-12-31"))
measured("collection rate by building, one site, one year",
         report("collection", ["building_id"], ["amount_due:sum", "rate:avg"], year))
measured("arrears cleared this year, one site",
         report("arrears", ["building_id"], ["amount_start:sum", "rate:avg"],
                property_from="2026-01-01"))
measured("cashier daily, one site, one month",
         report("cashier", ["date:day", "collector_id"], ["amount_net:sum"],
                lambda site: [("date", ">=", "2026-03-01"), ("date", "<=", "2026-03-31")]))
measured("income by item and month, one site, billed in one quarter",
         report("income", ["charge_item_id", "month_earned:month"], ["amount_net:sum"],
                lambda site: [("date", ">=", "2026-01-01"), ("date", "<=", "2026-03-31")]))

moves = env["account.move"]
def counter(turn):
    unit = env["property.unit"].search([("code", "ilike", f"1-{1000 + turn * 7 % UNITS}")], limit=8)
    moves.search([("unit_id", "in", unit.ids), ("state", "=", "posted"),
                  ("move_type", "=", "out_invoice"), ("amount_residual", ">", 0)]).read(
        ["charge_item_id", "period_to", "amount_residual"])
measured("counter: find a household and its open bills", counter)

def mine(turn):
    partner = owners[turn * 31 % UNITS]
    moves.search(moves._property_portal_open_domain(partner), order="invoice_date_due, id").read(
        ["name", "amount_residual", "period_to"])
def stock(turn):
    partner = owners[turn * 31 % UNITS]
    domain = (Domain("state", "not in", ("cancel", "draft"))
              & Domain("move_type", "in", ("out_invoice", "out_refund", "in_invoice",
                                           "in_refund", "out_receipt", "in_receipt"))
              & Domain("partner_id", "child_of", [partner.commercial_partner_id.id]))
    moves.search_count(domain)
    moves.search(domain, order="invoice_date desc", limit=80).read(
        ["name", "amount_residual", "invoice_date"])
base = measured("stock /my/invoices: the bills of one person", stock)
measured("/my/bills: the open bills of one person", mine, base=base)
"""


def run(runner):
    """Fill a ledger by copying rows in SQL, then ask for one site's or person's figures.

    :return: rows; p95 of twenty turns, with the big tables a plan reads from end to end
    """
    return runner.rows(CODE.replace("__ITEMS__", str(ITEMS)))
