from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.fields import Command, Domain

from ..tools.upkeep import Calendar, Counter, History, to_raise, upcoming

OPEN = [("stage_id.done", "=", False), ("archive", "=", False)]
#: Local hour an order of the day is planned for.
START = time(9)
BATCH = 500


def decimal(value):
    """Return a Float field's value as it is shown, None for none."""
    return None if value is None else Decimal(str(value))


class PropertyUpkeepPlan(models.Model):
    _inherit = "property.upkeep.plan"

    last_done_date = fields.Date(string="Last Done", compute="_compute_due", store=True)
    next_due_date = fields.Date(
        string="Next Due",
        compute="_compute_due",
        store=True,
        index=True,
        help="Of a counter: the day it will get there at its recent pace.",
    )
    next_due_total = fields.Float(
        string="Next Due at", digits=(16, 3), compute="_compute_due", store=True, aggregator=None
    )
    is_open = fields.Boolean(
        string="Order Open", compute="_compute_due", store=True, help="An order is not finished."
    )
    is_late = fields.Boolean(string="Late", compute="_compute_is_late", search="_search_is_late")

    @api.depends(
        "rhythm",
        "anchor",
        "catch_up",
        "interval",
        "interval_unit",
        "date_start",
        "gauge_id.last_total",
        "counter_step",
        "counter_start",
        "request_ids.upkeep_due_date",
        "request_ids.upkeep_due_total",
        "request_ids.upkeep_done_date",
        "request_ids.stage_id",
        "request_ids.archive",
    )
    def _compute_due(self):
        histories = self._histories()
        waiting = self._waiting()
        totals = {}
        for plan in self:
            history = histories[plan]
            due = waiting.get(plan._origin.id) or upcoming(
                plan._rhythm(), history, plan.anchor, plan.catch_up
            )
            plan.last_done_date = histories[plan, "date"]
            plan.is_open = history.is_open
            if plan.rhythm == "calendar":
                plan.next_due_date, plan.next_due_total = due, 0.0
            else:
                plan.next_due_total = float(due)
                totals[plan.gauge_id._origin.id] = float(due)
        counted = self.filtered(lambda plan: plan.rhythm == "counter")
        for plan in counted:
            gauge = plan.gauge_id._origin
            plan.next_due_date = gauge._forecast_dates({gauge.id: plan.next_due_total})[gauge.id]
