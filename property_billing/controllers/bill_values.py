"""What the pages show of bills: plain values, so that no template can reach further records."""

from odoo import fields


def bill_values(bill_sudo, partner, today, in_progress):
    """Return what is shown of one bill.

    :param bill_sudo: the bill
    :param partner: the reader's `res.partner`
    :param date today: today
    :param in_progress: bills for which money is on its way
    """
    env = partner.env
    charge_sudo = bill_sudo.property_charge_id
    addressee = bill_sudo.commercial_partner_id
    is_own = addressee == partner.commercial_partner_id
    taxes = bill_sudo.invoice_line_ids.tax_ids.filtered(lambda tax: tax.amount_type == "percent")
    return {
        "id": bill_sudo.id,
        "number": bill_sudo.name,
        "item": bill_sudo.charge_item_id.name or bill_sudo.ref or bill_sudo.name,
        "period": env["property.statement"]._period(bill_sudo.period_from, bill_sudo.period_to),
        "residual": bill_sudo.amount_residual,
        "total": bill_sudo.amount_total,
        "paid": bill_sudo.currency_id.round(bill_sudo.amount_total - bill_sudo.amount_residual),
        "tax": bill_sudo.amount_tax,
        "tax_rate": "、".join(f"{tax.amount:g}%" for tax in taxes),
        "currency": bill_sudo.currency_id,
        "due": bill_sudo.invoice_date_due,
        "is_overdue": bool(bill_sudo.invoice_date_due and bill_sudo.invoice_date_due < today),
        "is_opening": bill_sudo.is_opening,
        "in_progress": bill_sudo in in_progress,
        "addressee": "" if is_own else addressee.name,
        "explanation": charge_sudo.explanation or "",
        "lines": [
            {
                "name": line.name,
                "quantity": line.quantity,
                "price": line.price,
                "amount": line.amount,
            }
            for line in charge_sudo.line_ids
        ],
    }


def bill_groups(bills_sudo, partner):
    """Group bills as people read them: what is paid together, then unit, then period.

    :param bills_sudo: open bills
    :param partner: the reader's `res.partner`
    :return: list of groups; one of them can be paid by one transaction
    """
    today = fields.Date.context_today(partner)
    statements = partner.env["property.statement"]
    in_progress = bills_sudo._property_in_progress()
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
    for _key, group_bills in ordered.grouped(_group_key).items():
        payable = group_bills - in_progress
        chosen = _chosen(payable, partner)
        units = []
        for unit, unit_bills in group_bills.grouped("unit_id").items():
            periods = [
                {
                    "label": label,
                    "bills": [
                        {
                            **bill_values(bill, partner, today, in_progress),
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
                    "total": sum(unit_bills.mapped("amount_residual")),
                }
            )
        groups.append(
            {
                "company": group_bills.company_id.name,
                "currency": group_bills.currency_id,
                "units": units,
                "payable_count": len(payable),
                "count": len(chosen),
                "total": sum(chosen.mapped("amount_residual")),
                "others": sum((payable - chosen).mapped("amount_residual")),
                "overdue": sum(
                    bill.amount_residual
                    for bill in chosen
                    if bill.invoice_date_due and bill.invoice_date_due < today
                ),
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


def _group_key(bill_sudo):
    return (
        bill_sudo.company_id,
        bill_sudo.currency_id,
        bill_sudo._property_receivable_lines().account_id,
    )
