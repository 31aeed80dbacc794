import secrets
from datetime import datetime, time, timedelta

import pytz
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _tz_get

from ..tools.scheduling import (
    DAYS,
    MONTHS,
    WEEKS,
    Schedule,
    occurrences,
    parse_month_days,
    parse_times,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CALENDAR = frozenset(
    {
        *WEEKDAYS,
        *("active", "route_id", "repeat", "every", "month_days", "times", "tz"),
        *("date_from", "date_to", "early_minutes", "late_minutes", "window_minutes", "seed"),
    }
)
MOST_MINUTES = 31 * 24 * 60
YEARS = range(1900, 3000)
PREVIEW = 10
PREVIEW_DAYS = 400  # a plan of every twelve months still shows its next date


class InspectionPlan(models.Model):
    """When a route has to be walked, and by whom."""

    _name = "inspection.plan"
    _description = "Inspection Plan"
    # planners name employees without rights on their files
    _inherit = ["hr.mixin", "mail.thread"]
    _order = "route_id, name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    route_id = fields.Many2one(
        "inspection.route",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        check_company=True,
    )
    company_id = fields.Many2one(related="route_id.company_id", store=True, index=True)
    repeat = fields.Selection(
        [(DAYS, "Days"), (WEEKS, "Weeks"), (MONTHS, "Months")],
        required=True,
        default=DAYS,
        tracking=True,
    )
    every = fields.Integer(
        required=True,
        default=1,
        tracking=True,
        help="Every so many days, weeks or months, counted from the first day.",
    )
    mon = fields.Boolean(string="Mo", default=True)
    tue = fields.Boolean(string="Tu", default=True)
    wed = fields.Boolean(string="We", default=True)
    thu = fields.Boolean(string="Th", default=True)
    fri = fields.Boolean(string="Fr", default=True)
    sat = fields.Boolean(string="Sa", default=True)
    sun = fields.Boolean(string="Su", default=True)
    month_days = fields.Char(
        string="Days of the Month",
        default="1",
        tracking=True,
        help="Such as 1, 15, 31; in a shorter month 31 is its last day.",
    )
    times = fields.Char(
        required=True,
        default="08:00",
        tracking=True,
        help="Times of the day, such as 08:00, 20:30.",
    )
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.user.tz or self.env.company.partner_id.tz or "UTC",
    )
    date_from = fields.Date(
        string="First Day", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date(string="Last Day", tracking=True, help="Inclusive; empty: without end.")
    early_minutes = fields.Integer(
        string="May Begin Earlier",
        default=15,
        tracking=True,
        help="Minutes before the planned start.",
    )
    late_minutes = fields.Integer(
        string="Has to Be Finished Within",
        default=60,
        tracking=True,
        help="Minutes after the planned start; then the round is missed.",
    )
    window_minutes = fields.Integer(
        string="Random Start Within",
        tracking=True,
        help="Minutes after its time within which a round starts, each day at another moment.",
    )
    seed = fields.Char(
        default=lambda self: secrets.token_hex(8),
        copy=False,
        required=True,
        groups="inspection_round.group_manager",
        help="Secret that decides the random starts.",
    )
    team_id = fields.Many2one("inspection.team", tracking=True, check_company=True)
    employee_ids = fields.Many2many(
        "hr.employee",
        string="Employees",
        check_company=True,
        help="Any of them may walk a round. Neither a team nor employees: any inspector may.",
    )
    ahead_days = fields.Integer(
        string="Plan Ahead", required=True, default=14, help="Days for which rounds are made."
    )
    preview = fields.Text(compute="_compute_preview", string="Next Rounds")
    round_count = fields.Integer(compute="_compute_round_count", string="Rounds")

    _minutes_positive = models.Constraint(
        "CHECK (early_minutes >= 0 AND late_minutes > 0 AND window_minutes >= 0)",
        "Minutes cannot be negative, and a round needs time to be finished.",
    )
    _window_below_day = models.Constraint(
        "CHECK (window_minutes < 1440)", "A random start lies within 24 hours of its time."
    )
    _every_positive = models.Constraint(
        "CHECK (every BETWEEN 1 AND 366)", "Repeat every 1 to 366 days, weeks or months."
    )
    _ahead_days_valid = models.Constraint(
        "CHECK (ahead_days BETWEEN 1 AND 400)", "Plan 1 to 400 days ahead."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "The last day cannot be before the first one.",
    )

    @api.depends(*sorted(CALENDAR - {"seed", "active", "route_id"}))
    def _compute_preview(self):
        now = fields.Datetime.now()
        for plan in self:
            # the table refuses minutes below none when the plan is saved
            if plan._faults() or plan.window_minutes < 0:
                plan.preview = ""
                continue
            schedule = plan._schedule()
            start = max(now, datetime.combine(schedule.first, time.min) - timedelta(days=1))
            found = occurrences(schedule, start, start + timedelta(days=PREVIEW_DAYS))
            zone = pytz.timezone(plan.tz)
            lines = [plan._preview_line(one, zone) for one in found[:PREVIEW]]
            plan.preview = "\n".join(lines)

    def _preview_line(self, occurrence, zone):
        """Write an occurrence without telling the random moment."""
        local = pytz.utc.localize(occurrence.slot).astimezone(zone)
        days = dict(self._weekday_names())
        text = f"{local:%Y-%m-%d} {days[local.weekday()]} {local:%H:%M}"
        if self.window_minutes:
            until = local + timedelta(minutes=self.window_minutes)
            text += f" – {until:%H:%M}"
        return text

    def _weekday_names(self):
        return [
            (0, self.env._("Mon")),
            (1, self.env._("Tue")),
            (2, self.env._("Wed")),
            (3, self.env._("Thu")),
            (4, self.env._("Fri")),
            (5, self.env._("Sat")),
            (6, self.env._("Sun")),
        ]

    def _compute_round_count(self):
        groups = self.env["inspection.round"]._read_group(
            [("plan_id", "in", self.ids)], ["plan_id"], ["__count"]
        )
        counts = {plan.id: count for plan, count in groups}
        for plan in self:
            plan.round_count = counts.get(plan._origin.id, 0)

    @api.constrains(
        *("times", "month_days", "repeat", "date_from", "date_to"),
        *("early_minutes", "late_minutes", "window_minutes"),
        *WEEKDAYS,
    )
    def _check_calendar(self):
        for plan in self:
            for fault in plan._faults():
                raise ValidationError(fault)

    def _faults(self):
        """List what keeps the calendar from being read, in sentences for people."""
        self.ensure_one()
        faults = []
        if self.every < 1 or not self.tz or not self.date_from:
            faults.append(self.env._("A plan needs a first day, a time zone and how often."))
        if any(day.year not in YEARS for day in (self.date_from, self.date_to) if day):
            text = self.env._("The first or the last day is of another age. Correct the year.")
            faults.append(text)
        if max(self.early_minutes, self.late_minutes, self.window_minutes) > MOST_MINUTES:
            faults.append(
                self.env._("A round begins and ends a month around its time at most, in minutes.")
            )
        try:
            if not parse_times(self.times):
                faults.append(self.env._("A plan needs at least one time of the day."))
        except ValueError as error:
            word = error.args[0]
            text = self.env._(
                "%(word)s is no time of the day: write hours and minutes, as in 08:00.", word=word
            )
            faults.append(text)
        if self.repeat == WEEKS and not any(self[day] for day in WEEKDAYS):
            faults.append(self.env._("A plan of every week needs a day of the week."))
        if self.repeat == MONTHS:
            faults += self._month_faults()
        return faults

    def _month_faults(self):
        try:
            days = parse_month_days(self.month_days)
        except ValueError as error:
            word = error.args[0]
            return [self.env._("%(word)s is no day of a month: write numbers 1 to 31.", word=word)]
        return [] if days else [self.env._("A plan of every month needs a day of the month.")]

    def _schedule(self):
        """Return the calendar as the kernel reads it."""
        self.ensure_one()
        plan_sudo = self.sudo()  # the seed is not for everybody, the rounds are
        return Schedule(
            self.repeat,
            self.every,
            parse_times(self.times),
            self.date_from,
            self.tz,
            self.date_to or None,
            frozenset(number for number, day in enumerate(WEEKDAYS) if self[day]),
            parse_month_days(self.month_days) if self.repeat == MONTHS else frozenset(),
            self.early_minutes,
            self.late_minutes,
            self.window_minutes,
            plan_sudo.seed or "",
        )

    def action_rounds(self):
        """Open the rounds of these plans."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "inspection_round.inspection_round_action"
        )
        return {**action, "domain": [("plan_id", "in", self.ids)], "context": {}}
