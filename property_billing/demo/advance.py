"""Charges billed a quarter ahead: money of months to come, which is income only then."""

from dateutil.relativedelta import relativedelta

CODE = "GGW-J"
PRICE = 480.0
PAYERS = 6


def bill_quarter(env, site, today):
    """Bill the current quarter of advertising spaces in advance, once a site.

    :param today: the quarter that has begun by this day
    """
    items = env["property.charge.item"]
    if items.search_count([("site_id", "=", site.id), ("code", "=", CODE)], limit=1):
        return
    units = env["property.unit"].search(
        [("site_id", "=", site.id), ("kind", "in", ("shop", "office"))], order="sort_key"
    )
    units = units.filtered(lambda unit: unit.tenant_id and unit.state == "leased")[:PAYERS]
    managed = items.search([("site_id", "=", site.id), ("category", "=", "management")])
    tax = managed.tariff_ids.tax_id
    start = today + relativedelta(day=1, month=(today.month - 1) // 3 * 3 + 1)
    if not units:
        return
    item = items.create(
        {
            "code": CODE,
            "name": "广告位使用费（按季预收）",
            "category": "other",
            "method": "fixed",
            "payer_role": "tenant",
            "cycle_months": 3,
            "cycle_timing": "advance",
            "site_id": site.id,
            "company_id": site.company_id.id,
            "tariff_ids": [
                (0, 0, {"date_from": start, "price": PRICE, "tax_id": tax[:1].id}),
            ],
        }
    )
    env["property.fee"].create(
        [{"unit_id": unit.id, "item_id": item.id, "date_from": start} for unit in units]
    )
    run = env["property.billing.run"].create(
        {
            "site_ids": [(6, 0, site.ids)],
            "item_ids": [(6, 0, item.ids)],
            "company_id": site.company_id.id,
            "date_from": start,
            "date_to": start + relativedelta(day=31),
            "invoice_date": start,
        }
    )
    run.action_compute()
    run.action_post()
