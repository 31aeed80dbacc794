"""Monthly cards of the demo become fees with bills, and a few owners pay from their balance."""

from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from odoo.fields import Command, Datetime

from odoo.addons.property_base.models.property_demo_loader import QUIET

#: Every so many of the bills stay open.
UNPAID = 6
#: Days ago, hour of coming and hours of the stays that are paid from a balance.
STAYS = ((19, 18, 3.5), (12, 10, 2.2), (6, 19, 4.1), (2, 9, 1.6))


def bill(env, sites, today):
    """Bill the cards of last month, and let owners agree to pay from their balance."""
    env = env(context={**env.context, **QUIET})
    for site in sites.with_env(env):
        items = env["property.charge.item"].search(
            [("site_id", "=", site.id), ("code", "=", "CW-DS"), ("method", "=", "fixed")], limit=1
        )
        areas = env["property.parking.area"].search(
            [("site_id", "=", site.id), ("parent_id", "=", False)]
        )
        areas.card_item_id = items
        if items:
            _bill_month(env, site, items, today)
    _agree(env, sites[:1], today)


def _bill_month(env, site, item, today):
    """Post last month's bills of the cards; most of them are paid."""
    first = today + relativedelta(day=1, months=-1)
    run = env["property.billing.run"].create(
        {
            "name": f"月卡 {site.name} {first:%Y-%m}",
            "site_ids": [Command.set(site.ids)],
            "item_ids": [Command.set(item.ids)],
            "company_id": site.company_id.id,
            "date_from": first,
            "date_to": first + relativedelta(day=31),
        }
    )
    run.action_compute()
    if not run.charge_ids:
        run.unlink()
        return
    run.action_post()
    bills = run.charge_ids.filtered("fee_id.parking_pass_id").move_id
    bank = env["property.tender.method"]._for_site(site).filtered(lambda one: one.kind == "bank")
    paid = bills.filtered("amount_residual") - bills[::UNPAID]
    payments = (
        env["account.payment"]
        .with_context(force_payment_move=True)
        .create(
            [
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": move.partner_id.id,
                    "amount": move.amount_residual,
                    "journal_id": bank.journal_id.id,
                    "date": min(today, move.invoice_date + timedelta(days=5)),
                    "invoice_ids": [Command.set(move.ids)],
                    "unit_id": move.unit_id.id,
                }
                for move in paid
            ]
        )
    )
    payments.action_post()
    env["account.move.line"]._reconcile_plan(
        [
            move._property_receivable_lines()
            | payment.move_id.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            for move, payment in zip(paid, payments, strict=True)
        ]
    )


def _agree(env, site, today):
    """Give two owners a second car without a card, whose fees come from their balance; the first
    has a card that he can renew, too.
    """
    owner = env["res.users"].search([("login", "=", "owner")]).partner_id
    first = owner._property_current_occupancies_sudo().unit_id.filtered(
        lambda unit: unit.site_id == site and unit.kind == "residence"
    )
    others = env["property.unit"].search(
        [
            ("site_id", "=", site.id),
            ("kind", "=", "residence"),
            ("owner_id", "not in", [False, *owner.ids]),
        ],
        limit=1,
    )
    yard = env["property.parking.area"].search(
        [("site_id", "=", site.id), ("parent_id", "=", False)], order="id", limit=1
    )
    bank = env["property.tender.method"]._for_site(site).filtered(lambda one: one.kind == "bank")
    for number, unit in enumerate((first[:1], others)):
        if not unit:
            continue
        holder = owner if unit in first else unit.owner_id
        car, card_car = env["property.vehicle"].create(
            [
                {
                    "plate": plate,
                    "unit_id": unit.id,
                    "partner_id": holder.id,
                    "brand": "青禾",
                    "date_from": today - timedelta(days=60),
                }
                for plate in (f"浙AD6N0{number}8", f"浙A5Q{number}71")
            ]
        )
        env["property.prepayment"]._receive(
            unit, holder, 200.0, bank.journal_id, date=today - timedelta(days=25)
        )
        car._set_auto_pay(holder, True)
        _drive(yard, car, today)
        env["property.parking.pass"].create(
            {
                "kind": "monthly",
                "area_id": yard.id,
                "vehicle_ids": [Command.set(card_car.ids)],
                "unit_id": unit.id,
                "partner_id": holder.id,
                "date_from": today + relativedelta(day=1),
                "date_to": today + timedelta(days=6),
            }
        )
    if first:
        env["property.vehicle.request"]._ask(first[:1], owner, "add", "浙A3T26K")


def _drive(area, car, today):
    """Let a car in and out on some days; its fee is taken at the exit."""
    way_in, way_out = (
        area.lane_ids.filtered(lambda lane, way=way: lane.direction == way)[:1]
        for way in ("in", "out")
    )
    passages = area.env["property.parking.passage"]
    for ago, hour, hours in STAYS:
        begin = datetime.combine(today - timedelta(days=ago), time(hour))
        for lane, local in ((way_in, begin), (way_out, begin + timedelta(hours=hours))):
            moment = area._utc(local)
            read = {
                "key": f"demo-{car.plate}-{local:%m%d%H%M}",
                "plate": car.plate,
                "at": moment,
                "received_at": moment,
            }
            if moment < Datetime.now():
                passages._take(lane, [read])
