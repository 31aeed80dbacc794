from datetime import timedelta

from odoo import api, fields, models

from ..tools.upkeep import UNFINISHED
from .activities import schedule

ACTIVITY = "property_maintenance.mail_activity_upkeep"


class MaintenanceRequest(models.Model):
    """A request of a maintenance plan: which due point it is for, and when it was done."""

    _inherit = "maintenance.request"

    kind = fields.Selection(
        selection_add=[("preventive", "Preventive Maintenance")],
        ondelete={"preventive": "set null"},
    )
    channel = fields.Selection(
        selection_add=[("plan", "Maintenance Plan"), ("inspection", "Inspection")],
        ondelete={"plan": "set default", "inspection": "set default"},
    )
    equipment_id = fields.Many2one(domain="[('site_id', '=?', site_id)]", tracking=True)
    equipment_class_id = fields.Many2one(
        related="equipment_id.class_id",
        string="Equipment Class",
        store=True,
        index="btree_not_null",
    )
    upkeep_plan_id = fields.Many2one(
        "property.upkeep.plan",
        string="Maintenance Plan",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
    upkeep_due_key = fields.Char(copy=False, readonly=True)
    upkeep_due_date = fields.Date(string="Due on", copy=False, readonly=True)
    upkeep_due_total = fields.Float(
        string="Due at", digits=(16, 3), copy=False, readonly=True, aggregator=None
    )
    upkeep_done_date = fields.Date(
        string="Maintained on", compute="_compute_upkeep_done", store=True
    )
    upkeep_done_total = fields.Float(
        string="Maintained at",
        digits=(16, 3),
        compute="_compute_upkeep_done",
        store=True,
        aggregator=None,
        help="What the counter of the plan had counted when the work was done.",
    )
    upkeep_reminded = fields.Boolean(copy=False, readonly=True)

    # The database itself keeps a due point from being raised twice.
    _upkeep_due_unique = models.UniqueIndex(
        "(upkeep_plan_id, upkeep_due_key) WHERE upkeep_plan_id IS NOT NULL",
        "The order for this due day was already raised.",
    )

    @api.depends("equipment_id")
    def _compute_site_id(self):
        """Override to take the site from the equipment where no unit tells it."""
        result = super()._compute_site_id()
        for request in self.filtered(lambda one: not one.unit_id and one.equipment_id.site_id):
            request.site_id = request.equipment_id.site_id
        return result

    @api.depends("upkeep_plan_id", "stage_id.done", "finish_done_at")
    def _compute_upkeep_done(self):
        for request in self:
            plan = request.upkeep_plan_id
            if not plan or not request.stage_id.done:
                request.upkeep_done_date = request.upkeep_done_total = False
            elif not request.upkeep_done_date:
                zoned = request.with_context(tz=request.site_id.tz)
                moment = request.finish_done_at or fields.Datetime.now()
                request.upkeep_done_date = fields.Datetime.context_timestamp(zoned, moment).date()
                request.upkeep_done_total = plan.gauge_id.last_total

    def _remind_upkeep(self, today):
        """Remind of orders that are due soon and not finished, each once.

        :param today: the day to judge from
        """
        due = self.filtered_domain([*UNFINISHED, ("upkeep_reminded", "=", False)]).filtered(
            lambda one: (
                one.upkeep_due_date - timedelta(days=one.upkeep_plan_id.remind_days) <= today
            )
        )
        rows = [
            (one, user, max(one.upkeep_due_date, today), one._reminder_text(user))
            for one in due
            for user in one._upkeep_users()
        ]
        schedule(self, ACTIVITY, rows)
        due.upkeep_reminded = True

    def _reminder_text(self, user):
        return self.with_context(lang=user.lang).env._(
            "%(work)s is due on %(day)s.", work=self.name, day=self.upkeep_due_date
        )

    def _upkeep_users(self):
        """Return who is reminded: the technician, or the site manager while there is none."""
        self.ensure_one()
        # sudo: whoever runs the job need not read employees
        request_sudo = self.sudo()
        users = request_sudo.user_id or request_sudo.site_id.manager_id.user_id
        return users.filtered("active")
