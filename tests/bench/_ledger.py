"""A group of 100,000 households with 2.8 million journal items, made in minutes.

One household is billed and paid by Odoo itself; the rest are copies of its rows, set by set, with
their own units, people, areas, journals and days. Needs COUNT and SITES; leaves names of what it
made.
"""

WORLD = r"""
import json, time
from datetime import date, timedelta
from odoo.fields import Command

FAMILY = "\u738b\u674e\u5f20\u5218\u9648\u6768\u8d75\u9ec4\u5468\u5434"
FIRST = ("\u4f1f\u82b3\u5a1c\u654f\u9759\u4e3d\u5f3a\u78ca\u6d0b\u52c7"
         "\u8273\u6770\u6d9b\u8d85\u660e\u5170\u971e\u5e73\u521a\u6842")
SECOND = ("\u82f1\u534e\u6587\u73cd\u7389\u7ea2\u519b\u5efa\u56fd\u6625"
          "\u68c5\u6797\u4e91\u9f99\u65b0\u6d77\u6ce2\u6668\u5b87\u6b23")
HOUSES = 25
#: item, first and last day, day of the bill: four quarters, a year in advance, a month
BILLS = (
    (0, date(2025, 10, 1), date(2025, 12, 31), date(2025, 10, 1)),
    (0, date(2026, 1, 1), date(2026, 3, 31), date(2026, 1, 1)),
    (0, date(2026, 4, 1), date(2026, 6, 30), date(2026, 4, 1)),
    (0, date(2026, 7, 1), date(2026, 9, 30), date(2026, 7, 1)),
    (1, date(2026, 1, 1), date(2026, 12, 31), date(2026, 1, 1)),
    (2, date(2026, 9, 1), date(2026, 9, 30), date(2026, 9, 30)),
)
KINDS = len(BILLS)
BASE = 10_000_000  # ids of the copies: one bill of household g is BASE + g * KINDS + place

company = env.company
company._billing_prepare_accounting()
sites = env["property.site"].create([
    {"name": f"Bench {i}", "code": f"BN{i}", "company_id": company.id} for i in range(SITES)
])
buildings = env["property.building"].create([
    {"site_id": site.id, "code": str(n), "name": str(n)}
    for site in sites for n in range(1, HOUSES + 1)
])
residence = env.ref("property_base.unit_type_residence")
unit = env["property.unit"].create({
    "site_id": sites[0].id, "building_id": buildings[0].id, "entrance": "1", "floor": 1,
    "room": "9999", "type_id": residence.id, "area_gross": 90.0,
    "handover_date": date(2020, 1, 1),
})
owner = env["res.partner"].create({"name": "Bench", "phone": "13000000000"})
lives = env["property.occupancy"].create({
    "unit_id": unit.id, "partner_id": owner.id, "role": "owner", "date_from": date(2020, 1, 1)})
car = env["property.vehicle"].create({
    "plate": "\u6d59B00000", "site_id": sites[0].id, "unit_id": unit.id})
items = env["property.charge.item"]
for code, method, price in (("BMANAGE", "area", 2.85), ("BNET", "fixed", 30.0),
                            ("BWASTE", "fixed", 12.5)):
    item = items.create({"code": code, "name": code, "method": method, "company_id": company.id})
    env["property.tariff"].create({
        "item_id": item.id, "date_from": date(2020, 1, 1), "price": price,
        "tax_id": env["account.tax"]._vat_tax(company, 6).id})
    items |= item
fees = env["property.fee"].create([
    {"unit_id": unit.id, "item_id": item.id, "date_from": date(2020, 1, 1)} for item in items])
journals = [site._billing_journal() for site in sites]
runs = env["property.billing.run"]
for place, first, last, day in BILLS:
    run = runs.create({"site_ids": [Command.set(sites[0].ids)], "date_from": first,
                       "date_to": last, "invoice_date": day,
                       "item_ids": [Command.set(items[place].ids)]})
    run.action_compute()
    run.action_post()
    assert len(run.charge_ids.move_id) == 1, (run.state, run.error_message)
    runs |= run
bills = [run.charge_ids.move_id for run in runs]
cashiers = env["res.users"]
def role(name, group, places):
    job = env["hr.job"].create({
        "name": f"Bench {name}", "company_id": company.id,
        "property_group_ids": [Command.set(env.ref(f"property_base.{group}").ids)]})
    user = env["res.users"].create({
        "name": f"Bench {name}", "login": f"bench.{name}", "password": f"bench.{name}",
        "company_id": company.id, "company_ids": [Command.set(company.ids)],
        "tz": "Asia/Shanghai",
        "group_ids": [Command.set(env.ref("base.group_user").ids)]})
    env["hr.employee"].create({
        "name": f"Bench {name}", "user_id": user.id, "company_id": company.id, "job_id": job.id,
        "date_version": date(2025, 1, 1), "site_ids": [Command.set(places.ids)]})
    return user
cashiers = role("cashier", "group_cashier", sites[:5]) | role("cashier2", "group_cashier", sites)
manager = role("manager", "group_manager", sites[:1])
finance = role("finance", "group_finance", sites)
director = role("director", "group_director", sites)
payments = [
    env["account.payment.register"].with_context(active_model="account.move", active_ids=bill.ids)
    .create({"payment_date": bill.invoice_date})._create_payments() for bill in bills]
payments[0].collector_id = cashiers[0]
receipt = env["property.receipt"]._issue(payments[3])
level = env["property.dunning.level"].search([("company_id", "=", company.id)], limit=1)
dunning = env["property.dunning.run"].create({
    "site_id": sites[0].id, "level_id": level.id, "date": date(2026, 10, 20)})
notice = env["property.dunning.notice"].create({
    "run_id": dunning.id, "unit_id": unit.id, "partner_id": owner.id, "date": date(2026, 10, 20),
    "deadline": date(2026, 10, 27), "bill_ids": [Command.set(bills[3].ids)], "lines": [],
    "amount_principal": bills[3].amount_total, "state": "sent"})
env.flush_all()
cr = env.cr
began = time.perf_counter()
# Indexes and foreign keys are made again when the rows are there: set by set, not row by row.
BIG = ("res_partner", "property_unit", "property_occupancy", "property_vehicle", "property_fee",
       "property_charge", "property_charge_line", "account_move", "account_move_line",
       "account_move_line_account_tax_rel", "account_payment", "account_partial_reconcile",
       "account_move__account_payment", "property_receipt", "property_receipt_line",
       "account_payment_property_receipt_rel", "property_dunning_notice",
       "account_move_property_dunning_notice_rel")
cr.execute("SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
           " FROM pg_constraint WHERE contype IN ('f', 'x') AND conrelid = ANY(%s::regclass[])",
           [list(BIG)])
constraints = cr.fetchall()
cr.execute("SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
           " WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint"
           " WHERE conindid = indexrelid)", [list(BIG)])
indexes = cr.fetchall()
for table, name, text in constraints:
    cr.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
for name, text in indexes:
    cr.execute(f"DROP INDEX {name}")

HOUSE = f"(mod(g / {SITES}, {HOUSES}) + 1)"
FLAT = f"(g / {SITES} / {HOUSES * 2})"
ROOM = f"({FLAT} / 4 + 1)::text || '0' || (mod({FLAT}, 4) + 1)::text"
cr.execute("CREATE TEMP TABLE bench_places AS SELECT %s::int[] AS sites, %s::int[] AS houses,"
           " %s::int[] AS journals", [sites.ids, buildings.ids, [one.id for one in journals]])
cr.execute(f'''
    CREATE TEMP TABLE bench AS SELECT g, {BASE} + g AS unit, mod(g, {SITES}) AS nth,
           sites[mod(g, {SITES}) + 1] AS site, journals[mod(g, {SITES}) + 1] AS journal,
           houses[mod(g, {SITES}) * {HOUSES} + {HOUSE}] AS house, {ROOM} AS room,
           {HOUSE}::text || '-' || (mod(g / {SITES} / {HOUSES}, 2) + 1)::text || '-' || {ROOM}
               AS code,
           substr('{FAMILY}', mod(g, 10) + 1, 1)
           || substr('{FIRST}', mod(g * 7::bigint / 3, 20)::int + 1, 1)
           || substr('{SECOND}', mod(g * 13::bigint / 7, 20)::int + 1, 1) AS person,
           '13' || lpad(mod(g * 7919::bigint, 1000000000)::text, 9, '0') AS phone,
           '\u6d59A' || upper(lpad(to_hex(mod(g * 31::bigint, 1048576)), 5, '0')) AS plate,
           mod(g * 101::bigint, 1000) AS luck, 50 + mod(g * 7919::bigint, 11000) / 100.0 AS area
      FROM generate_series(0, {COUNT} - 1) g, bench_places
     ORDER BY 3, 1''')  # as life has it: a run bills one site
cr.execute("ANALYZE bench")

def columns(table):
    cr.execute("SELECT column_name, data_type FROM information_schema.columns"
               " WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
               [table])
    return dict(cr.fetchall())

def by_area(column, sums):
    '''Write a column that is one of the sums of the household billed, by the area of others.'''
    cases = [f"WHEN {value} THEN SIGN({column}) * ({sql})" for value, sql in sums.items()]
    return f"CASE ABS({column}) {' '.join(cases)} ELSE {column} END" if cases else column

def copies(table, source, where="TRUE", rows="bench", sums=None, **overrides):
    names = columns(table)
    unknown = set(overrides) - set(names)
    assert not unknown, (table, unknown)
    values = ", ".join(
        f"({overrides[n]})" if n in overrides
        else by_area(f'source."{n}"', sums) if sums and kind == "numeric" else f'source."{n}"'
        for n, kind in names.items())
    listed = ", ".join(f'"{n}"' for n in names)
    cr.execute(f"INSERT INTO {table} ({listed}) SELECT {values} FROM {table} source, {rows} one"
               f" WHERE source.id = {source.id} AND ({where})")

copies("res_partner", owner, id="one.unit", name="one.person", complete_name="one.person",
       phone="one.phone", phone_digits="one.phone", commercial_partner_id="one.unit")
copies("property_unit", unit, id="one.unit", site_id="one.site", building_id="one.house",
       room="one.room", code="one.code", sort_key="one.code", sums={unit.area_gross: "one.area"})
copies("property_occupancy", lives, id="one.unit", unit_id="one.unit", site_id="one.site",
       partner_id="one.unit")
copies("property_vehicle", car, id="one.unit", plate="one.plate", site_id="one.site",
       unit_id="one.unit")
for place, fee in enumerate(fees):
    copies("property_fee", fee, id=f"{BASE} + one.g * 3 + {place}", unit_id="one.unit",
           unit_sort_key="one.code", site_id="one.site")
SOME = f"generate_series(0, {SITES} - 1) nth, bench_places"
for place, run in enumerate(runs):
    cr.execute(
        "INSERT INTO property_billing_run ({0}) SELECT {1} FROM property_billing_run source,"
        f" generate_series(0, {SITES} - 1) nth WHERE source.id = {run.id}".format(
            ", ".join(f'"{n}"' for n in columns("property_billing_run")),
            ", ".join(f"{BASE} + nth * {KINDS} + {place}" if n == "id" else f'source."{n}"'
                      for n in columns("property_billing_run"))))
    cr.execute(
        "INSERT INTO property_billing_run_property_site_rel"
        " (property_billing_run_id, property_site_id)"
        f" SELECT {BASE} + nth * {KINDS} + {place}, sites[nth + 1] FROM {SOME}")

for place, (bill, payment) in enumerate(zip(bills, payments)):
    key = f"{BASE} + one.g * {KINDS} + {place}"
    money = f"{BASE * 2} + one.g * {KINDS} + {place}"
    share = 930 - place * 30 if place < 4 else (880 if place == 4 else 600)  # of 1000 have paid
    paid = f"mod(one.luck + {place} * 37, 1000) < {share}"
    day = f"(DATE '{bill.invoice_date}' + mod(one.g, 60)::int)"
    scope = dict(unit_id="one.unit", site_id="one.site", partner_id="one.unit")
    charge = bill.property_charge_id
    run = f"{BASE} + one.nth * {KINDS} + {place}"
    item = BILLS[place][0]
    net, vat = (f"ROUND({amount} * one.area / {unit.area_gross}, 2)"
                for amount in (bill.amount_untaxed, bill.amount_tax))
    sums = {bill.amount_total: f"{net} + {vat}", bill.amount_untaxed: net, bill.amount_tax: vat,
            unit.area_gross: "one.area"} if items[item].method == "area" else {}
    def still_owed(column):
        return f"CASE WHEN {paid} THEN 0 ELSE {by_area(column, sums)} END"
    copies("property_charge", charge, id=key, unit_id="one.unit", site_id="one.site",
           unit_sort_key="one.code", building_id="one.house", payer_id="one.unit",
           fee_id=f"{BASE} + one.g * 3 + {item}", move_id=key, run_id=run, sums=sums)
    copies("property_charge_line", charge.line_ids, id=key, charge_id=key, site_id="one.site",
           sums=sums)
    copies("account_move", bill, id=key, name=f"'B{place}/' || one.g", journal_id="one.journal",
           commercial_partner_id="one.unit", partner_shipping_id="one.unit", access_token="NULL",
           property_charge_id=key, billing_run_id=run, sequence_number="one.g",
           sequence_prefix=f"'B{place}/'", invoice_partner_display_name="one.person",
           payment_state=f"CASE WHEN {paid} THEN 'paid' ELSE 'not_paid' END",
           amount_residual=still_owed("source.amount_total"),
           amount_residual_signed=still_owed("source.amount_total"), sums=sums, **scope)
    due = bill.line_ids.filtered(lambda line: line.display_type == "payment_term")
    for rank, line in enumerate(bill.line_ids):
        mine = f"{BASE} + (one.g * {KINDS} + {place}) * 3 + {rank}"
        still = still_owed("source.balance") if line == due else "0"
        copies("account_move_line", line, id=mine, move_id=key, move_name=f"'B{place}/' || one.g",
               journal_id="one.journal", full_reconcile_id="NULL", matching_number="NULL",
               amount_residual=still, amount_residual_currency=still,
               reconciled=paid if line == due else "FALSE", sums=sums, **scope)
        for tax in line.tax_ids:
            cr.execute("INSERT INTO account_move_line_account_tax_rel"
                       f" (account_move_line_id, account_tax_id) SELECT {mine}, {tax.id}"
                       " FROM bench one")
    collector = f"CASE WHEN mod(one.g, 3) = 0 THEN NULL ELSE {cashiers[0].id} END"
    copies("account_payment", payment, paid, id=money, name=f"'P{place}/' || one.g",
           move_id=money, date=day, collector_id=collector, sums=sums, **scope)
    copies("account_move", payment.move_id, paid, id=money, name=f"'P{place}/' || one.g", date=day,
           origin_payment_id=money, commercial_partner_id="one.unit", access_token="NULL",
           sequence_number="one.g", sequence_prefix=f"'P{place}/'", sums=sums, **scope)
    owed = [line for line in payment.move_id.line_ids if line.account_id == due.account_id][0]
    for rank, line in enumerate(payment.move_id.line_ids):
        copies("account_move_line", line, paid,
               id=f"{BASE * 3} + (one.g * {KINDS} + {place}) * 2 + {rank}", move_id=money,
               move_name=f"'P{place}/' || one.g", date=day, full_reconcile_id="NULL",
               matching_number="NULL", payment_id=money, sums=sums, **scope)
    owing = f"{BASE} + (one.g * {KINDS} + {place}) * 3 + {list(bill.line_ids).index(due)}"
    copies("account_partial_reconcile", due.matched_credit_ids, paid, id=money, max_date=day,
           debit_move_id=owing, bill_line_id=owing, settling_payment_id=money,
           credit_move_id=f"{BASE * 3} + (one.g * {KINDS} + {place}) * 2"
                          f" + {list(payment.move_id.line_ids).index(owed)}",
           full_reconcile_id="NULL", sums=sums)
    cr.execute("INSERT INTO account_move__account_payment (invoice_id, payment_id)"
               f" SELECT {key}, {money} FROM bench one WHERE {paid}")
    if place == 3:
        copies("property_receipt", receipt, paid, id=money, name="'R' || one.g", number="NULL",
               site_id="one.site", payer_id="one.unit", payer_name="one.person", date=day,
               token="'bench' || one.g", sums=sums)
        copies("property_receipt_line", receipt.line_ids, paid, id=money, receipt_id=money,
               unit_id="one.unit", unit_text="one.code", bill_id=key, payment_id=money,
               site_id="one.site", sums=sums)
        cr.execute("INSERT INTO account_payment_property_receipt_rel"
                   " (property_receipt_id, account_payment_id)"
                   f" SELECT {money}, {money} FROM bench one WHERE {paid}")
        copies("property_dunning_notice", notice, f"NOT ({paid})", id=key, unit_id="one.unit",
               partner_id="one.unit", site_id="one.site", unit_sort_key="one.code",
               building_id="one.house", name="'N' || one.code", sums=sums)
        cr.execute("INSERT INTO account_move_property_dunning_notice_rel"
                   " (property_dunning_notice_id, account_move_id)"
                   f" SELECT {key}, {key} FROM bench one WHERE NOT ({paid})")
cr.execute("SET LOCAL maintenance_work_mem = '512MB'")
for name, text in indexes:
    cr.execute(text)
for table in BIG:
    cr.execute(f"ANALYZE {table}")
for table, name, text in constraints:
    cr.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text}')
# one household has an account in the portal
home = env["property.unit"].browse(BASE + 2 * SITES * 7)
portal = env["res.users"].create({
    "login": "bench.owner", "password": "bench.owner", "partner_id": home.id, "name": "Owner",
    "company_id": company.id, "company_ids": [Command.set(company.ids)],
    "group_ids": [Command.set(env.ref("base.group_portal").ids)]})
cr.execute("SELECT count(*) FROM account_move_line")
[(lines,)] = cr.fetchall()
env.cr.commit()
print(json.dumps({"what": f"made {lines} journal items of {COUNT} households on {SITES} sites",
                  "seconds": time.perf_counter() - began, "count": lines}), flush=True)
"""
