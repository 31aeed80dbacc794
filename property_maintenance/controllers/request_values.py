"""What the pages show of requests: plain values, so that no template can reach further records."""

from odoo.tools import format_amount, format_datetime, html2plaintext

from ..tools.workflow import may_happen

#: The line of dots on the page of a request; what is between two of them counts as the first.
PROGRESS = ("new", "assigned", "accepted", "on_site", "done", "closed")
ICONS = {
    "repair": "fa-wrench",
    "complaint": "fa-frown-o",
    "suggestion": "fa-lightbulb-o",
    "enquiry": "fa-question-circle-o",
    "cleaning": "fa-tint",
    "other": "fa-commenting-o",
}
STATE_TAGS = {
    "done": "op-tag-wait",
    "confirmed": "op-tag-ok",
    "closed": "op-tag-ok",
    "cancelled": "op-tag-plain",
}


def labels_of(record, name):
    """Return dict value -> label of a selection field in the reader's language."""
    return dict(record._fields[name]._description_selection(record.env))


def local_time(request_sudo, moment):
    """Return a moment as the clocks of the site show it."""
    return format_datetime(
        request_sudo.env, moment, tz=request_sudo.site_id.tz, dt_format="yyyy-MM-dd HH:mm"
    )


def request_row(request_sudo):
    """Return what the list shows of one request.

    :param request_sudo: a request of the reader
    """
    steps, kinds = labels_of(request_sudo, "step"), labels_of(request_sudo, "kind")
    return {
        "id": request_sudo.id,
        "number": request_sudo.code,
        "what": request_sudo.name or kinds.get(request_sudo.kind, ""),
        "kind": kinds.get(request_sudo.kind, ""),
        "icon": ICONS.get(request_sudo.kind, ICONS["other"]),
        "where": request_sudo.place_shown or "",
        "site": request_sudo.site_id.name,
        "step": request_sudo.step,
        "step_label": steps.get(request_sudo.step, ""),
        "tag": STATE_TAGS.get(request_sudo.step, ""),
        "is_urgent": request_sudo.is_urgent,
        "is_paused": request_sudo.is_paused,
        "has_quotation": request_sudo.quotation_state == "sent",
        "raised": local_time(request_sudo, request_sudo.raised_at),
    }


def request_page(request_sudo):
    """Return everything the page of one request shows.

    :param request_sudo: a request of the reader
    """
    kind, step = request_sudo.kind, request_sudo.step
    return {
        **request_row(request_sudo),
        "description": _description(request_sudo),
        "category": request_sudo.request_category_id.complete_name or "",
        "preferred": request_sudo.preferred_at
        and local_time(request_sudo, request_sudo.preferred_at),
        "pause_reason": request_sudo.pause_reason if request_sudo.is_paused else "",
        "staff": _staff(request_sudo.assignee_id),
        "site_phone": request_sudo.site_id.phone or "",
        "urge_count": request_sudo.urge_count,
        "photos": [_photo(request_sudo, photo) for photo in request_sudo.photo_ids.sorted("id")],
        "progress": _progress(request_sudo),
        "timeline": [_entry(request_sudo, entry) for entry in _entries(request_sudo)],
        "quotation": _quotation(request_sudo),
        "can": {
            event
            for event in ("confirm", "rate", "reopen", "urge", "cancel")
            if may_happen(event, step, kind)
        },
    }


def _description(request_sudo):
    """Return what was told, unless the title says it all."""
    told = html2plaintext(request_sudo.description or "").strip()
    return "" if told == request_sudo.name else request_sudo.description or ""


def _staff(employee_sudo):
    """Return name and role of a member of staff, and nothing else of them."""
    if not employee_sudo:
        return None
    return {"name": employee_sudo.name, "role": employee_sudo.job_id.name or ""}


def _photo(request_sudo, photo_sudo):
    return {"url": f"/my/requests/{request_sudo.id}/photo/{photo_sudo.id}"}


def _progress(request_sudo):
    if request_sudo.step == "cancelled":
        return []
    labels = labels_of(request_sudo, "step")
    step = "done" if request_sudo.step == "confirmed" else request_sudo.step
    now = PROGRESS.index(step)
    return [
        {"label": labels[name], "is_reached": index <= now, "is_now": index == now}
        for index, name in enumerate(PROGRESS)
    ]


def _entries(request_sudo):
    return request_sudo.step_ids.filtered("is_public").sorted(
        lambda entry: (entry.at, entry.id), reverse=True
    )


def _entry(request_sudo, entry_sudo):
    partner = request_sudo.env.user.partner_id
    employee_sudo = entry_sudo.to_employee_id
    # what the rules hand out by themselves happens in the resident's name, and is not his deed
    is_mine = entry_sudo.user_id.partner_id == partner and not employee_sudo
    if not employee_sudo and not is_mine:
        employee_sudo = entry_sudo.user_id.employee_ids.filtered(
            lambda one: one.company_id == request_sudo.company_id
        )[:1]
    return {
        "what": labels_of(entry_sudo, "event").get(entry_sudo.event, ""),
        "at": local_time(request_sudo, entry_sudo.at),
        "is_mine": is_mine,
        "staff": _staff(employee_sudo),
        "text": entry_sudo.reason or entry_sudo.note or "",
        "photos": [_photo(request_sudo, photo) for photo in entry_sudo.photo_ids.sorted("id")],
    }


def _quotation(request_sudo):
    quotation_sudo = request_sudo.quotation_id
    if not quotation_sudo or quotation_sudo.state == "withdrawn":
        return None
    return {
        "id": quotation_sudo.id,
        "name": quotation_sudo.name,
        "state": quotation_sudo.state,
        "state_label": labels_of(quotation_sudo, "state")[quotation_sudo.state],
        "lines": quotation_sudo.content,
        "amount": quotation_sudo.amount,
        "amount_text": format_amount(
            request_sudo.env, quotation_sudo.amount, quotation_sudo.currency_id
        ),
        "currency": quotation_sudo.currency_id,
        "sent": local_time(request_sudo, quotation_sudo.sent_at),
        "answered": quotation_sudo.answered_at
        and local_time(request_sudo, quotation_sudo.answered_at),
    }
