from datetime import UTC, timedelta

from odoo import fields, models

from ..tools.dispatch import least_loaded, round_robin
from ..tools.workflow import WORKING_STEPS

METHODS = [
    ("round_robin", "In Turn"),
    ("least_loaded", "Least Loaded on Shift"),
    ("pool", "Pool: First to Take It"),
    ("manual", "By Hand"),
]


class PropertyDispatchRule(models.Model):
    """Who gets which requests: category × site × time → team → member. The first match counts."""

    _name = "property.dispatch.rule"
    _description = "Dispatch Rule"
    _inherit = ["property.request.rule"]

    urgency = fields.Selection(
        [("any", "All"), ("urgent", "Urgent Only"), ("normal", "Not Urgent Only")],
        required=True,
        default="any",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Only in these Hours",
        check_company=True,
        help="The rule counts for requests raised in these hours. Empty: at any time.",
    )
    method = fields.Selection(METHODS, required=True, default="pool")
    team_id = fields.Many2one(
        "maintenance.team",
        check_company=True,
        help="Empty: the team of the category.",
    )
    last_employee_id = fields.Many2one(
        "hr.employee", string="Last Assigned", readonly=True, copy=False
    )

    def _rule_for(self, request):
        """Return the first of the rules that fits a request.

        :param request: maintenance.request
        """
        return next((rule for rule in self if rule._fits(request)), self.browse())

    def _fits(self, request):
        self.ensure_one()
        if not self._covers(request):
            return False
        if self.urgency != "any" and (self.urgency == "urgent") != request.is_urgent:
            return False
        if not self.calendar_id:
            return True
        moment = request.raised_at
        return bool(request._work_of(self.calendar_id, moment, moment + timedelta(minutes=1)))

    def _next_employee(self, request):
        """Return whose turn it is, of the team's members on this site and on shift.

        :param request: maintenance.request
        :return: hr.employee, empty when nobody is on shift
        """
        self.ensure_one()
        team = self.team_id or request.maintenance_team_id
        members = self.env["hr.employee"].search(
            [
                ("user_id", "in", team.member_ids.ids),
                ("company_id", "=", request.company_id.id),
                ("site_ids", "in", request.site_id.ids),
            ],
            order="id",
        )
        members = self._on_shift(members)
        if self.method == "round_robin":
            return members.browse(round_robin(members.ids, self.last_employee_id.id))
        loads = self.env["maintenance.request"]._read_group(
            [("assignee_id", "in", members.ids), ("step", "in", WORKING_STEPS)],
            ["assignee_id"],
            ["__count"],
        )
        counts = {employee.id: count for employee, count in loads}
        return members.browse(least_loaded(members.ids, counts, self.last_employee_id.id))

    def _on_shift(self, employees):
        """Return those who work at this moment by their own calendars, time off considered."""
        now = fields.Datetime.now().replace(tzinfo=UTC)
        working = set()
        for calendar, group in employees.grouped("resource_calendar_id").items():
            if not calendar:  # fully flexible
                working |= set(group.ids)
                continue
            intervals = calendar._work_intervals_batch(
                now, now + timedelta(minutes=1), resources=group.resource_id
            )
            working |= {e.id for e in group if intervals.get(e.resource_id.id)}
        return employees.filtered(lambda employee: employee.id in working)
