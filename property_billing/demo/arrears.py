"""What is done about arrears in the demo: notices, a promise, and requests waiting."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from .staff import owner_homes, staff


def chase(env, site, today):
    """Prepare notices, ask for a waiver and a write-off, run an offer.

    :param today: day of the notices
    """
    if env["property.dunning.run"].search_count([("site_id", "=", site.id)], limit=1):
        return
    _offer(env, site, today)
    _requests(env, site, today)
    _notices(env, site, today)


def _notices(env, site, today):
    """Prepare the reminder of today."""
    levels = env["property.dunning.level"]
    levels._create_defaults(site.company_id)
    level = levels.search(
        [("company_id", "=", site.company_id.id), ("days_overdue", ">", 0)],
        order="days_overdue, id",
        limit=1,
    )
    run = (
        env["property.dunning.run"]
        .with_user(staff(env, "finance"))
        .create({"site_id": site.id, "level_id": level.id, "date": today})
    )
    run.action_prepare()


def promise(env, site, today):
    """Note what households promised, the bank's takings in hand: two to come, one not kept.

    :param today: day of the notices
    """
    promises = env["property.promise"]
    if promises.search_count([("site_id", "=", site.id)], limit=1):
        return
    clerk = staff(env, "cashier")
    notices = env["property.dunning.notice"].search([("site_id", "=", site.id)], order="id")
    owing = notices.filtered(lambda one: one.amount_open and not owner_homes(one.unit_id))
    wanted = (
        (0, 7, 1, "电话沟通，工资发放后一次付清"),
        (0, 14, 2, "业主上门，先付一半"),
        (-20, -6, 1, "上门走访，约定月中转账，届时未到账"),
    )
    made = promises.with_user(clerk).create(
        [
            {
                "unit_id": notice.unit_id.id,
                "partner_id": notice.partner_id.id,
                "notice_id": not since and notice.id,
                "date": today + timedelta(days=since),
                "promised_date": today + timedelta(days=until),
                "amount": round(notice.amount_open / parts, 2),
                "user_id": clerk.id,
                "note": note,
            }
            for notice, (since, until, parts, note) in zip(owing[1::5], wanted, strict=False)
        ]
    )
    # A promise counts what is paid after it; the whole demo is one moment of the database.
    env.flush_all()
    env.cr.execute(
        "UPDATE property_promise SET create_date = create_date + interval '1 second'"
        " WHERE id = ANY(%s)",
        [made.ids],
    )
    made.invalidate_recordset()


def _requests(env, site, today):
    """Ask to waive late fees of a household, and to write off an old debt; nobody decides yet."""
    bills = env["account.move"].search(
        [
            ("site_id", "=", site.id),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("amount_residual", ">", 0),
            ("late_fee_bill_id", "=", False),
        ],
        order="invoice_date, id",
    )
    bills = bills.filtered(lambda bill: not owner_homes(bill.unit_id | bill.unit_id.parent_id))
    fees = bills._property_late_fees(today)
    late = bills.filtered(lambda bill: fees.get(bill.id))
    waived = late.filtered(lambda bill: bill.unit_id == late[-1:].unit_id)
    if waived:
        env["property.late.fee.waiver"].with_user(staff(env, "cashier")).create(
            {
                "site_id": site.id,
                "unit_id": waived.unit_id.id,
                "bill_ids": [(6, 0, waived.ids)],
                "mode": "percent",
                "percent": 50,
                "date": today,
                "reason": "业主长期在外地工作，已当面约定本月结清本金，申请减半收取违约金。",
            }
        ).action_submit()
    old = (bills - waived).filtered("is_opening") or bills - waived
    old = old.filtered(lambda bill: bill.unit_id == old[:1].unit_id)[:3]
    if old:
        env["property.write.off"].with_user(staff(env, "finance")).create(
            {
                "site_id": site.id,
                "date": today,
                "kind": "bad_debt",
                "bill_ids": [(6, 0, old.ids)],
                "reason": "原业主已迁出并失去联系，催收三次未果。",
                "legal_basis": "《民法典》第一百八十八条：诉讼时效已届满。",
            }
        ).action_submit()


def _offer(env, site, today):
    """Offer twelve months of property fees for the price of eleven until the end of the year."""
    items = (
        env["property.charge.item"]
        .search([("site_id", "in", (site.id, False)), ("company_id", "=", site.company_id.id)])
        .filtered(lambda item: item.category == "management")
    )
    if not items:
        return
    asks, decides = staff(env, "finance"), staff(env, "manager")
    campaign = (
        env["property.campaign"]
        .with_user(asks)
        .create(
            {
                "name": "预缴全年物业费优惠一个月",
                "company_id": site.company_id.id,
                "site_id": site.id,
                "kind": "months",
                "months": 12,
                "months_paid": 11,
                "date_from": today.replace(day=1),
                "date_to": today + relativedelta(months=2, day=31),
                "item_ids": [(6, 0, items.ids)],
                "note": "无欠费业主一次性预缴十二个月物业费，按十一个月收取。",
            }
        )
    )
    campaign.action_submit()
    if asks != decides:
        campaign.with_user(decides).action_approve()
