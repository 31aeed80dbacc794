"""Money that households of the demo have left in advance, and deposits of those who decorate."""

from datetime import timedelta

from .payments import bank_journal
from .staff import owner_homes

TYPES = (
    ("装修押金", "decoration", 2000.0, "装修验收合格后退还"),
    ("门禁卡押金", "card", 50.0, "交还门禁卡时退还"),
    ("装修出渣押金", "decoration", 500.0, "垃圾清运完毕后退还"),
)
#: Months of fees that a household leaves in advance, in turn.
MONTHS = (3, 6, 12, 1)
PREPAYING = 12
DECORATING = 4


def keep(env, sites, today):
    """Take prepayments and deposits on sites that have none.

    :param sites: property.site
    :param today: nothing happens after this day
    """
    for site in sites:
        if env["property.prepayment"].search_count([("site_id", "=", site.id)], limit=1):
            continue
        site.write(
            {
                "prepayment_cap_months": 12,
                "prepayment_cap_basis": "物业服务合同约定：预收物业费不超过12个月",
                "prepayment_reminder_months": 2,
            }
        )
        types = _deposit_types(env, site.company_id)
        journal = bank_journal(env, site)
        units = env["property.unit"].search(
            [("site_id", "=", site.id), ("kind", "=", "residence")], order="sort_key"
        )
        homes = units.filtered(lambda unit: unit.owner_id and not unit.amount_open)
        chosen = (homes or units)[:PREPAYING] | owner_homes(units)[:1]
        _prepay(env, chosen, journal, today)
        _take_deposits(env, units[-DECORATING:], journal, types, today)


def _deposit_types(env, company):
    types = env["property.deposit.type"].search([("company_id", "=", company.id)])
    return types or env["property.deposit.type"].create(
        [
            {"name": name, "kind": kind, "amount": amount, "note": note, "company_id": company.id}
            for name, kind, amount, note in TYPES
        ]
    )


def _prepay(env, units, journal, today):
    monthly = units._property_monthly_fees()
    for number, unit in enumerate(units):
        owner = unit.owner_id
        fee = monthly.get((unit.id, owner.commercial_partner_id.id))
        if owner and fee:
            amount = round(float(fee) * MONTHS[number % len(MONTHS)], 2)
            day = today - timedelta(days=3 * number)
            env["property.prepayment"]._receive(unit, owner, amount, journal, date=day)


def _take_deposits(env, units, journal, types, today):
    for number, unit in enumerate(units):
        if unit.owner_id:
            env["property.deposit"]._receive(
                unit,
                unit.owner_id,
                types[number % len(types)].amount,
                journal,
                types[number % len(types)],
                date=today - timedelta(days=20 + number),
            )
