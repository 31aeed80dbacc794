"""What finance decides in the demo: corrections, refunds, a home that is sold, a closed month."""

from dateutil.relativedelta import relativedelta

from .payments import bank_journal
from .staff import owner_homes, staff


def decide(env, site, today):
    """Ask for corrections and refunds, settle a sale, preview late fees, close a month.

    :param today: day of the requests
    """
    adjustments = env["property.adjustment"]
    if staff(env, "finance") == staff(env, "manager") or adjustments.search_count(
        [("site_id", "=", site.id)], limit=1
    ):
        return
    _correct(env, site)
    measure_again(env, site)
    _refund(env, site, today)
    _sell(env, site, today)
    _late_fees(env, site, today)
    _close_months(env, site.company_id, today)


def _approve(env, request):
    """Submit a request as finance and have the manager approve it."""
    request.with_user(staff(env, "finance")).action_submit()
    request.with_user(staff(env, "manager")).action_approve()


def _correct(env, site):
    """Credit part of a paid bill, and ask to take back another that was billed twice."""
    charges = env["property.charge"].search(
        [
            ("site_id", "=", site.id),
            ("state", "=", "posted"),
            ("is_opening", "=", False),
            ("item_id.category", "=", "management"),
            ("unit_id.kind", "=", "residence"),
        ],
        order="date_from desc, id",
        limit=400,
    )
    charges = charges.filtered(lambda charge: not owner_homes(charge.unit_id))
    paid = charges.filtered(lambda charge: charge.move_id.payment_state in ("paid", "in_payment"))
    unpaid = charges.filtered(lambda charge: charge.move_id.payment_state == "not_paid")
    if not (paid and unpaid):
        return
    adjustments = env["property.adjustment"].with_user(staff(env, "finance"))
    credit, double = adjustments.create(
        [
            {
                "charge_id": paid[len(paid) // 2].id,
                "kind": "part",
                "amount": round(paid[len(paid) // 2].amount / 3, 2),
                "reason_code": "service",
                "reason": "电梯检修停运十天，经核实按三分之一减收本月物业费。",
                "paid_part": "keep",
            },
            {
                "charge_id": unpaid[len(unpaid) // 2].id,
                "kind": "whole",
                "reason_code": "double",
                "reason": "业主反映本月费用已由原租户代缴，核对后申请冲销。",
            },
        ]
    )
    _approve(env, credit)
    double.action_submit()


def measure_again(env, site):
    """Put the area of a home right, and ask to bill its last month again; nobody decides yet."""
    charge = (
        env["property.charge"]
        .search(
            [
                ("site_id", "=", site.id),
                ("state", "=", "posted"),
                ("is_opening", "=", False),
                ("run_id", "!=", False),
                ("item_id.method", "=", "area"),
                ("unit_id.kind", "in", ("residence", "office")),
            ],
            order="date_from desc, id",
            limit=400,
        )
        .filtered(
            lambda one: (
                one.move_id.payment_state == "not_paid"
                and one.unit_id.area_billable > 20
                and not owner_homes(one.unit_id)
            )
        )[:1]
    )
    if not charge:
        return
    unit = charge.unit_id
    wrong, right = unit.area_billable, round(unit.area_billable - 2.35, 2)
    unit.area_billable = right
    env["property.rerate"].with_user(staff(env, "finance")).create(
        {
            "site_id": site.id,
            "item_ids": [(6, 0, charge.item_id.ids)],
            "unit_ids": [(6, 0, unit.ids)],
            "date_from": charge.date_from,
            "date_to": charge.date_to,
            "reason": f"业主提供产权证复核，计费面积由 {wrong:g} ㎡ 更正为 {right:g} ㎡。",
        }
    ).action_submit()


def _refund(env, site, today):
    """Pay a deposit back to a household that finished decorating; a second request waits."""
    deposits = env["property.deposit"].search(
        [("site_id", "=", site.id), ("amount_left", ">", 0)], order="id", limit=2
    )
    bank = bank_journal(env, site)
    refunds = env["property.refund"].with_user(staff(env, "finance"))
    requests = refunds.create(
        [
            {
                "kind": "refund",
                "deposit_id": deposit.id,
                "amount": deposit.amount_left,
                "date": today,
                "reason": reason,
                "journal_id": bank.id,
            }
            for deposit, reason in zip(
                deposits,
                ("装修验收合格，业主凭押金收据申请退还。", "业主已交还门禁卡，申请退还押金。"),
                strict=False,
            )
        ]
    )
    for number, request in enumerate(requests):
        if number:
            request.action_submit()
        else:
            _approve(env, request)


def _sell(env, site, today):
    """Sell a home from the first of this month, its final bills made, its arrears to decide."""
    units = env["property.unit"].search(
        [("site_id", "=", site.id), ("kind", "=", "residence")], order="sort_key desc"
    )
    home = next(
        (
            unit
            for unit in units - owner_homes(units)
            if unit.owner_id and unit.amount_open and not unit.child_ids
        ),
        None,
    )
    if home is None:
        return
    buyer = env["res.partner"].create(
        {"name": "沈安然", "phone": "13000008816", "lang": "zh_CN", "company_id": False}
    )
    transfer = env["property.transfer"].create(
        {
            "kind": "transfer",
            "unit_id": home.id,
            "date": today.replace(day=1),
            "partner_id": buyer.id,
        }
    )
    for reading in transfer.reading_ids:
        reading.value = reading.last_value
    transfer.action_confirm()
    settlement = env["property.settlement"].search([("unit_id", "=", home.id)], limit=1)
    settlement.action_bill()
    settlement.with_user(staff(env, "finance")).write(
        {
            "arrears_decision": "stay",
            "prepayment_decision": "keep",
            "deposit_decision": "keep",
            "note": "双方约定：过户日前费用由原业主承担，欠费分两期付清。",
        }
    )


def _late_fees(env, site, today):
    """Preview the late fees of this site; nobody has posted them."""
    env["property.late.fee.run"].with_user(staff(env, "finance")).create(
        {
            "company_id": site.company_id.id,
            "site_ids": [(6, 0, site.ids)],
            "date": today,
            "amount_min": 1.0,
        }
    ).action_preview()


def _close_months(env, company, today):
    """Close two months; look at what is still to be seen in the last one."""
    closes = env["property.month.close"].with_user(staff(env, "director"))
    for months in (3, 2, 1):
        month = today + relativedelta(months=-months, day=1)
        close = closes.create({"company_id": company.id, "month": month})
        if months > 1 and not close.block_count:
            close.action_close()
