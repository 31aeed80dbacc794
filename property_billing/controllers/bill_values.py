"""What the pages show of bills: plain values, so that no template can reach further records."""

from collections import defaultdict

from odoo import fields

#: What the pages show of a bill, read together with finding it.
BILL_FIELDS = (
    *("name", "ref", "company_id", "currency_id", "state", "move_type", "payment_state"),
    *("site_id", "unit_id", "charge_item_id", "period_from", "period_to", "is_opening"),
    *("commercial_partner_id", "property_charge_id", "late_fee_bill_id"),
    *("invoice_date", "invoice_date_due", "amount_total", "amount_tax", "amount_residual"),
)


def bill_values(bill_sudo, partner, today, facts):
    """Return what is shown of one bill.

    :param bill_sudo: the bill
    :param partner: the reader's `res.partner`
    :param date today: today
    :param dict facts: as from `_facts`
    """
    terms = facts["terms"]
    env = partner.env
    charge_sudo = bill_sudo.property_charge_id
    addressee = bill_sudo.commercial_partner_id
    is_own = addressee == partner.commercial_partner_id
    taxes = facts["taxes"].get(bill_sudo, ())
    return {
        "id": bill_sudo.id,
        "number": bill_sudo.name,
        "item": bill_sudo.charge_item_id.name or bill_sudo.ref or bill_sudo.name,
        "period": env["property.statement"]._period(bill_sudo.period_from, bill_sudo.period_to),
        "residual": bill_sudo.amount_residual,
        "payable": float(terms[bill_sudo.id]["payable"]),
        "late_fee": float(terms[bill_sudo.id]["late_fee"]),
        "late_fee_text": terms[bill_sudo.id]["late_fee_text"],
        "discount": float(terms[bill_sudo.id]["discount"]),
        "discount_text": terms[bill_sudo.id]["discount_text"],
        "late_fee_of": bill_sudo.late_fee_bill_id.name or "",
        "total": bill_sudo.amount_total,
        "paid": bill_sudo.currency_id.round(bill_sudo.amount_total - bill_sudo.amount_residual),
        "tax": bill_sudo.amount_tax,
        "tax_rate": "、".join(f"{tax.amount:g}%" for tax in taxes),
        "currency": bill_sudo.currency_id,
        "due": bill_sudo.invoice_date_due,
        "is_overdue": bool(bill_sudo.invoice_date_due and bill_sudo.invoice_date_due < today),
        "is_opening": bill_sudo.is_opening,
        "in_progress": bill_sudo in facts["in_progress"],
        "addressee": "" if is_own else addressee.name,
        "explanation": charge_sudo.explanation or "",
        "photos": _photo_values(bill_sudo, facts["photos"].get(charge_sudo, ())),
        "difference": charge_sudo._difference_for(partner),
        "lines": [
            {
                "name": line.name,
                "quantity": line.quantity,
                "price": line.price,
                "amount": line.amount,
            }
            for line in facts["lines"].get(charge_sudo, ())
        ],
    }


def _photo_values(bill_sudo, readings_sudo):
    """Return the photos of the counters a metered charge stands on."""
    return [
        {
            "url": f"/my/bills/{bill_sudo.id}/photo/{reading.id}",
            "label": f"{reading.meter_id.code} · {reading.date} · {reading.value:g}",
        }
        for reading in readings_sudo
    ]


def _facts(bills_sudo, today):
    """Gather what is shown of bills and found for all of them at once.

    :return: dict `in_progress` (bills for which money is on its way), `terms` (as from
        `account.move._property_payment_terms`), `accounts` and `taxes` (by bill), `lines` and
        `photos` (readings; both by charge)
    """
    charges_sudo = bills_sudo.property_charge_id
    lines_sudo = bills_sudo.env["property.charge.line"].search_fetch(
        [("charge_id", "in", charges_sudo.ids)],
        ["charge_id", "name", "quantity", "price", "amount"],
    )
    return {
        "in_progress": bills_sudo._property_in_progress(),
        "terms": bills_sudo._property_payment_terms(today),
        "accounts": bills_sudo._property_receivable_accounts(),
        "taxes": _taxes(bills_sudo),
        "lines": lines_sudo.grouped("charge_id"),
        "photos": charges_sudo._meter_photos(),
    }


def _taxes(bills_sudo):
    """Return dict bill -> its taxes by percent."""
    rows = bills_sudo.env["account.move.line"]._read_group(
        [("move_id", "in", bills_sudo.ids), ("display_type", "=", "product")],
        ["move_id", "tax_ids"],
    )
    taxes = defaultdict(list)
    for bill, tax in rows:
        if tax.amount_type == "percent":
            taxes[bill].append(tax)
    return taxes


def bill_groups(bills_sudo, partner):
    """Group bills as people read them: what is paid together, then unit, then period.

    :param bills_sudo: open bills
    :param partner: the reader's `res.partner`
    :return: list of groups; one of them can be paid by one transaction
    """
    today = fields.Date.context_today(partner)
    statements = partner.env["property.statement"]
    facts = _facts(bills_sudo, today)
    terms, in_progress = facts["terms"], facts["in_progress"]

    def payable(bills):
        return float(sum(terms[bill.id]["payable"] for bill in bills))

    ordered = bills_sudo.sorted(
        lambda bill: (
            bill.company_id.id,
            bill.site_id.id,
            bill.unit_id.sort_key or "",
            bill.unit_id.id,
            -(bill.period_to or bill.invoice_date).toordinal(),
            bill.charge_item_id.sequence,
            bill.id,
        )
    )
    groups = []
    by_group = ordered.grouped(
        lambda bill: (bill.company_id, bill.currency_id, facts["accounts"].get(bill))
    )
    for group_bills in by_group.values():
        open_bills = group_bills - in_progress
        chosen = _chosen(open_bills, partner)
        units = []
        for unit, unit_bills in group_bills.grouped("unit_id").items():
            periods = [
                {
                    "label": label,
                    "bills": [
                        {
                            **bill_values(bill, partner, today, facts),
                            "is_chosen": bill in chosen,
                        }
                        for bill in period_bills
                    ],
                }
                for label, period_bills in unit_bills.grouped(
                    lambda bill: statements._period(bill.period_from, bill.period_to)
                ).items()
            ]
            units.append(
                {
                    "id": unit.id,
                    "code": unit.code,
                    "site": unit.site_id.name,
                    "type": unit.type_id.name,
                    "periods": periods,
                    "total": payable(unit_bills),
                }
            )
        groups.append(
            {
                "company": group_bills.company_id.name,
                "currency": group_bills.currency_id,
                "units": units,
                "payable_count": len(open_bills),
                "count": len(chosen),
                "total": payable(chosen),
                "others": payable(open_bills - chosen),
                "overdue": payable(
                    bill
                    for bill in chosen
                    if bill.invoice_date_due and bill.invoice_date_due < today
                ),
                "late_fee": float(sum(terms[bill.id]["late_fee"] for bill in chosen)),
            }
        )
    return groups


def _chosen(payable_sudo, partner):
    """Return the bills that are chosen to begin with: one's own, so that no landlord pays the
    tenant's water by mistake; relatives, who have none, begin with the household's.
    """
    addressee = partner.commercial_partner_id
    own = payable_sudo.filtered(lambda bill: bill.commercial_partner_id == addressee)
    return own or payable_sudo
