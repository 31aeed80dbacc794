"""Billing at scale: a run beside OCA contract, one by one, and a COPY of the same rows."""

import os
import subprocess
from pathlib import Path

from scripts.state import REPO, STATE

# BENCH_UNITS: households of the runs, 4 items each, in sites of at most 10,000. The first run is
# compared with the other ways; all of them show the growth. 10000,30000,100000 for the group.
UNITS = tuple(int(text) for text in os.environ.get("BENCH_UNITS", "2500,10000").split(","))
CONTRACTS = int(os.environ.get("BENCH_CONTRACTS", "1000"))  # invoices, a multiple of 4
NAIVE = int(os.environ.get("BENCH_NAIVE", "100"))
DERIVED, COPIES = 10000, 3
PRIVILEGE = "SET ON PARAMETER session_replication_role"
WORLD = Path(__file__).with_name("_world.py").read_text()
HEAD = f"""
import random, tempfile
UNITS, CONTRACTS, NAIVE, DERIVED, COPIES = {(UNITS, CONTRACTS, NAIVE, DERIVED, COPIES)!r}
FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
"""

RUN = """
from odoo.addons.property_billing.models.billing_lane_together import PARAMETER, connections
env = env(context={**env.context, "lang": "en_US"})

def billed(sites, first, last):
    run = env["property.billing.run"].create(
        {"site_ids": [(6, 0, sites.ids)], "date_from": first, "date_to": last})
    env.cr.commit()
    forget_memory()
    compute = timed(run.action_compute)
    computing = memory()
    run.state = "posting"
    settle()
    def post():
        step = run._new_step()
        while run.state == "posting":
            step()
            env.cr.commit()
            env.invalidate_all()
    forget_memory()
    posting = timed(post)
    count = run.charge_count
    assert (run.fast_count, run.orm_count) == (count, 0), run.lane_note
    return run, count, compute, posting, computing, memory()

TABLES = {
    "account_move": "SELECT * FROM account_move WHERE id = ANY(%s) ORDER BY id",
    "account_move_line": "SELECT * FROM account_move_line WHERE move_id = ANY(%s) ORDER BY id",
    "account_move_line_account_tax_rel": "SELECT rel.* FROM account_move_line_account_tax_rel rel"
    " JOIN account_move_line line ON line.id = account_move_line_id"
    " WHERE line.move_id = ANY(%s) ORDER BY 1",
}
def copy(run):
    env.cr.execute("SELECT array_agg(id) FROM account_move WHERE billing_run_id = %s", [run.id])
    ids, best = env.cr.fetchone()[0], None
    env.cr.execute("ANALYZE " + ", ".join(TABLES))
    for _round in range(COPIES):
        spent = 0.0
        for table in TABLES:
            env.cr.execute(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")
            env.cr.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint"
                           " WHERE contype = 'f' AND conrelid = %s::regclass", [table])
            for (text,) in env.cr.fetchall():
                for other in TABLES:
                    text = text.replace(f"REFERENCES {other}(", f"REFERENCES bench_{other}(")
                env.cr.execute(f"ALTER TABLE bench_{table} ADD {text}")
        env.cr.commit()
        for table, query in TABLES.items():
            with tempfile.TemporaryFile("w+") as text:
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

def derive():
    for charge in sample:
        assert float(charge._derive()["amount"]) == charge.amount == charge.move_id.amount_total

def naive():
    journal = sites[0]._billing_journal()
    for charge in sample[:NAIVE]:
        env["account.move"].create({
            "move_type": "out_invoice", "journal_id": journal.id, "invoice_date": LAST,
            "partner_id": charge.payer_id.id, "unit_id": charge.unit_id.id,
            "invoice_line_ids": [(0, 0, {"product_id": charge.item_id.product_id.id,
                "name": charge.explanation, "price_unit": charge.amount,
                "tax_ids": [(6, 0, charge.tax_id.ids)]})]}).action_post()

usual = connections(env)
over = lambda count: f"over {count} connection{'s' if count > 1 else ''}"
def billed_with(parameter, value, first, last):
    env["ir.config_parameter"].set_param(parameter, value)
    env.cr.commit()
    found = billed(sites, first, last)
    env["ir.config_parameter"].set_param(parameter, False)
    env.cr.commit()
    return found

each = []
for units in UNITS:
    sites = estates(f"B{units}", units)
    run, count, compute, posting, computing, peak = billed(sites, FIRST, LAST)
    assert count == units * len(PRICES), count
    row(f"compute {units:,} households x 4", compute, count,
        note=f"{1000 * compute / count:.2f} ms a charge, peak memory {computing} MB")
    row(f"post {units:,} households x 4", posting, count,
        note=f"{1000 * posting / count:.2f} ms a bill, {over(usual)}, {run.lane_cells} cells "
             f"compared, peak memory {peak} MB")
    each.append((compute + posting) / count)
    if units != UNITS[0]:
        continue
    row("compute and post the first run", compute + posting, count)
    floor = copy(run)
    row("COPY of the same rows, indexes and constraints", floor, count, base=posting,
        note=f"one connection; posting's time {over(usual)} beside it")
    ids = run.charge_ids.ids
    sample = run.charge_ids.browse(random.Random(7).sample(ids, min(DERIVED, count)))
    row("derive billed charges again, equal to the fen", timed(derive), len(sample))
    one = timed(naive)
    row("Odoo's create and action_post, one by one", one, NAIVE)
    row("compute and post, beside one by one", compute + posting, count, base=one / NAIVE * count)
    _run, count, _compute, posting, _computing, _peak = billed_with(
        PARAMETER, "1", date(2026, 10, 1), date(2026, 10, 31))
    row("post over one connection, as the COPY", posting, count)
    row("the COPY beside it", floor, count, base=posting,
        note="posting's time beside it: at most 1.50x is wanted")
    run, count, compute, posting, _computing, _peak = billed_with(
        "property_billing.prove_keys_as_sets", "True", date(2026, 11, 1), date(2026, 11, 30))
    row("post, foreign keys proved as sets (opt-in)", posting, count, base=floor,
        note=f"{run.lane_keys}; {over(usual)}; the COPY's time beside it: above 1.00x is wanted")
    row("compute and post, keys proved as sets", compute + posting, count)
if len(UNITS) > 1:
    row(f"compute and post, each bill of {UNITS[-1]:,} households", each[-1], 1, base=each[0],
        note="the first run's time for a bill beside it: 1.00x is linear")
"""

CONTRACT = """
site, _items = estate("OCA", CONTRACTS // 4)
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
    runner.administer(f"GRANT {PRIVILEGE} TO odoo")
    try:
        rows = runner.rows(WORLD + HEAD + RUN)
    finally:
        runner.administer(f"REVOKE {PRIVILEGE} FROM odoo")
    yield from rows
    runner.fresh()
    try:
        runner.system.configure(
            max_cron_threads=0,
            log_level="warn",
            addons_path=",".join([*runner.system.addons_path(), contract_folder(runner)]),
        )
        runner.system.server(runner.database, "-i", "contract")
        found = runner.rows(WORLD + HEAD + CONTRACT)
    finally:
        runner.system.configure(max_cron_threads=0, log_level="warn")
    yield from found
    theirs = found[-1]["seconds"] / found[-1]["count"]
    for what, ours in (
        ("compute and post, beside OCA contract", "compute and post the first run"),
        ("the same, keys proved as sets (opt-in)", "compute and post, keys proved as sets"),
    ):
        mine = next(row for row in rows if row["what"] == ours)
        yield {
            "what": what,
            "seconds": mine["seconds"],
            "count": mine["count"],
            "base": theirs * mine["count"],
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
