"""The stays of the demo's last weeks are paid: by phone, at the lane, a few not at all."""

import random
from datetime import timedelta

from odoo.fields import Command

from odoo.addons.property_base.models.property_demo_loader import QUIET

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
    journals = _journals(env, sites)
    for stay in stays:
        _pay(stay, rng, journals)
    for payments in env["property.parking.payment"]._days_to_book():
        payments._book()
    _refund(env, yard, today)


def _parking_item(env, company):
    """Return the item of temporary parking, with 9 % VAT."""
    item = company._parking_item()
    if not item.tariff_ids:
        tax = env["account.tax"]._vat_tax(company, 9)
        item.tariff_ids = [Command.create({"date_from": "2020-01-01", "tax_id": tax.id})]
    return item


def _journals(env, sites):
    methods = env["property.tender.method"]._for_site(sites[:1])
    by_kind = {method.kind: method.journal_id for method in methods}
    return {"cash": by_kind["cash"], "terminal": by_kind["pos"], "online": by_kind["bank"]}


def _pay(stay, rng, journals):
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
        journal_id=journals[method].id,
        lane_id=False if method == "online" else stay.lane_out_id.id,
        reference=f"PK{stay.id:08d}" if method == "online" else False,
    )


def _refund(env, area, today):
    """Give one fee back after a complaint; another refund waits for approval."""
    payments = env["property.parking.payment"].search(
        [("area_id", "=", area.id), ("date", "<", today), ("amount", ">=", 5)],
        order="date desc, id",
        limit=2,
    )
    reasons = ("道闸故障，车主多等40分钟，按投诉处理退还", "访客车辆误按临停收费，业主已核实")
    cashier, finance = (
        env["res.users"].search([("login", "=", login)]) for login in ("cashier", "finance")
    )
    for number, (payment, reason) in enumerate(zip(payments, reasons, strict=False)):
        refund = env["property.parking.refund"].create(
            {
                "payment_id": payment.id,
                "amount": payment.amount,
                "date": today,
                "reason": reason,
                "journal_id": payment.journal_id.id,
            }
        )
        refund.with_user(cashier or env.user).sudo().action_submit()
        if not number:
            refund.with_user(finance or env.user).sudo().action_approve()
