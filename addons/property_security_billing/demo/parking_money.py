"""The stays of the demo's last weeks are paid: by phone, at the lane, a few not at all."""

import random
from datetime import timedelta

from odoo.fields import Command

from odoo.addons.property_base.models.property_demo_loader import QUIET

from . import parking_claims, parking_shifts

SEED = 20261126
#: Of a hundred drivers: on the phone, cash, card or code at the lane; the rest drove off.
PHONE, CASH, TERMINAL = 62, 16, 20


def collect(env, sites, today):
    """Let temporary cars pay before they leave, and book what those of the past have paid."""
    env = env(context={**env.context, **QUIET})
    item = _parking_item(env, sites.company_id)
    areas = env["property.parking.area"].search([("site_id", "in", sites.ids)], order="id")
    areas.write({"is_paid_exit": True, "parking_item_id": item.id})
    yard = areas.filtered(lambda area: not area.parent_id)[:1]
    (areas - yard).booking = "daily"
    rng = random.Random(SEED)  # noqa: S311 - the same demo every time
    stays = env["property.parking.session"].search(
        [
            ("area_id", "in", areas.ids),
            ("state", "=", "left"),
            ("category", "=", "temporary"),
            ("amount", ">", 0),
        ],
        order="left_at, id",
    )
    tenders = _tenders(env, sites)
    for stay in stays:
        _pay(stay, rng, tenders)
    for payments in env["property.parking.payment"]._days_to_book():
        payments._book()
    parking_shifts.hand_over(env, sites, today)
    parking_claims.claim(env, yard, today)


def _parking_item(env, company):
    """Return the item of temporary parking, with 9 % VAT."""
    item = company._parking_item()
    if not item.tariff_ids:
        tax = env["account.tax"]._vat_tax(company, 9)
        item.tariff_ids = [Command.create({"date_from": "2020-01-01", "tax_id": tax.id})]
    return item


def _tenders(env, sites):
    """Return the way to pay of each method; money of phones arrives where transfers do."""
    methods = env["property.tender.method"]._for_site(sites[:1])
    by_kind = {method.kind: method for method in reversed(methods)}
    return {"cash": by_kind["cash"], "terminal": by_kind["pos"], "online": by_kind["bank"]}


def _pay(stay, rng, tenders):
    """Pay a stay the way its driver does, shortly before it left."""
    draw = rng.randrange(100)
    if draw >= PHONE + CASH + TERMINAL:
        stay._note_open()
        return
    method = "online" if draw < PHONE else "cash" if draw < PHONE + CASH else "terminal"
    due = stay._due_at(stay.left_at)
    if not due:
        return
    stay._add_payment(
        due,
        due,
        key=f"demo-{stay.id}",
        quoted_at=stay.left_at,
        paid_at=stay.left_at - timedelta(seconds=rng.randrange(10, 50)),
        method=method,
        journal_id=tenders[method].journal_id.id,
        lane_id=False if method == "online" else stay.lane_out_id.id,
        tender_id=False if method == "online" else tenders[method].id,
        reference=f"PK{stay.id:08d}" if method == "online" else False,
    )
