"""The log and the ratings that belong to the requests of the demo."""

from datetime import timedelta

from . import texts
from .plan import stars_of

FINISHED = ("done", "confirmed", "closed")


def write_log(env, rng, requests, planned, now):
    """Write the steps of the requests, their ratings and return visits."""
    entries, ratings = [], []
    desk = env.ref("property_base.demo_user_service", raise_if_not_found=False) or env.user
    for request, one in zip(requests, planned, strict=True):
        entries += _entries(rng, request, one, desk, now)
        if request.step == "closed":
            ratings.append(_rate(env, rng, request, one, entries))
        if "return_visit" in one.events:
            happy = request.step == "confirmed" or request.rating_quality >= 3
            request.return_visit_result = "satisfied" if happy else "unsatisfied"
    env["property.request.step"].create(entries)
    env["rating.rating"].create(ratings).flush_recordset()
    paused = requests.filtered("is_paused")
    paused.kanban_state = "blocked"


def _entries(rng, request, one, desk, now):
    """Return the entries of one request after its first, which creating it wrote."""
    worker = request.assignee_id
    doer = worker.user_id or desk
    entries = []

    def happened(event, at, step, user, **more):
        entries.append(
            {
                "request_id": request.id,
                "event": event,
                "at": min(at, now),
                "step": step,
                "user_id": user.id,
                "is_public": event not in ("reject", "return_visit", "escalate"),
                **more,
            }
        )

    raised, responded = request.raised_at, request.respond_done_at
    if request.step == "cancelled":
        at = raised + timedelta(hours=rng.uniform(0.5, 6))
        happened("cancel", at, "cancelled", desk, reason=request.cancel_reason)
        return entries
    if not worker:
        return entries
    assigned = raised + ((responded or now) - raised) * 0.4
    happened("assign", assigned, "assigned", desk, to_employee_id=worker.id)
    if "reject" in one.events:
        again = assigned + timedelta(minutes=2)
        happened("reject", assigned, "new", doer, reason=rng.choice(texts.REJECTS))
        happened("assign", again, "assigned", desk, to_employee_id=worker.id)
    if "urge" in one.events:
        happened(
            "urge",
            assigned + timedelta(minutes=1),
            "assigned",
            request.contact_id.user_ids[:1] or desk,
        )
    if responded:
        happened("accept", responded, "accepted", doer)
    if request.arrive_done_at:
        happened("arrive", request.arrive_done_at, "on_site", doer)
    if request.is_paused:
        at = (request.arrive_done_at or assigned) + timedelta(minutes=10)
        happened("pause", at, request.step, doer, reason=request.pause_reason)
    if request.finish_done_at:
        happened("done", request.finish_done_at, "done", doer, note=one.note)
    if request.confirmed_at:
        is_rated = request.step == "closed"
        event = "confirm" if is_rated or one.luck < 0.4 else "auto_confirm"
        happened(event, request.confirmed_at, "confirmed", request.contact_id.user_ids[:1] or desk)
    if "return_visit" in one.events:
        at = (request.confirmed_at or now) + timedelta(hours=rng.uniform(2, 40))
        happened("return_visit", at, request.step, desk, note=rng.choice(texts.VISITS))
    return entries


def _rate(env, rng, request, one, entries):
    late = request.is_finish_late or request.is_arrive_late
    speed, quality, attitude = stars_of(rng, one, late)
    mean = (speed + quality + attitude) / 3
    words = texts.GOOD if mean >= 4.3 else texts.FAIR if mean >= 3 else texts.BAD
    comment = rng.choice(words)
    rated_at = request.confirmed_at
    request.update(
        {
            "rating_speed": speed,
            "rating_quality": quality,
            "rating_attitude": attitude,
            "rating_comment": comment or False,
            "rated_at": rated_at,
        }
    )
    entries.append(
        {
            "request_id": request.id,
            "event": "rate",
            "at": rated_at,
            "step": "closed",
            "user_id": (request.contact_id.user_ids[:1] or env.user).id,
            "note": comment or False,
            "is_public": True,
        }
    )
    return {
        "res_model_id": env["ir.model"]._get_id("maintenance.request"),
        "res_id": request.id,
        "partner_id": request.contact_id.id,
        "rated_partner_id": request.user_id.partner_id.id,
        "rating": mean,
        "feedback": comment or False,
        "consumed": True,
    }
