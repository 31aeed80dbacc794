"""Billing at scale: a run beside OCA contract, one by one, and a COPY of the same rows."""

import os
import subprocess

from scripts.state import REPO, STATE

# households of the runs, 4 items each; the last one is compared
UNITS = tuple(int(text) for text in os.environ.get("BENCH_UNITS", "2500,10000").split(","))
CONTRACTS = int(os.environ.get("BENCH_CONTRACTS", "1000"))  # invoices, a multiple of 4
NAIVE, DERIVED, COPIES = int(os.environ.get("BENCH_NAIVE", "100")), 10000, 3

WORLD = """
import gc, io, json, random, resource, time
from datetime import date

UNITS, CONTRACTS, NAIVE, DERIVED, COPIES = {sizes}
FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
PRICES = (("MANAGE", "area", 2.85, 6), ("REPAIR", "area", 0.35, 6), ("WASTE", "fixed", 12.5, 6),
          ("NETWORK", "fixed", 30.0, 9))
company = env.company
company._billing_prepare_accounting()
residence = env.ref("property_base.unit_type_residence")

def row(what, seconds, count, **more):
    print(json.dumps({{"what": what, "seconds": seconds, "count": count, **more}}), flush=True)

def timed(work):
    env.flush_all()
    env.invalidate_all()
    gc.collect()
    began = time.perf_counter()
    work()
    env.flush_all()
    env.cr.commit()
    return time.perf_counter() - began

def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

def estate(code, count):
    site = env["property.site"].create({{"name": code, "code": code, "company_id": company.id}})
    building = env["property.building"].create({{"site_id": site.id, "code": "1", "name": "1"}})
    for start in range(0, count, 1000):
        numbers = range(start, min(start + 1000, count))
        units = env["property.unit"].create([
            {{"site_id": site.id, "building_id": building.id, "entrance": str(i // 1000 + 1),
              "floor": i % 1000 // 10 + 1, "room": f"{{i % 1000 // 10 + 1}}{{i % 10 + 1:02}}",
              "type_id": residence.id, "area_gross": 60 + i % 97 + 0.37,
              "handover_date": date(2020, 1, 1)}}
            for i in numbers
        ])
        owners = env["res.partner"].create([{{"name": f"{{code}} owner {{i}}"}} for i in numbers])
        env["property.occupancy"].create([
            {{"unit_id": unit.id, "partner_id": owner.id, "role": "owner",
              "date_from": date(2020, 1, 1)}}
            for unit, owner in zip(units, owners)
        ])
        env.cr.commit()
        env.invalidate_all()
    items = env["property.charge.item"]
    for name, method, price, rate in PRICES:
        item = items.create({{"code": name, "name": name, "method": method, "site_id": site.id,
                              "company_id": company.id, "unit_type_ids": [(6, 0, residence.ids)]}})
        env["property.tariff"].create({{"item_id": item.id, "date_from": date(2020, 1, 1),
            "price": price, "tax_id": env["account.tax"]._vat_tax(company, rate).id}})
        items |= item
    items._sync_fees(env["property.unit"].search([("site_id", "=", site.id)]))
    env.cr.commit()
    return site, items
"""

RUN = """
from odoo.addons.property_billing.models.billing_lane import Lanes
each, before = [], memory()
for units in UNITS:
    site, items = estate(f"B{units}", units)
    run = env["property.billing.run"].create(
        {"site_ids": [(6, 0, site.ids)], "date_from": FIRST, "date_to": LAST})
    env.cr.commit()
    compute = timed(run.action_compute)
    count = run.charge_count
    assert count == units * len(PRICES), count
    run.state = "posting"
    env.cr.commit()
    lanes = Lanes()
    def post():
        while run.state == "posting":
            run._process_batch(lanes)
            env.cr.commit()
            env.invalidate_all()
    spent = timed(post)
    assert (run.fast_count, run.orm_count) == (count, 0), run.lane_note
    row(f"compute {units} households x 4", compute, count)
    row(f"post {units} households x 4", spent, count,
        note=f"{run.lane_cells} cells compared, peak memory {memory()} MB (before {before})")
    each.append((compute + spent) / count)
row("compute and post, each bill of the largest run", each[-1], 1, base=each[0],
    note="smallest run's time for a bill beside it: 1.00x is linear")
spent_lane, count_lane = compute + spent, count

env.cr.execute("SELECT array_agg(id) FROM account_move WHERE billing_run_id = %s", [run.id])
ids = env.cr.fetchone()[0]
TABLES = {
    "account_move": "SELECT * FROM account_move WHERE id = ANY(%s) ORDER BY id",
    "account_move_line": "SELECT * FROM account_move_line WHERE move_id = ANY(%s) ORDER BY id",
    "account_move_line_account_tax_rel": "SELECT rel.* FROM account_move_line_account_tax_rel rel"
    " JOIN account_move_line line ON line.id = account_move_line_id"
    " WHERE line.move_id = ANY(%s) ORDER BY 1",
}
def copy():
    best = None
    for _round in range(COPIES):
        spent = 0.0
        for table, query in TABLES.items():
            env.cr.execute(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")
            env.cr.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint"
                           " WHERE contype = 'f' AND conrelid = %s::regclass", [table])
            for (text,) in env.cr.fetchall():
                for other in TABLES:
                    text = text.replace(f"REFERENCES {other}(", f"REFERENCES bench_{other}(")
                env.cr.execute(f"ALTER TABLE bench_{table} ADD {text}")
        env.cr.commit()
        for table, query in TABLES.items():
            text = io.StringIO()
            source = env.cr.mogrify(query, [ids]).decode()
            env.cr._obj.copy_expert(f"COPY ({source}) TO STDOUT", text)
            text.seek(0)
            began = time.perf_counter()
            env.cr._obj.copy_expert(f"COPY bench_{table} FROM STDIN", text)
            spent += time.perf_counter() - began
        began = time.perf_counter()
        env.cr.commit()
        spent += time.perf_counter() - began
        for table in reversed(TABLES):
            env.cr.execute(f"DROP TABLE bench_{table} CASCADE")
        env.cr.commit()
        best = min(best or spent, spent)
    return best
floor = copy()
row("COPY of the same rows, indexes and constraints", floor, count, base=spent,
    note="posting's time beside it: at most 1.50x is wanted")

sample = run.charge_ids.browse(random.Random(7).sample(run.charge_ids.ids, min(DERIVED, count)))
def derive():
    for charge in sample:
        assert float(charge._derive()["amount"]) == charge.amount == charge.move_id.amount_total
row("derive billed charges again, equal to the fen", timed(derive), len(sample))

journal = site._billing_journal()
def naive():
    for charge in sample[:NAIVE]:
        env["account.move"].create({
            "move_type": "out_invoice", "journal_id": journal.id, "invoice_date": LAST,
            "partner_id": charge.payer_id.id, "unit_id": charge.unit_id.id,
            "invoice_line_ids": [(0, 0, {"product_id": charge.item_id.product_id.id,
                "name": charge.explanation, "price_unit": charge.amount,
                "tax_ids": [(6, 0, charge.tax_id.ids)]})]}).action_post()
one = timed(naive)
row("Odoo's create and action_post, one by one", one, NAIVE)
row("compute and post, beside one by one", spent_lane, count_lane, base=one / NAIVE * count_lane)
"""

CONTRACT = """
site, items = estate("OCA", CONTRACTS // 4)
run = env["property.billing.run"].create(
    {"site_ids": [(6, 0, site.ids)], "date_from": FIRST, "date_to": LAST})
ours = timed(run.action_compute)
values = [(charge.payer_id.id, charge.item_id.product_id, charge.amount, charge.tax_id.ids)
          for charge in run.charge_ids]
journal = site._billing_journal()
contracts = env["contract.contract"]
for start in range(0, len(values), 250):
    contracts |= contracts.create([{
        "name": f"C{start + i}", "code": f"BENCH{start + i}", "partner_id": payer,
        "contract_type": "sale", "line_recurrence": True, "journal_id": journal.id,
        "contract_line_ids": [(0, 0, {"product_id": product.id, "name": product.name,
            "quantity": 1, "price_unit": amount, "uom_id": product.uom_id.id,
            "recurring_rule_type": "monthly", "recurring_interval": 1,
            "recurring_invoicing_type": "pre-paid", "date_start": FIRST,
            "recurring_next_date": FIRST})]}
        for i, (payer, product, amount, taxes) in enumerate(values[start:start + 250])])
for _payer, product, _amount, taxes in values[:len(PRICES)]:
    product.taxes_id = [(6, 0, taxes)]  # the lines of a contract take the product's taxes
env.cr.commit()
def theirs():
    env["contract.contract"].cron_recurring_create_invoice(FIRST)
    made = env["account.move"].search(
        [("state", "=", "draft"), ("journal_id", "=", journal.id),
         ("line_ids.contract_line_id", "in", contracts.contract_line_ids.ids)])
    made.action_post()
    assert len(made) == len(values), (len(made), len(values))
    totals = sum(made.mapped("amount_total")), sum(value[2] for value in values)
    assert abs(totals[0] - totals[1]) < 0.01 and sum(made.mapped("amount_tax")), totals
oca = timed(theirs)
row("OCA contract 19.0: invoices made and posted", oca, len(values))
"""


def run(runner):
    """Bill made-up sites through the fast lane and the others' ways.

    :return: rows; ``base`` is the seconds of the way compared with
    """
    sizes = (UNITS, CONTRACTS, NAIVE, DERIVED, COPIES)
    world = WORLD.format(sizes=repr(sizes))
    rows = runner.rows(world + RUN)
    yield from rows
    runner.fresh()
    try:
        runner.system.configure(
            max_cron_threads=0,
            log_level="warn",
            addons_path=",".join([*runner.system.addons_path(), contract_folder(runner)]),
        )
        runner.system.server(runner.database, "-i", "contract")
        found = runner.rows(world + CONTRACT)
    finally:
        runner.system.configure(max_cron_threads=0, log_level="warn")
    yield from found
    last = [row for row in rows if row["what"].endswith(f" {UNITS[-1]} households x 4")]
    ours = sum(row["seconds"] for row in last)
    count = last[-1]["count"]
    theirs = found[-1]["seconds"] / found[-1]["count"]
    yield {
        "what": "compute and post, beside OCA contract",
        "seconds": ours,
        "count": count,
        "base": theirs * count,
        "note": "at least 100x is wanted",
    }


def contract_folder(runner):
    """Install OCA contract into a folder of its own.

    :return: folder of its addon
    """
    target = STATE / "contract"
    if not (target / "odoo" / "addons" / "contract").is_dir():
        subprocess.run(
            [
                *(runner.system.python, "-m", "pip", "install", "--quiet", "--no-deps"),
                *("--target", target, "-r", REPO / "scripts" / "requirements-bench.txt"),
            ],
            check=True,
        )
    return str(target / "odoo" / "addons")
