"""What the pages of leases show: plain values only, nothing to browse."""

from odoo import fields

from ..models.property_lease_portal import PAID_STATES

TAGS = {
    "paid": "op-tag-ok",
    "free": "op-tag-ok",
    "billed": "op-tag-wait",
    "due": "op-tag-wait",
    "draft": "op-tag-wait",
}
MONTH_TAGS = {"open": "op-tag-due", "confirmed": "op-tag-ok", "declared": "op-tag-wait"}


def labels_of(record, name):
    """Return the labels of a selection in the user's language."""
    return dict(record._fields[name]._description_selection(record.env))


def lease_row(lease_sudo, partner, todo):
    """Return what the list shows of a lease.

    :param todo: number of things that wait for the tenant
    """
    times = lease_sudo._portal_times(partner)
    return {
        "id": lease_sudo.id,
        "number": lease_sudo.name,
        "title": _title(lease_sudo, partner),
        "site": lease_sudo.site_id.name,
        "spaces": "、".join(lease_sudo._last_units().mapped("code")),
        "date_from": min((time[0] for time in times), default=lease_sudo.date_from),
        "date_to": max((time[1] for time in times), default=lease_sudo.date_to),
        "state": labels_of(lease_sudo, "state")[lease_sudo.state],
        "is_over": not lease_sudo._is_portal_tenant(partner)
        or lease_sudo.state in ("closed", "terminated"),
        "todo": todo,
    }


def _title(lease_sudo, partner):
    brand = lease_sudo.brand if lease_sudo._is_portal_tenant(partner) else ""
    return brand or partner.commercial_partner_id.name


def lease_page(lease_sudo, partner, months_sudo):
    """Return what the page of a lease shows.

    :param months_sudo: the months that wait to be declared
    """
    is_tenant = lease_sudo._is_portal_tenant(partner)
    today = fields.Date.context_today(lease_sudo)
    runs = lease_sudo.state in ("signed", "active", "ending")
    return {
        **lease_row(lease_sudo, partner, len(months_sudo)),
        "currency": lease_sudo.currency_id,
        "is_tenant": is_tenant,
        # what is agreed today is between us and the tenant of today
        "lines": _lines(lease_sudo) if is_tenant else [],
        "steps": lease_sudo.step_ids.mapped("display_name") if is_tenant else [],
        "free": [(one.date_from, one.date_to) for one in lease_sudo.rent_free_ids if is_tenant],
        "options": _options(lease_sudo) if is_tenant else [],
        "has_contract": bool(lease_sudo.contract_text),
        "schedule": _schedule(lease_sudo, partner),
        "deposits": _deposits(lease_sudo, partner),
        "amendments": _amendments(lease_sudo, partner),
        "turnover": _turnover(lease_sudo, partner),
        "todo_months": [_month(row) for row in months_sudo],
        "settlements": _settlements(lease_sudo, partner),
        "papers": _papers(lease_sudo, partner),
        "paper_kinds": labels_of(lease_sudo.document_ids, "kind"),
        "notices": _notices(lease_sudo, partner),
        "may_give_notice": is_tenant
        and runs
        and not lease_sudo.notice_ids.filtered(lambda one: one.state == "given"),
        "notice_months": lease_sudo.notice_months,
        "notice_date": lease_sudo._notice_date(today),
        "lease_end": lease_sudo.date_to,
        "today": today,
        "moveouts": [
            {
                "id": one.id,
                "number": one.name,
                "date": one.date,
                "step": labels_of(one, "step")[one.step],
                "is_offered": one.step == "offered",
            }
            for one in lease_sudo._portal_rows(lease_sudo.moveout_ids, partner)
            if one.step != "cancelled"
        ],
    }


def _lines(lease_sudo):
    pricings = labels_of(lease_sudo.line_ids, "pricing")
    return [
        {
            "space": line.unit_id.code,
            "item": line.item_id.name,
            "area": line.area,
            "price": line.price,
            "pricing": pricings[line.pricing],
        }
        for line in lease_sudo.line_ids
    ]


def _options(lease_sudo):
    return [
        {"name": one.display_name, "deadline": one.deadline, "note": one.note or ""}
        for one in lease_sudo.option_ids
        if one.is_open and one.holder != "landlord"
    ]


def _schedule(lease_sudo, partner):
    rows_sudo = lease_sudo._portal_rows(lease_sudo.instalment_ids, partner)
    states = labels_of(rows_sudo, "state")
    rows = [
        {
            "from": row.date_from,
            "to": row.date_to,
            "due": row.due_date,
            "space": row.unit_id.code,
            "item": row.item_id.name,
            "amount": row.amount,
            "why": row.explanation or "",
            "state": states[row.state],
            "tag": TAGS.get(row.state, "op-tag-plain"),
            "is_open": row.state not in PAID_STATES,
        }
        for row in rows_sudo.sorted("due_date")
        if not row.is_dropped
    ]
    opened = [row for row in rows if row["is_open"]]
    return {
        "next": opened[:4],
        "all": rows,
        "paid_count": len(rows) - len(opened),
        "total": sum(row["amount"] for row in rows),
    }


def _deposits(lease_sudo, partner):
    own_sudo = lease_sudo._portal_rows(lease_sudo.deposit_ids, partner)
    return [
        {
            "number": one.name,
            "name": one.type_id.name,
            "amount": one.amount,
            "left": one.amount_left,
        }
        for one in own_sudo
        if one.state != "void"
    ]


def _amendments(lease_sudo, partner):
    last = max((time[1] for time in lease_sudo._portal_times(partner)), default=None)
    found_sudo = lease_sudo.amendment_ids.filtered(
        lambda one: one.approval_state == "approved" and last and one.date <= last
    )
    kinds = labels_of(found_sudo, "kind")
    return [
        {"number": one.number, "kind": kinds[one.kind], "date": one.date_to or one.date}
        for one in found_sudo.sorted("number")
    ]


def _month(row_sudo):
    states = labels_of(row_sudo, "state")
    return {
        "id": row_sudo.id,
        "from": row_sudo.date_from,
        "to": row_sudo.date_to,
        "due": row_sudo.due_date,
        "amount": row_sudo.amount,
        "goods": row_sudo.goods_id.name or "",
        "state": states[row_sudo.state],
        "tag": MONTH_TAGS.get(row_sudo.state, "op-tag-plain"),
        "is_late": row_sudo.is_late,
        "is_open": row_sudo.state in ("open", "estimated", "declared"),
        "files": [{"id": one.id, "name": one.name} for one in row_sudo.attachment_ids],
    }


def _turnover(lease_sudo, partner):
    today = fields.Date.context_today(lease_sudo)
    rows_sudo = lease_sudo._portal_rows(lease_sudo.turnover_ids, partner).filtered(
        lambda row: row.date_to < today
    )
    terms_sudo = lease_sudo.turnover_term_ids if lease_sudo._is_portal_tenant(partner) else []
    return {
        "terms": [text for one in terms_sudo for text in one._sentences()],
        "months": [_month(row) for row in rows_sudo.sorted("date_from", reverse=True)],
    }


def _settlements(lease_sudo, partner):
    rows_sudo = lease_sudo._portal_rows(lease_sudo.settlement_ids, partner)
    states = labels_of(rows_sudo, "state")
    return [
        {
            "from": one.date_from,
            "to": one.date_to,
            "amount": one.amount + one.amount_difference,
            "why": one._explanation_now(),
            "state": states[one.state],
            "tag": TAGS.get(one.state, "op-tag-plain"),
        }
        for one in rows_sudo.sorted("date_from", reverse=True)
    ]


def _papers(lease_sudo, partner):
    own_sudo = lease_sudo._portal_rows(lease_sudo.document_ids, partner)
    kinds, states = labels_of(own_sudo, "kind"), labels_of(own_sudo, "state")
    tags = {"accepted": "op-tag-ok", "refused": "op-tag-due"}
    return [
        {
            "id": one.id,
            "kind": kinds[one.kind],
            "name": one.name,
            "date_to": one.date_to,
            "is_expired": one.is_expired,
            "state": states[one.state],
            "tag": tags.get(one.state, "op-tag-wait"),
        }
        for one in own_sudo
    ]


def _notices(lease_sudo, partner):
    own_sudo = lease_sudo._portal_rows(lease_sudo.notice_ids, partner)
    kinds, states = labels_of(own_sudo, "kind"), labels_of(own_sudo, "state")
    return [
        {
            "id": one.id,
            "kind": kinds[one.kind],
            "date_to": one.date_to,
            "given_on": one.given_on,
            "state": states[one.state],
            "is_given": one.state == "given",
        }
        for one in own_sudo
    ]
