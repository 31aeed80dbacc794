from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

#: The fewest days between two due days of a unit; an order is never raised a whole period early.
FEWEST_DAYS = {"day": 1, "week": 7, "month": 28, "year": 365}
CENTURY_DAYS = 36_525


class PropertyUpkeepPlan(models.Model):
    """When which preventive maintenance (保养) of a piece of equipment is due."""

    _name = "property.upkeep.plan"
    _description = "Maintenance Plan"
    _inherit = ["property.equipment.attached", "mail.thread", "mail.activity.mixin"]
    _order = "next_due_date, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True, help="The work, such as Half-monthly service.")
    active = fields.Boolean(default=True, tracking=True)
    class_id = fields.Many2one(related="equipment_id.class_id", store=True, index=True)

    # Rhythm -----------------------------------------------------------------------------------

    rhythm = fields.Selection(
        [("calendar", "By the Calendar"), ("counter", "By a Counter")],
        string="Due",
        required=True,
        default="calendar",
        tracking=True,
    )
    anchor = fields.Selection(
        [("fixed", "Fixed"), ("last_done", "From the Last Work Done")],
        string="Counted from",
        required=True,
        default="fixed",
        tracking=True,
        help="Fixed: late work does not move the next due day. From the last work done: it does.",
    )
    catch_up = fields.Selection(
        [("latest", "One Order for All"), ("every", "An Order for Each")],
        string="When Days Were Missed",
        required=True,
        default="latest",
        tracking=True,
        help="What is raised for fixed due days that passed while nobody could raise them.",
    )
    interval = fields.Integer(string="Every", default=1, required=True, tracking=True)
    interval_unit = fields.Selection(
        [("day", "Days"), ("week", "Weeks"), ("month", "Months"), ("year", "Years")],
        required=True,
        default="month",
        tracking=True,
    )
    date_start = fields.Date(
        string="First Due",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="The first day it is due; fixed due days are counted from it.",
    )
    lead_days = fields.Integer(
        string="Raise Ahead (days)", default=3, help="Days before the due day the order is raised."
    )
    gauge_id = fields.Many2one(
        "property.equipment.gauge",
        string="Counter Gauge",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('equipment_id', '=', equipment_id), ('kind', '=', 'counter')]",
        tracking=True,
    )
    rhythm_text = fields.Char(string="Rhythm", compute="_compute_rhythm_text")
    gauge_unit = fields.Char(related="gauge_id.unit", string="Counter Unit")
    counter_step = fields.Float(
        string="Every (counted)", digits=(16, 3), default=500.0, tracking=True
    )
    counter_start = fields.Float(
        string="First Due at", digits=(16, 3), default=500.0, tracking=True
    )
    lead_count = fields.Float(
        string="Raise Ahead (counted)",
        digits=(16, 3),
        help="How much before the due reading the order is raised, in the counter's unit.",
    )

    # Work -------------------------------------------------------------------------------------

    task_ids = fields.One2many(
        "property.upkeep.task",
        "plan_id",
        string="Checklist",
        compute="_compute_task_ids",
        store=True,
        readonly=False,
        copy=True,
    )
    maintenance_team_id = fields.Many2one(
        "maintenance.team",
        string="Team",
        check_company=True,
        compute="_compute_team",
        store=True,
        readonly=False,
        tracking=True,
    )
    technician_id = fields.Many2one(
        "hr.employee",
        check_company=True,
        domain="[('user_id', '!=', False)]",
        tracking=True,
        help="Who gets the orders; empty: they are dispatched like other requests.",
    )
    duration = fields.Float(string="Hours", default=1.0, help="Expected hours of work.")
    remind_days = fields.Integer(
        string="Remind before (days)",
        default=1,
        help="Days before the due day somebody is reminded of an order not finished.",
    )
    note = fields.Text(string="Instructions")

    # What became of it ------------------------------------------------------------------------

    request_ids = fields.One2many("maintenance.request", "upkeep_plan_id", string="Orders")
    request_count = fields.Integer(compute="_compute_request_count")

    _rhythm_sane = models.Constraint(
        "CHECK(interval > 0 AND lead_days >= 0 AND remind_days >= 0 AND duration >= 0)",
        "The interval must be 1 or more; days and hours cannot be negative.",
    )
    _counter_sane = models.Constraint(
        "CHECK(rhythm <> 'counter' OR (gauge_id IS NOT NULL AND counter_step > 0"
        " AND lead_count >= 0 AND lead_count < counter_step))",
        "A plan by a counter needs the counter and a step above zero; orders are raised less than "
        "one step ahead.",
    )

    @api.depends("name", "equipment_id.name")
    def _compute_display_name(self):
        for plan in self:
            parts = (plan.name, plan.equipment_id.name)
            plan.display_name = " · ".join(part for part in parts if part)

    @api.depends("rhythm", "interval", "interval_unit", "counter_step", "gauge_id.unit")
    @api.depends_context("lang")
    def _compute_rhythm_text(self):
        units = dict(self._fields["interval_unit"]._description_selection(self.env))
        for plan in self:
            if plan.rhythm == "counter":
                amount, unit = f"{plan.counter_step:g}", plan.gauge_id.unit or ""
            else:
                amount, unit = plan.interval, units.get(plan.interval_unit, "")
            plan.rhythm_text = self.env._("every %(amount)s %(unit)s", amount=amount, unit=unit)

    @api.depends("equipment_id")
    def _compute_task_ids(self):
        for plan in self:
            if not plan.task_ids and plan.equipment_id.class_id.task_ids:
                plan.task_ids = [
                    Command.create({"sequence": task.sequence, "name": task.name})
                    for task in plan.equipment_id.class_id.task_ids
                ]

    @api.depends("equipment_id")
    def _compute_team(self):
        for plan in self:
            plan.maintenance_team_id = (
                plan.equipment_id.maintenance_team_id or plan.maintenance_team_id
            )

    @api.depends("request_ids")
    def _compute_request_count(self):
        counts = dict(
            self.env["maintenance.request"]._read_group(
                [("upkeep_plan_id", "in", self.ids)], ["upkeep_plan_id"], ["__count"]
            )
        )
        for plan in self:
            plan.request_count = counts.get(plan._origin, 0)

    @api.constrains("rhythm", "interval", "interval_unit", "lead_days")
    def _check_lead(self):
        for plan in self:
            fewest = FEWEST_DAYS[plan.interval_unit] * plan.interval
            if fewest > CENTURY_DAYS:
                raise ValidationError(
                    self.env._(
                        "%(plan)s would be due less than once in a hundred years. Correct the "
                        "interval.",
                        plan=plan.name,
                    )
                )
            if plan.rhythm == "calendar" and plan.lead_days >= fewest:
                raise ValidationError(
                    self.env._(
                        "%(plan)s is due every %(days)s days or so: raise its orders fewer days "
                        "ahead than that.",
                        plan=plan.name,
                        days=fewest,
                    )
                )

    @api.constrains("gauge_id", "equipment_id")
    def _check_gauge(self):
        for plan in self:
            gauge = plan.gauge_id
            if gauge and (gauge.equipment_id != plan.equipment_id or gauge.kind != "counter"):
                raise ValidationError(
                    self.env._(
                        "%(gauge)s is no counter of %(equipment)s. Choose one of its counters.",
                        gauge=gauge.display_name,
                        equipment=plan.equipment_id.display_name,
                    )
                )

    def action_open_copy(self):
        """Open the screen that gives the plan to more equipment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Give the Plan to More Equipment"),
            "res_model": "property.upkeep.copy",
            "view_mode": "form",
            "target": "new",
            "context": {"default_plan_id": self.id},
        }

    def action_view_requests(self):
        """Open the orders of the plan."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_maintenance.equipment_request_action"
        )
        return {**action, "domain": [("upkeep_plan_id", "=", self.id)], "context": {}}
