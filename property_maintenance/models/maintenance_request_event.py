from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..tools.workflow import EVENTS, may_happen
from .property_request_step import PUBLIC_EVENTS

#: Changed by events only.
STEP_FIELDS = frozenset(
    (
        "stage_id",
        "archive",
        "user_id",
        "assignee_id",
        "is_pool",
        "is_paused",
        "pause_reason",
        "cancel_reason",
        "reopen_count",
        "urge_count",
        "return_visit_result",
        "quotation_state",
        "raised_at",
        "reopened_at",
        "confirmed_at",
        "respond_done_at",
        "arrive_done_at",
        "finish_done_at",
    )
)


class MaintenanceRequest(models.Model):
    """How an event happens to a request: locked, checked, written and logged."""

    _inherit = "maintenance.request"

    def _begin(self, event):
        """Lock the requests and check that the event may happen to each, done by this user.

        :param str event: a key of the workflow's EVENTS
        :return: the requests
        :raise UserError: when somebody else is at it, or the step does not allow it
        :raise AccessError: when it is not this user's to do
        """
        self.check_access("read")
        # sudo: a resident or engineer may act where he may not write; checked right here
        # whoever only adds something to the request, such as a message, stands in nobody's way
        if len(self.sudo().try_lock_for_update(allow_referencing=True)) < len(self):
            raise UserError(
                self.env._(
                    "Somebody else is working on this request at this moment. Reload and try again."
                )
            )
        self.invalidate_recordset(["stage_id", "step", "assignee_id", "is_pool", "is_paused"])
        for request in self:
            request._check_event(event)
        return self

    def _check_event(self, event):
        self.ensure_one()
        if not self.step or not may_happen(event, self.step, self.kind):
            raise UserError(self._refusal(event))
        actors = EVENTS[event].actors
        if not {"manager", *actors} & self._actors():
            raise AccessError(
                self.env._(
                    "“%(event)s” on %(request)s is not yours to do. Ask the front desk or the "
                    "person it is assigned to.",
                    event=self._event_label(event),
                    request=self.display_name,
                )
            )

    def _refusal(self, event):
        if event == "take" and self.assignee_id:
            return self.env._(
                "%(request)s was already taken by %(employee)s. Choose another one from the pool.",
                request=self.display_name,
                employee=self.assignee_id.sudo().name,
            )
        if not self.step:
            return self.env._(
                "%(request)s is no service request of a site. Give it a site first.",
                request=self.display_name,
            )
        return self.env._(
            "%(request)s is “%(step)s”, so “%(event)s” is not possible now.",
            request=self.display_name,
            step=dict(self._fields["step"]._description_selection(self.env))[self.step],
            event=self._event_label(event),
        )

    @api.model
    def _event_label(self, event):
        entry = self.env["property.request.step"]
        return dict(entry._fields["event"]._description_selection(self.env)).get(event, event)

    def _actors(self):
        """Tell in which parts the current user may act on the request.

        :return: set of manager, desk, assignee, pool, contact
        """
        self.ensure_one()
        user = self.env.user
        if self.env.su or user.has_group("property_base.group_manager"):
            return {"manager"}
        actors = set()
        if user.has_group("property_base.group_service"):
            actors.add("desk")
        if self.sudo().assignee_id.user_id == user:
            actors.add("assignee")
        if self.contact_id and self.contact_id == user.partner_id:
            actors.add("contact")
        members_sudo = self.sudo().maintenance_team_id.member_ids
        is_member = not members_sudo or user in members_sudo
        if self.is_pool and is_member and user.has_group("property_base.group_engineer"):
            actors.add("pool")
        return actors

    def _happen(self, event, vals=None, **entry):
        """Write what an event changes and log it.

        :param str event: what happens; one of property.request.step's events
        :param dict vals: further values of the request
        :param entry: further values of the log entry: from_employee_id, reason, note, at
        """
        self.ensure_one()
        target = EVENTS[event].target if event in EVENTS else None
        vals = dict(vals or {})
        before = self.sudo().assignee_id
        if target and target != self.step:
            vals["stage_id"] = self.env["maintenance.stage"]._of_step(target).id
        # sudo: steps are not written by hand; access and step were checked
        request_sudo = self.sudo()
        entry_sudo = self.env["property.request.step"].sudo()
        log = entry_sudo.create(
            {
                "request_id": self.id,
                "event": event,
                "step": target or self.step,
                "user_id": self.env.uid,
                "is_public": event in PUBLIC_EVENTS,
                **entry,
            }
        )
        if vals:
            request_sudo.write(vals)
        left = before - request_sudo.assignee_id
        if left.user_id and left.user_id != request_sudo.owner_user_id:
            request_sudo.message_unsubscribe(left.user_id.partner_id.ids)
        self._on_event(event, log)
        return log

    def _on_event(self, event, entry):
        """Hook: something has happened to the request.

        :param str event: one of property.request.step's events
        :param entry: the property.request.step, as superuser
        """

    def _resume(self):
        self._happen(
            "resume", {"is_paused": False, "pause_reason": False, "kanban_state": "normal"}
        )

    # Checks -----------------------------------------------------------------------------------

    @api.model
    def _employee_of(self, employee):
        """Return the employee that was named, by record or id."""
        if isinstance(employee, int):
            employee = self.env["hr.employee"].browse(employee)
        if not isinstance(employee, models.BaseModel) or not employee.sudo().exists():
            raise UserError(self.env._("Choose the employee who is to do it."))
        return employee.ensure_one()

    @api.model
    def _reason_of(self, reason):
        """Return a reason that says something."""
        reason = reason.strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(self.env._("Say why; the reason is kept with the request."))
        return reason[:500]

    def _own_employee(self):
        # sudo: engineers do not read employees, and this is their own
        employee_sudo = (
            self.env["hr.employee"]
            .sudo()
            .search(
                [("user_id", "=", self.env.uid), ("company_id", "=", self.company_id.id)], limit=1
            )
        )
        if not employee_sudo:
            raise UserError(
                self.env._("You have no employee in this company. Ask HR to link your user.")
            )
        return employee_sudo.sudo(self.env.su)

    def _check_not_taken(self):
        """Tell who came too late why: what left the pool is not seen any more."""
        # sudo: only requests of the user's own sites are spoken of
        for request in self.sudo().exists():
            is_own_site = request.site_id in self.env.user.property_site_ids
            if is_own_site and request.assignee_id and request.assignee_id.user_id != self.env.user:
                raise UserError(request._refusal("take"))

    def _check_assignable(self, employee):
        """Raise unless the employee's user sees the request; one without user may be named."""
        # sudo: the sites of employees are for HR; here they only decide
        employee_sudo = employee.sudo()
        if employee_sudo.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "%(employee)s works for another company. Choose somebody of this company.",
                    employee=employee_sudo.name,
                )
            )
        user_sudo = employee_sudo.user_id
        if user_sudo and self.site_id and self.site_id not in user_sudo.property_site_ids:
            raise UserError(
                self.env._(
                    "%(employee)s does not work on %(site)s. Choose somebody of that site.",
                    employee=employee_sudo.name,
                    site=self.site_id.name,
                )
            )

    def _check_paused_is(self, wanted):
        if self.is_paused == wanted:
            return
        if wanted:
            raise UserError(self.env._("%(request)s is not paused.", request=self.display_name))
        raise UserError(
            self.env._("%(request)s is paused already. Resume it first.", request=self.display_name)
        )

    def _check_tasks_done(self):
        open_tasks = self.sudo().task_ids.filtered(
            lambda task: task.is_required and not task.is_done
        )
        if open_tasks:
            raise UserError(
                self.env._(
                    "Tick the checklist of %(request)s first. Still open: %(tasks)s.",
                    request=self.display_name,
                    tasks=", ".join(open_tasks.mapped("name")),
                )
            )
