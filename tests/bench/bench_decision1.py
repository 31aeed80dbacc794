"""The price of one invoice for each charge item, beside one invoice a month with all its lines."""

import os
from pathlib import Path

# BENCH_BILLS: bills of one item each; a quarter as many grouped ones of the same households
BILLS = int(os.environ.get("BENCH_BILLS", "1000000"))
PRIVILEGE = "SET ON PARAMETER session_replication_role"
WORLD = Path(__file__).with_name("_world.py").read_text()
HEAD = """
BILLS, GROUPED, MONTHS, CHUNK = {sizes!r}
FIRST, LAST = date(2022, 1, 1), date(2022, 1, 31)
"""

CODE = """
import threading
from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.service.model import retrying

FORM = "grouped" if GROUPED else "one item each"
ITEMS = len(PRICES)
UNITS = max(BILLS // ITEMS // MONTHS, 1)
site, items = estate("D1", UNITS)
homes = env["property.unit"].search([("site_id", "=", site.id)], order="id")
payers = homes._property_payer_on("owner", FIRST)
journal = site._billing_journal()
journal_id = journal.id
amounts = (250.37, 31.05, 12.5, 30.0)
taxes = [env["account.tax"]._vat_tax(company, rate) for *_one, rate in PRICES]

def prepare(unit, day, which):
    return {
        "move_type": "out_invoice", "partner_id": payers[unit.id].id, "unit_id": unit.id,
        "journal_id": journal_id, "invoice_date": day, "invoice_payment_term_id": False,
        "invoice_date_due": day, "period_from": day.replace(day=1), "period_to": day,
        "charge_item_id": False if GROUPED else items[which[0]].id,
        "invoice_line_ids": [Command.create({
            "product_id": items[n].product_id.id, "name": items[n].name,
            "price_unit": amounts[n], "tax_ids": [Command.set(taxes[n].ids)]}) for n in which],
    }

parts = [list(range(ITEMS))] if GROUPED else [[n] for n in range(ITEMS)]
models = env["account.move"].create([prepare(homes[0], LAST, part) for part in parts])
models.action_post()
env.flush_all()
cr = env.cr
# Odoo made the bills of one home and month; those of the others are copies of their rows.
cr.execute("CREATE TEMP TABLE bench_home AS SELECT row_number() OVER () - 1 AS place, *"
           " FROM unnest(%s::int[], %s::int[]) AS home (unit, payer)",
           [homes.ids, [payers[unit.id].id for unit in homes]])
cr.execute("ANALYZE bench_home")

def columns(table):
    cr.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
               " AND NOT attisdropped AND attgenerated = ''", [table])
    return [name for (name,) in cr.fetchall()]

MOVE_BASE, LINE_BASE = 10_000_000, 20_000_000
def copies(table, source, **given):
    names = columns(table)
    cr.execute(
        f"INSERT INTO {table} (" + ", ".join(f'"{n}"' for n in names) + ") SELECT "
        + ", ".join(given.get(n) or f'source."{n}"' for n in names)
        + f" FROM {table} source, bench_home home, generate_series(0, %s) month,"
        " LATERAL (SELECT (%s::date + make_interval(months => month + 1) - interval '1 day')::date"
        " AS day) days, LATERAL (SELECT 1000 + (month * %s + home.place) * %s AS one) numbers"
        " WHERE source.id = %s ORDER BY month, home.place",
        [MONTHS - 1, FIRST, UNITS, len(parts), source.id])

cr.execute("SET LOCAL session_replication_role = replica")
began = time.perf_counter()
lines_each = sum(len(model.line_ids) for model in models)
seen = 0
for rank, model in enumerate(models):
    number = f"(numbers.one + {rank})"
    move_id = f"{MOVE_BASE} + {number}"
    name = f"'{journal.code}/' || to_char(days.day, 'YYYY') || '/' || lpad({number}::text, 8, '0')"
    same = dict(unit_id="home.unit", partner_id="home.payer", date="days.day",
                invoice_date="days.day", period_from="date_trunc('month', days.day)::date",
                period_to="days.day")
    copies("account_move", model, id=move_id, name=name, payment_reference=name,
           sequence_number=number, sequence_prefix=f"'{journal.code}/' || to_char(days.day, 'YYYY')"
           " || '/'", commercial_partner_id="home.payer", partner_shipping_id="home.payer",
           invoice_date_due="days.day", access_token="NULL", **same)
    for line in model.line_ids:
        # ids of lines follow those of their bill
        line_id = f"{LINE_BASE} + (month * {UNITS} + home.place) * {lines_each} + {seen}"
        seen += 1
        due = "days.day" if line.display_type == "payment_term" else "NULL"
        copies("account_move_line", line, id=line_id, move_id=move_id, move_name=name,
               date_maturity=due, **same)
        for tax in line.tax_ids:
            cr.execute(
                "INSERT INTO account_move_line_account_tax_rel"
                " SELECT line.id, %s FROM account_move_line line WHERE line.id >= %s"
                " AND mod(line.id - %s, %s) = %s",
                [tax.id, LINE_BASE, LINE_BASE, lines_each, seen - 1])
cr.execute("SET LOCAL session_replication_role = origin")
for table, base in (("account_move", MOVE_BASE), ("account_move_line", LINE_BASE)):
    cr.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
env.cr.commit()
env.invalidate_all()
cr.execute("ANALYZE account_move, account_move_line, account_move_line_account_tax_rel")
env.cr.commit()
cr.execute("SELECT count(*) FROM account_move WHERE id >= %s", [MOVE_BASE])
bills = cr.fetchone()[0]
row(f"{FORM}: rows of {bills:,} bills put in place", time.perf_counter() - began, bills)

# What it takes -------------------------------------------------------------------------------
sizes = {}
for table in ("account_move", "account_move_line", "account_move_line_account_tax_rel"):
    cr.execute("SELECT pg_total_relation_size(%s), pg_relation_size(%s)", [table, table])
    sizes[table] = cr.fetchone()
total = sum(size for size, _heap in sizes.values())
row(f"{FORM}: disk", 0, None, disk=total,
    note=f"{total / 2**20:,.0f} MB, {total / UNITS / MONTHS / 1024:.1f} kB a household and month ("
    + ", ".join(f"{table} {size / 2**20:,.0f} MB, {heap / 2**20:,.0f} of them rows"
                for table, (size, heap) in sizes.items()) + ")")

as_user = env["account.move"].with_user(env.ref("base.user_admin"))
view = {name: {} for name in ("name", "invoice_date", "invoice_date_due", "amount_untaxed_signed",
        "amount_total_signed", "amount_residual_signed", "payment_state", "state", "ref")}
view["partner_id"] = {"fields": {"display_name": {}}}
domain = [("move_type", "in", ("out_invoice", "out_refund"))]
assert as_user.search_count(domain, limit=100) == 100
row(f"{FORM}: the list of invoices, 95 of 100 pages below", p95(
    lambda n: as_user.web_search_read(domain, view, offset=80 * n, limit=80, count_limit=10001)))
row(f"{FORM}: the list of the open ones of a household", p95(
    lambda n: as_user.web_search_read(
        [*domain, ("partner_id", "=", payers[homes[n % UNITS].id].id),
         ("payment_state", "=", "not_paid")], view, limit=80)))
row(f"{FORM}: pivot of amounts by month and payment", p95(
    lambda n: as_user.formatted_read_grouping_sets(
        domain, [[], ["invoice_date:month"], ["invoice_date:month", "payment_state"]],
        ["amount_total_signed:sum", "amount_residual_signed:sum", "__count"]), 5))

# Numbers --------------------------------------------------------------------------------------
day = date(2026, 9, 30)
some = homes[:max(CHUNK // ITEMS, 1)]
def by_hand(waited, ready):
    with env.registry.cursor() as own:
        other = api.Environment(own, SUPERUSER_ID, {})
        values = prepare(homes.with_env(other)[-1], day, parts[0])
        ready.set()
        begun = time.perf_counter()
        def work():
            move = other["account.move"].create(values)
            move.action_post()
        retrying(work, other)
        waited.append(time.perf_counter() - begun)

alone = []
by_hand(alone, threading.Event())
if GROUPED:
    def chunk():
        env["account.move"].create([prepare(unit, day, parts[0]) for unit in some]).action_post()
else:
    run = env["property.billing.run"].create({
        "site_ids": [(6, 0, site.ids)], "date_from": day.replace(day=1), "date_to": day})
    run.action_compute()
    def chunk():
        run.charge_ids.sorted("id")[:len(some) * ITEMS]._post()
env.cr.commit()
env.invalidate_all()
waited, ready = [], threading.Event()
cr.execute("SELECT max(sequence_number) FROM account_move WHERE journal_id = %s", [journal_id])
began = time.perf_counter()
chunk()
env.flush_all()
thread = threading.Thread(target=by_hand, args=(waited, ready))
thread.start()
ready.wait(60)
time.sleep(0.5)
env.cr.commit()
held = time.perf_counter() - began
thread.join(300)
row(f"{FORM}: numbers of {len(some)} households held by one transaction", held,
    len(some) * len(parts))
row(f"{FORM}: a bill by hand in the same journal meanwhile", waited[0], 1, base=alone[0],
    note=f"of it 0.5 s arranged waiting; alone {alone[0]:.3f} s")
env.invalidate_all()

# Money ----------------------------------------------------------------------------------------
def open_bills(place, months):
    return env["account.move"].search(
        [("unit_id", "=", homes[place].id), ("payment_state", "=", "not_paid"),
         ("invoice_date", "<", "2026-01-01"), ("id", ">=", MOVE_BASE)],
        order="invoice_date, id", limit=months * len(parts))

def pay(found, amount=None):
    wizard = env["account.payment.register"].with_context(
        active_model="account.move", active_ids=found.ids)
    wizard.create({"group_payment": True, **({"amount": amount} if amount else {})}
                  )._create_payments()

for place, months in enumerate((3, 12)):
    found = open_bills(place, months)
    row(f"{FORM}: {len(found)} bills ({months} months) in one payment by stock",
        timed(lambda: pay(found)), len(found))
    assert set(found.mapped("payment_state")) <= {"paid", "in_payment"}
found = open_bills(2, 12)
half = round(sum(found.mapped("amount_residual")) / 2, 2)
row(f"{FORM}: half of 12 months' money in one payment", timed(lambda: pay(found, half)), len(found))
found = open_bills(3, 12)
bank = env["account.journal"].search(
    [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)
owed = found.line_ids.filtered(lambda line: line.display_type == "payment_term")
def match():
    line = env["account.bank.statement.line"].create({
        "journal_id": bank.id, "date": day, "payment_ref": "12 months",
        "partner_id": owed.partner_id.id, "amount": sum(owed.mapped("amount_residual")),
        "counterpart_account_id": owed.account_id.id})
    counterpart = line.move_id.line_ids.filtered(lambda one: one.account_id == owed.account_id)
    (counterpart | owed).reconcile()
row(f"{FORM}: a bank statement line matched with 12 months", timed(match), len(found))
assert set(found.mapped("payment_state")) == {"paid"}
"""


def run(runner):
    """Fill a database with bills of either form and use both.

    :return: rows; those of the grouped form are compared with the others
    """
    months = min(48, max(BILLS // 4 // 20, 12))
    found = {}
    for is_grouped in (False, True):
        runner.fresh()
        runner.administer(f"GRANT {PRIVILEGE} TO odoo")
        try:
            head = HEAD.format(sizes=(BILLS, is_grouped, months, 2000))
            found[is_grouped] = runner.rows(WORLD + head + CODE)
        finally:
            runner.administer(f"REVOKE {PRIVILEGE} FROM odoo")
    for one, grouped in zip(found[False], found[True], strict=True):
        yield one
        if "disk" in grouped:
            times = one["disk"] / grouped["disk"]
            yield {**grouped, "note": f"{grouped['note']}; one item each takes {times:.2f}x"}
        elif "base" in grouped:
            yield grouped
        else:
            yield {**grouped, "base": one["seconds"]}
