"""The past work of the demo's maintenance plans, and the orders that are due now."""

import logging
from datetime import timedelta

from ..tools.upkeep import decimal, fixed_dues
from .equipment import local

_logger = logging.getLogger(__name__)

NOTES = (
    "按清单逐项完成,运行正常。",
    "已清洁、润滑并紧固,试运行 15 分钟无异常。",
    "更换易损件一件,其余正常。",
    "发现轻微磨损,已记录,下次重点检查。",
)
#: Every so many-th plan is behind: its last order was not done.
BEHIND = 17


def build_work(demo):
    """Write the orders that were done, then raise those that are due."""
    confirmed = demo.env["maintenance.stage"]._of_step("confirmed")
    vals_list = []
    for number, plan in enumerate(demo.plans):
        dues = past_dues(demo, plan)
        if number % BEHIND == 5:
            dues = dues[:-1]
        vals_list += [order_vals(demo, plan, day, point, confirmed) for day, point in dues]
    requests = demo.env["maintenance.request"].create(vals_list)
    requests.task_ids.is_done = True
    log_work(demo, requests)
    for request in requests.filtered("upkeep_due_total"):
        request.upkeep_done_total = request.upkeep_due_total
    demo.plans._raise_due(demo.today)
    demo.env.flush_all()
    _logger.info("demo: %s orders of maintenance plans", len(requests))


def past_dues(demo, plan):
    """Return the due points that have been worked off: (day, point) pairs."""
    until = demo.today - timedelta(days=4)
    if plan.rhythm == "calendar":
        return [(day, day) for day in fixed_dues(plan._rhythm(), until)]
    found, due = [], decimal(plan.counter_start)
    for reading in plan.gauge_id.reading_ids.sorted("at"):
        if reading.total >= due and reading.at.date() <= until:
            found.append((reading.at.date(), due))
            due += decimal(plan.counter_step)
    return found


def order_vals(demo, plan, day, point, stage):
    """Return the values of an order that was done on or soon after its due day."""
    done_day = min(day + timedelta(days=demo.rng.choice((0, 0, 0, 1, 1, 2, 4))), demo.today)
    begin = local(done_day, demo.rng.randint(9, 14), demo.rng.randint(0, 59))
    end = begin + timedelta(hours=plan.duration * demo.rng.uniform(0.6, 1.3))
    raised = local(day - timedelta(days=plan.lead_days), 10)
    return {
        **plan._prepare_request_vals(point, ()),
        "stage_id": stage.id,
        "request_date": raised.date(),
        "raised_at": raised,
        "respond_done_at": raised + timedelta(hours=demo.rng.uniform(0.2, 7)),
        "arrive_done_at": begin,
        "finish_done_at": end,
        "confirmed_at": end + timedelta(hours=demo.rng.uniform(1, 20)),
        "close_date": done_day,
        "upkeep_due_date": day,
        "upkeep_reminded": True,
        "owner_user_id": False,
    }


def log_work(demo, requests):
    """Write the steps of orders that were done."""
    entries = []
    for request in requests:
        user = request.assignee_id.user_id or demo.env.user
        for event, step, at in (
            ("accept", "accepted", request.respond_done_at),
            ("arrive", "on_site", request.arrive_done_at),
            ("done", "done", request.finish_done_at),
            ("confirm", "confirmed", request.confirmed_at),
        ):
            entries.append(
                {
                    "request_id": request.id,
                    "event": event,
                    "step": step,
                    "at": at,
                    "user_id": user.id,
                    "is_public": True,
                    "note": demo.rng.choice(NOTES) if event == "done" else False,
                }
            )
    demo.env["property.request.step"].create(entries)
