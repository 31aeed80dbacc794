"""Requests of a lively month: reliefs, a change of prices and a one-off batch."""

from dateutil.relativedelta import relativedelta

CONTRACT = "《前期物业服务合同》第十二条"


def build(env, site, today):
    """Make what somebody asks for and somebody else decides, once a site.

    :param today: requests begin with the month after it; nothing billed changes
    """
    if env["property.relief"].search_count([("site_id", "=", site.id)], limit=1):
        return
    start = today + relativedelta(day=1, months=1)
    asks, decides = _user(env, "service"), _user(env, "manager")
    homes = env["property.unit"].search(
        [("site_id", "=", site.id), ("kind", "in", ("residence", "office"))], order="sort_key"
    )
    vacant = homes.filtered(lambda unit: unit.state == "vacant")[:6] or homes[:3]
    reliefs = env["property.relief"].with_user(asks)
    granted, asked = reliefs.create(
        [
            {
                "name": "空置房减免",
                "site_id": site.id,
                "kind": "vacancy",
                "legal_basis": CONTRACT,
                "unit_ids": [(6, 0, vacant.ids)],
                "date_from": start,
                "percent": 30,
                "note": "经查验，水电表连续三个月无用量。",
            },
            {
                "name": "困难家庭减免",
                "site_id": site.id,
                "kind": "hardship",
                "legal_basis": "公司〔2026〕8 号决定",
                "unit_ids": [(6, 0, (homes - vacant)[:1].ids)],
                "date_from": start,
                "date_to": start + relativedelta(months=6, days=-1),
                "percent": 20,
                "note": "低保证明复印件已存档。",
            },
        ]
    )
    (granted | asked).action_submit()
    if decides != asks:
        granted.with_user(decides).action_approve()
    _prices(env, site, start)
    _cards(env, site, homes[:5], today)


def _user(env, login):
    return env["res.users"].search([("login", "=", login)], limit=1) or env.user


def _prices(env, site, start):
    """Ask for higher prices of the parking spaces."""
    items = env["property.charge.item"].search(
        [("site_id", "=", site.id), ("category", "=", "parking"), ("tariff_ids", "!=", False)]
    )
    if not items:
        return
    change = (
        env["property.price.change"]
        .with_user(_user(env, "finance"))
        .create(
            {
                "name": "车位服务费调整",
                "site_id": site.id,
                "item_ids": [(6, 0, items.ids)],
                "date_from": start + relativedelta(months=1),
                "mode": "percent",
                "value": 5,
                "reason": "业主大会 2026 年第二次会议表决通过",
            }
        )
    )
    change.action_preview()
    change.action_submit()


def _cards(env, site, units, today):
    """List who gets an access card, not billed yet."""
    item = env["property.charge.item"].create(
        {
            "code": "MJK",
            "name": "门禁卡工本费",
            "method": "one_off",
            "category": "other",
            "site_id": site.id,
            "company_id": site.company_id.id,
        }
    )
    batch = (
        env["property.fee.batch"]
        .with_user(_user(env, "finance"))
        .create(
            {
                "name": "门禁卡补办",
                "site_id": site.id,
                "item_id": item.id,
                "date": today,
                "amount": 20.0,
                "unit_ids": [(6, 0, units.ids)],
            }
        )
    )
    batch.action_check()
