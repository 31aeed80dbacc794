"""How fast a run computes, posts and undoes, beside Odoo's own ways on the same bills."""

CODE = """
import json, random, time
from datetime import date

UNITS, SAMPLE, ROUNDS, DERIVED = 500, 120, 3, 500
FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)

company = env.company
company._billing_prepare_accounting()
site = env["property.site"].create({"name": "Bench", "code": "BENCH", "company_id": company.id})
building = env["property.building"].create({"site_id": site.id, "code": "1", "name": "1"})
residence = env.ref("property_base.unit_type_residence")
units = env["property.unit"].create([
    {"site_id": site.id, "building_id": building.id, "entrance": "1", "floor": i // 10 + 1,
     "room": f"{i // 10 + 1}{i % 10 + 1:02}", "type_id": residence.id,
     "area_gross": 60 + i % 97 + 0.37, "handover_date": date(2020, 1, 1)}
    for i in range(UNITS)
])
owners = env["res.partner"].create([{"name": f"Owner {i}"} for i in range(UNITS)])
env["property.occupancy"].create([
    {"unit_id": unit.id, "partner_id": owner.id, "role": "owner", "date_from": date(2020, 1, 1)}
    for unit, owner in zip(units, owners)
])
meters = env["property.meter"].create([
    {"code": f"W{i}", "unit_id": unit.id, "kind": "cold_water", "digits": 5,
     "initial_reading": 0, "install_date": date(2026, 6, 30)}
    for i, unit in enumerate(units)
])
env["property.meter.reading"].create([
    {"meter_id": meter.id, "date": day, "value": value + i % 31}
    for i, meter in enumerate(meters)
    for day, value in ((date(2026, 8, 31), 10), (LAST, 45))
])

def item(code, method, price, rate, tiers=(), **more):
    made = env["property.charge.item"].create({
        "code": code, "name": code, "method": method, "site_id": site.id,
        "company_id": company.id, "unit_type_ids": [(6, 0, residence.ids)], **more,
    })
    env["property.tariff"].create({
        "item_id": made.id, "date_from": date(2020, 1, 1), "price": price,
        "tax_id": env["account.tax"]._vat_tax(company, rate).id,
        "tier_ids": [(0, 0, {"qty_from": low, "qty_to": high, "price": one})
                     for low, high, one in tiers],
    })
    return made

item("MANAGE", "area", 2.85, 6)
item("REPAIR", "area", 0.35, 6)
item("WASTE", "fixed", 12.5, 6)
item("NETWORK", "fixed", 30.0, 9)
item("WATER", "metered", 0.0, 3, [(0, 15, 3.45), (15, 25, 4.83), (25, 0, 5.83)],
     meter_kind="cold_water", category="water")
shared = item("LIFT", "allocated", 0.0, 13)
env["property.allocation"].create({
    "site_id": site.id, "building_id": building.id, "item_id": shared.id, "amount": 5000.01,
    "basis": "area", "date_from": FIRST, "date_to": LAST,
})
run = env["property.billing.run"].create(
    {"site_ids": [(6, 0, site.ids)], "date_from": FIRST, "date_to": LAST}
)

def timed(work):
    env.flush_all()
    env.invalidate_all()
    began = time.perf_counter()
    work()
    env.flush_all()
    return time.perf_counter() - began

def row(what, seconds, count, **more):
    print(json.dumps({"what": what, "seconds": seconds, "count": count, **more}), flush=True)

row(f"compute {UNITS} units x 6 items", timed(run.action_compute), run.charge_count)
assert run.charge_count == 6 * UNITS, run.charge_count

journal = company._billing_journal()

def stock_vals(charge):
    return {
        "move_type": "out_invoice", "journal_id": journal.id, "partner_id": charge.payer_id.id,
        "invoice_date": LAST, "invoice_date_due": LAST, "invoice_payment_term_id": False,
        "ref": f"{charge.unit_id.code} {charge.item_id.code}", "billing_run_id": run.id,
        "unit_id": charge.unit_id.id, "charge_item_id": charge.item_id.id,
        "period_from": charge.date_from, "period_to": charge.date_to,
        "invoice_line_ids": [(0, 0, {
            "product_id": charge.item_id.product_id.id, "name": charge.explanation, "quantity": 1,
            "price_unit": charge.amount, "tax_ids": [(6, 0, charge.tax_id.ids)],
        })],
    }

def one_by_one(charges):
    moves = env["account.move"]
    for charge in charges:
        move = moves.create(stock_vals(charge))
        move.action_post()
        moves |= move
    return moves

def in_batch(charges):
    moves = env["account.move"].create([stock_vals(charge) for charge in charges])
    moves.action_post()
    return moves

def ours(charges):
    return charges._post()

draw = random.Random(19)
spent, totals = {}, {}
everything = run.charge_ids
for lane in (one_by_one, in_batch, ours):
    with env.cr.savepoint() as warm_up:
        lane(everything[:2])
        env.flush_all()
        warm_up.rollback()
    env.invalidate_all(flush=False)
for _round in range(ROUNDS):
    charges = everything.browse(draw.sample(everything.ids, SAMPLE))
    for lane in (one_by_one, in_batch, ours):
        with env.cr.savepoint() as trial:
            made = []
            taken = timed(lambda: made.append(lane(charges)))
            spent[lane] = spent.get(lane, 0.0) + taken
            sums = [
                round(sum(made[0].mapped(name)), 2)
                for name in ("amount_total", "amount_tax", "amount_residual")
            ]
            assert totals.setdefault(_round, sums) == sums, (lane.__name__, totals[_round], sums)
            trial.rollback()
        env.invalidate_all(flush=False)
        env.cr.postcommit.clear()
count = ROUNDS * SAMPLE
row("post: Odoo's create and action_post, one by one", spent[one_by_one], count)
row("post: Odoo's create and action_post, in batches", spent[in_batch], count,
    base=spent[one_by_one], note="than one by one")
row("post: ours, the same bills", spent[ours], count, base=spent[one_by_one],
    note="than one by one; totals, VAT and residuals equal")
row("post: ours, against batches", spent[ours], count, base=spent[in_batch],
    note="than in batches")

row("post the whole run", timed(run.action_post), run.charge_count)
posted = everything.browse(draw.sample(everything.ids, DERIVED))

def derive():
    for charge in posted:
        amount = float(charge._derive()["amount"])
        assert amount == charge.amount == charge.move_id.amount_total, charge.id

row("derive posted charges again from their frozen facts", timed(derive), DERIVED,
    note="every amount equals charge and bill")
row("undo the whole run", timed(run.action_undo), run.charge_count)
"""


def run(runner):
    """Bill a made-up site; lanes take turns on the same charges, each rolled back.

    :return: rows; ``base`` is the seconds of the way compared with
    """
    return runner.rows(CODE)
