from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..tools.upkeep import (
    UNFINISHED,
    Calendar,
    Counter,
    History,
    decimal,
    forecast,
    to_raise,
    upcoming,
)

#: Local hour an order of the day is planned for.
START = time(9)
BATCH = 500


class PropertyUpkeepPlan(models.Model):
    _inherit = "property.upkeep.plan"

    last_done_date = fields.Date(string="Last Done", compute="_compute_last_done", store=True)
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
    problem = fields.Char(readonly=True, copy=False, help="Why the last order could not be raised.")
    is_late = fields.Boolean(string="Late", compute="_compute_is_late", search="_search_is_late")

    @api.depends("request_ids.upkeep_done_date")
    def _compute_last_done(self):
        days = dict(
            self.env["maintenance.request"]._read_group(
                [("upkeep_plan_id", "in", self._origin.ids)],
                ["upkeep_plan_id"],
                ["upkeep_done_date:max"],
            )
        )
        for plan in self:
            plan.last_done_date = days.get(plan._origin, False)

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
        histories, waiting = self._histories(), self._waiting()
        paces = self.gauge_id._origin._paces()
        for plan in self:
            history = histories[plan._origin.id]
            due = waiting.get(plan._origin.id) or upcoming(
                plan._rhythm(), history, plan.anchor, plan.catch_up
            )
            plan.is_open = history.is_open
            plan.next_due_total = 0.0 if plan.rhythm == "calendar" else float(due)
            if plan.rhythm == "calendar":
                plan.next_due_date = due
            else:
                pace = paces.get(plan.gauge_id._origin.id)
                plan.next_due_date = pace and forecast(*pace, decimal(due))

    @api.depends("next_due_date")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for plan in self:
            plan.is_late = bool(plan.next_due_date and plan.next_due_date < today)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("next_due_date", "<", fields.Date.context_today(self))
        return late if True in value else ~late

    # Rhythm and history, as the kernel wants them ---------------------------------------------

    def _rhythm(self):
        self.ensure_one()
        if self.rhythm == "calendar":
            return Calendar(self.date_start, self.interval or 1, self.interval_unit)
        return Counter(decimal(self.counter_start), decimal(self.counter_step))

    def _histories(self):
        """Return what became of the plans so far, in one query for any number of them.

        What was cancelled counts as done on its due point: else it would be raised for ever.

        :return: id of the plan -> History
        """
        raised, done, is_open = {}, {}, set()
        for plan, cancelled, stage, due, due_total, day, total in self.env[
            "maintenance.request"
        ]._read_group(
            [("upkeep_plan_id", "in", self._origin.ids)],
            ["upkeep_plan_id", "archive", "stage_id"],
            [
                "upkeep_due_date:max",
                "upkeep_due_total:max",
                "upkeep_done_date:max",
                "upkeep_done_total:max",
            ],
        ):
            by_calendar = plan.rhythm == "calendar"
            due = due if by_calendar else decimal(due_total)
            raised.setdefault(plan.id, []).append(due)
            if cancelled:
                done.setdefault(plan.id, []).append(due)
            elif stage.done:
                done.setdefault(plan.id, []).append(day if by_calendar else decimal(total))
            else:
                is_open.add(plan.id)
        return {
            plan._origin.id: History(
                raised=max(filter(_known, raised.get(plan._origin.id, ())), default=None),
                done=max(filter(_known, done.get(plan._origin.id, ())), default=None),
                is_open=plan._origin.id in is_open,
            )
            for plan in self
        }

    def _waiting(self):
        """Return the due points of the orders not finished yet: plan id -> date or reading."""
        rows = self.env["maintenance.request"]._read_group(
            [("upkeep_plan_id", "in", self._origin.ids), *UNFINISHED],
            ["upkeep_plan_id"],
            ["upkeep_due_date:min", "upkeep_due_total:min"],
        )
        return {plan.id: due if plan.rhythm == "calendar" else total for plan, due, total in rows}

    # Raising orders ---------------------------------------------------------------------------

    @api.model
    def _cron_raise(self):
        """Raise the orders that are due, and remind of those not finished; catch up what is."""
        today = fields.Date.context_today(self)
        cron = self.env["ir.cron"]
        plans = self.search([("equipment_id.active", "=", True)])
        cron._commit_progress(remaining=len(plans))
        for start in range(0, len(plans), BATCH):
            part = plans[start : start + BATCH].try_lock_for_update()
            part._raise_or_note(today)
            part.request_ids._remind_upkeep(today)
            if not cron._commit_progress(len(plans[start : start + BATCH])):
                break

    def action_raise_due(self):
        """Raise now what the job would raise tonight."""
        self.check_access("write")
        # sudo: orders are made by the plan, not by hand; who may keep the plan was checked
        requests = self.sudo()._raise_due(fields.Date.context_today(self)).sudo(self.env.su)
        if not requests:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "message": self.env._("Nothing is due yet. The next due day is shown above."),
                    "type": "info",
                },
            }
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_maintenance.equipment_request_action"
        )
        return {**action, "domain": [("id", "in", requests.ids)], "context": {}}

    def _raise_due(self, day):
        """Raise the orders that are due on a day and have not been raised, each once.

        :param day: raise what is due up to this day plus the days each plan raises ahead
        :return: the new requests
        """
        plans = self.filtered(
            lambda plan: (
                plan.active and plan.equipment_id.active and plan.equipment_id.state != "scrapped"
            )
        )
        plans._lock_and_reread()
        histories = plans._histories()
        vals_list = [
            plan._prepare_request_vals(due, missed)
            for plan in plans
            for due, missed in to_raise(
                plan._rhythm(), plan._limit(day), histories[plan.id], plan.anchor, plan.catch_up
            )
        ]
        return self.env["maintenance.request"].create(vals_list)

    def _raise_or_note(self, day):
        """Raise the orders that are due; a plan that cannot keeps its problem, others go on."""
        try:
            with self.env.cr.savepoint():
                self._raise_due(day)
                self.filtered("problem").problem = False
        except UserError as error:
            if len(self) == 1:
                self.problem = str(error)
                return
            for plan in self:
                plan._raise_or_note(day)

    def _limit(self, day):
        self.ensure_one()
        if self.rhythm == "calendar":
            return day + timedelta(days=self.lead_days)
        return decimal(self.gauge_id.last_total) + decimal(self.lead_count)

    def _prepare_request_vals(self, due, missed):
        """Return the values of the order for a due point.

        :param due: date, or reading of the counter
        :param missed: earlier due points that the order stands for too
        """
        self.ensure_one()
        by_calendar = self.rhythm == "calendar"
        day = due if by_calendar else fields.Date.context_today(self)
        equipment = self.equipment_id
        zone = ZoneInfo(self.site_id.tz or "UTC")
        start = datetime.combine(day, START, zone).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
        return {
            "name": self.display_name,
            "site_id": self.site_id.id,
            "company_id": self.company_id.id,
            "unit_id": equipment.unit_id.id,
            "place": equipment.place_shown or equipment.name,
            "equipment_id": equipment.id,
            "kind": "preventive",
            "channel": "plan",
            "maintenance_type": "preventive",
            "maintenance_team_id": (self.maintenance_team_id or equipment._team()).id,
            "assignee_id": self._technician().id,
            "schedule_date": start,
            "schedule_end": start + timedelta(hours=self.duration or 1),
            "description": self._order_text(due, missed),
            "upkeep_plan_id": self.id,
            "upkeep_due_key": due.isoformat() if by_calendar else f"{due.normalize():f}",
            "upkeep_due_date": day,
            "upkeep_due_total": 0.0 if by_calendar else float(due),
            "task_ids": [
                Command.create(
                    {
                        "sequence": task.sequence,
                        "name": task.name,
                        "is_required": task.is_required,
                    }
                )
                for task in self.task_ids
            ],
        }

    def _technician(self):
        """Return the technician, or nobody when the site is not his any more."""
        self.ensure_one()
        # sudo: the sites of employees are for HR; here they only decide
        technician_sudo = self.technician_id.sudo()
        works_here = technician_sudo.active and self.site_id in technician_sudo.site_ids
        return self.technician_id if works_here else self.technician_id.browse()

    def _order_text(self, due, missed):
        self.ensure_one()
        lines = self.note.splitlines() if self.note else []
        if self.rhythm == "counter":
            lines.append(
                self.env._(
                    "Due at %(due)s %(unit)s; the counter stands at %(now)s.",
                    due=f"{due.normalize():f}",
                    unit=self.gauge_id.unit or "",
                    now=f"{self.gauge_id.last_total:g}",
                )
            )
        if missed:
            lines.append(
                self.env._(
                    "Stands also for what was due and not raised: %(points)s.",
                    points=", ".join(str(point) for point in missed),
                )
            )
        return Markup("<br/>").join(lines) if lines else False


def _known(point):
    return point is not None
