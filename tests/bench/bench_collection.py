"""Batch collection: what a bank withheld, booked as a set, beside Odoo's own ways of paying."""

import os
from pathlib import Path

PAYMENTS = int(os.environ.get("BENCH_PAYMENTS", "10000"))  # lines of the batch
BILLS = int(os.environ.get("BENCH_PAYMENT_BILLS", "4"))  # bills each payment settles
ONE_BY_ONE = int(os.environ.get("BENCH_PAY_NAIVE", "60"))
MANY = int(os.environ.get("BENCH_PAY_MANY", "48"))  # bills of the payments with many
# payments with many made one by one: of three, a pause of the machine would make the ratio
MANY_NAIVE = int(os.environ.get("BENCH_PAY_MANY_NAIVE", "8"))
RECEIPTS = int(os.environ.get("BENCH_PAY_RECEIPTS", "2000"))
FEW = int(os.environ.get("BENCH_PAY_FEW", "20"))  # receipts made one by one

WORLD = Path(__file__).with_name("_world.py").read_text()
CODE = """
from odoo.addons.property_billing.models.property_bank_collection_post import POST_CHUNK

PAYMENTS, BILLS, ONE_BY_ONE, MANY, MANY_NAIVE, RECEIPTS, FEW = {sizes}
DAY = date(2026, 12, 20)
bank = env["account.journal"].search(
    [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)

def billed_estate(code, count, months):
    site = homes(code, count)
    owners = env["property.occupancy"].search([("site_id", "=", site.id)]).partner_id
    for some in (owners[start:start + 1000] for start in range(0, count, 1000)):
        accounts = env["res.partner.bank"].create([
            {{"acc_number": f"{{code}}{{owner.id}}", "partner_id": owner.id}} for owner in some])
        env["property.bank.mandate"].create([
            {{"name": f"{{code}}-{{owner.id}}", "site_id": site.id, "partner_id": owner.id,
              "bank_account_id": account.id, "date_from": date(2020, 1, 1), "state": "active"}}
            for owner, account in zip(some, accounts)])
        env.cr.commit()
        env.invalidate_all()
    item = env["property.charge.item"].create(
        {{"code": f"F{{code}}", "name": "Fee", "method": "area", "site_id": site.id,
          "company_id": company.id, "unit_type_ids": [(6, 0, residence.ids)]}})
    env["property.tariff"].create(
        {{"item_id": item.id, "date_from": date(2020, 1, 1), "price": 2.85,
          "tax_id": env["account.tax"]._vat_tax(company, 6).id}})
    item._sync_fees(env["property.unit"].search([("site_id", "=", site.id)]))
    env.cr.commit()
    for month in range(months):
        first = date(2022 + month // 12, month % 12 + 1, 1)
        run = env["property.billing.run"].create(
            {{"site_ids": [(6, 0, site.ids)], "date_from": first,
              "date_to": first.replace(day=28)}})
        run.action_compute()
        run.action_post()
        env.cr.commit()
        env.invalidate_all()
    settle()
    return site

def answer(batch):
    rows = [["序号", "协议号", "金额", "扣款结果"]]
    env.cr.execute("SELECT sequence, agreement, amount FROM property_bank_collection_line"
                   " WHERE collection_id = %s ORDER BY sequence", [batch.id])
    lines = env.cr.fetchall()
    rows += [[str(n), agreement, f"{{amount:.2f}}", "成功"] for n, agreement, amount in lines]
    rows.append(["合计", str(len(lines)), f"{{sum(line[2] for line in lines):.2f}}", ""])
    return "\\r\\n".join(",".join(cells) for cells in rows).encode("gb18030")

def collect(site, note, receipts=False, limit=None):
    batch = env["property.bank.collection"].create(
        {{"site_id": site.id, "journal_id": bank.id, "date": DAY, "is_receipted": receipts}})
    seconds = timed(batch.action_collect)
    count, bills = batch.line_count, sum(batch.line_ids.mapped("bill_count"))
    row(f"collect open bills, {{note}}", seconds, count, note=f"{{bills}} bills")
    row(f"export, {{note}}", timed(batch.action_export_csv), count)
    content = answer(batch)
    row(f"import the answer, {{note}}",
        timed(lambda: batch._import_results("answer.csv", content)), count)
    batch.state = "posting"
    settle()
    lane = batch._new_lane()
    def post():
        while batch._post_chunk(lane):
            env.flush_all()
            env.cr.commit()
            env.invalidate_all()
    spent = timed(post)
    assert batch.state == "done" and batch.posted_count == count, batch.state
    assert (batch.fast_count, batch.orm_count) == (count, 0), batch.lane_note
    env.cr.execute("SELECT count(*) FROM account_move WHERE site_id = %s"
                   " AND move_type = 'out_invoice' AND payment_state <> 'paid'", [site.id])
    assert not env.cr.fetchone()[0]
    return spent, count, bills, batch

def naive_bills(site):
    env.cr.execute("SELECT partner_id, array_agg(id ORDER BY id) FROM account_move"
                   " WHERE site_id = %s AND move_type = 'out_invoice' GROUP BY 1 ORDER BY 1",
                   [site.id])
    return env.cr.fetchall()

def wizard(ids, **more):
    return env["account.payment.register"].with_context(
        active_model="account.move", active_ids=ids).create(
        {{"payment_date": DAY, "journal_id": bank.id, "group_payment": True, **more}}
    )._create_payments()

site = billed_estate("PN", ONE_BY_ONE * 2, BILLS)
people = naive_bills(site)
one_by_one = timed(lambda: [wizard(ids) for _payer, ids in people[:ONE_BY_ONE]]) / ONE_BY_ONE
row(f"account.payment.register, one by one, {{BILLS}} bills each", one_by_one * ONE_BY_ONE,
    ONE_BY_ONE)
rest = [bill for _payer, ids in people[ONE_BY_ONE:] for bill in ids]
as_batch = timed(lambda: wizard(rest)) / ONE_BY_ONE
row(f"account.payment.register, all at once, {{BILLS}} bills each", as_batch * ONE_BY_ONE,
    ONE_BY_ONE)

site = billed_estate("PC", PAYMENTS, BILLS)
spent, count, bills, batch = collect(site, f"{{BILLS}} bills each")
row(f"post payments of {{BILLS}} bills, beside one by one", spent, count,
    base=one_by_one * count,
    note=f"at least 50x is wanted; {{bills}} bills, {{batch.lane_cells}} cells compared")
row(f"post payments of {{BILLS}} bills, beside all at once", spent, count,
    base=as_batch * count)

site = billed_estate("PM", max(PAYMENTS // 20, 50), MANY)
people = naive_bills(site)[:MANY_NAIVE]
many_naive = timed(lambda: [wizard(ids) for _payer, ids in people]) / len(people)
row(f"account.payment.register, one by one, {{MANY}} bills each", many_naive * len(people),
    len(people))
spent, count, bills, batch = collect(site, f"{{MANY}} bills each")
row(f"post payments of {{MANY}} bills, beside one by one", spent, count,
    base=many_naive * count, note=f"at least 50x is wanted; {{bills}} bills")

site = billed_estate("PR", RECEIPTS + FEW, 1)
people = naive_bills(site)[:FEW]
receipts = env["property.receipt"]
one_by_one = timed(
    lambda: [receipts._issue(wizard(ids)) for _payer, ids in people]) / len(people)
row("account.payment.register and a receipt, one by one, 1 bill each",
    one_by_one * len(people), len(people))
spent, count, bills, batch = collect(site, "1 bill each, with receipts", receipts=True)
assert len(batch.line_ids.payment_id.receipt_id) == count and not batch.lane_note
row("post payments of 1 bill with a receipt each, beside one by one", spent, count,
    base=one_by_one * count, note=f"{{batch.lane_cells}} cells compared, receipts as a set too")
"""


def run(runner):
    """Collect bills of made-up sites through a bank, and pay others with Odoo's wizard.

    :return: rows; ``base`` is the seconds of the way compared with
    """
    sizes = repr((PAYMENTS, BILLS, ONE_BY_ONE, MANY, MANY_NAIVE, RECEIPTS, FEW))
    return runner.rows(WORLD + CODE.format(sizes=sizes))
