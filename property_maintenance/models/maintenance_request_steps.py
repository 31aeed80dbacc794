from odoo import api, fields, models
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
    """The steps of a request: each checks, writes and logs; nothing else moves a request."""

    _inherit = "maintenance.request"

    # Dispatch ---------------------------------------------------------------------------------

    def action_assign(self, employee):
        """Give new requests to an employee.

        :param employee: hr.employee record or id
        """
        employee = self._employee_of(employee)
        for request in self._begin("assign"):
            request._check_assignable(employee)
            request._happen(
                "assign",
                {"assignee_id": employee.id, "is_pool": False},
                from_employee_id=request.assignee_id.id,
                to_employee_id=employee.id,
            )
        return True

    def action_take(self):
        """Take a request from the pool (抢单): one engineer gets it, others are told so."""
        self._check_not_taken()
        for request in self._begin("take"):
            employee = request._own_employee()
            request._happen(
                "take",
                {
                    "assignee_id": employee.id,
                    "is_pool": False,
                    "respond_done_at": request.respond_done_at or fields.Datetime.now(),
                },
                to_employee_id=employee.id,
            )
        return True

    def action_accept(self):
        """Accept what was assigned."""
        for request in self._begin("accept"):
            request._happen(
                "accept",
                {"respond_done_at": request.respond_done_at or fields.Datetime.now()},
            )
        return True

    def action_reject(self, reason):
        """Give back what was assigned, saying why.

        :param str reason: why
        """
        reason = self._reason_of(reason)
        for request in self._begin("reject"):
            request._happen(
                "reject",
                {"assignee_id": False},
                from_employee_id=request.assignee_id.id,
                reason=reason,
            )
        return True

    def action_transfer(self, employee, reason):
        """Hand work on to another employee, who has to accept it.

        :param employee: hr.employee record or id
        :param str reason: why
        """
        employee, reason = self._employee_of(employee), self._reason_of(reason)
        for request in self._begin("transfer"):
            if employee == request.assignee_id:
                raise UserError(
                    self.env._(
                        "%(request)s is with %(employee)s already. Choose somebody else.",
                        request=request.display_name,
                        employee=employee.sudo().name,
                    )
                )
            request._check_assignable(employee)
            request._happen(
                "transfer",
                {"assignee_id": employee.id},
                from_employee_id=request.assignee_id.id,
                to_employee_id=employee.id,
                reason=reason,
            )
        return True

    # Work -------------------------------------------------------------------------------------

    def action_arrive(self):
        """Say that the assignee is there."""
        for request in self._begin("arrive"):
            request._happen("arrive", {"arrive_done_at": fields.Datetime.now()})
        return True

    def action_pause(self, reason):
        """Stop the clocks, saying why: waiting for parts, for the resident, for the weather.

        :param str reason: why
        """
        reason = self._reason_of(reason)
        for request in self._begin("pause"):
            request._check_paused_is(False)
            request._happen(
                "pause",
                {"is_paused": True, "pause_reason": reason, "kanban_state": "blocked"},
                reason=reason,
            )
        return True

    def action_resume(self):
        """Let the clocks run again."""
        for request in self._begin("resume"):
            request._check_paused_is(True)
            request._resume()
        return True

    def action_done(self, note=None):
        """Say that the work is done.

        :param str note: what was done
        """
        for request in self._begin("done"):
            request._check_tasks_done()
            if request.is_paused:
                request._resume()
            request._happen(
                "done",
                {"finish_done_at": fields.Datetime.now(), "kanban_state": "normal"},
                note=note or False,
            )
        return True

    # After the work ---------------------------------------------------------------------------

    def action_confirm(self):
        """Agree that the work is done."""
        for request in self._begin("confirm"):
            request._happen("confirm", {"confirmed_at": fields.Datetime.now()})
        return True

    def action_reopen(self, reason):
        """Send finished work back to the desk: it is not solved.

        :param str reason: what is still wrong
        """
        reason = self._reason_of(reason)
        for request in self._begin("reopen"):
            request._happen(
                "reopen",
                {
                    "assignee_id": False,
                    "is_pool": False,
                    "reopen_count": request.reopen_count + 1,
                    "reopened_at": fields.Datetime.now(),
                    "arrive_done_at": False,
                    "finish_done_at": False,
                    "confirmed_at": False,
                },
                from_employee_id=request.assignee_id.id,
                reason=reason,
            )
        return True

    def action_urge(self):
        """Ask to hurry (催单)."""
        for request in self._begin("urge"):
            request._happen("urge", {"urge_count": request.urge_count + 1})
        return True

    def action_cancel(self, reason):
        """Withdraw a request that is not needed any more.

        :param str reason: why
        """
        reason = self._reason_of(reason)
        for request in self._begin("cancel"):
            request._happen(
                "cancel",
                {
                    "cancel_reason": reason,
                    "archive": True,
                    "is_pool": False,
                    "is_paused": False,
                    "kanban_state": "normal",
                },
                reason=reason,
            )
        return True

    def action_return_visit(self, result, note=None):
        """Record what the resident said when called back (回访).

        :param str result: ``satisfied``, ``unsatisfied`` or ``unreachable``
        :param str note: the resident's words
        """
        if result not in dict(self._fields["return_visit_result"].selection):
            raise UserError(
                self.env._("Choose whether the resident was satisfied, not satisfied or away.")
            )
        for request in self._begin("return_visit"):
            request._happen("return_visit", {"return_visit_result": result}, note=note or False)
        return True

    # How an event happens ---------------------------------------------------------------------

    def _begin(self, event):
        """Lock the requests and check that the event may happen to each, done by this user.

        :param str event: a key of the workflow's EVENTS
        :return: the requests
        :raise UserError: when somebody else is at it, or the step does not allow it
        :raise AccessError: when it is not this user's to do
        """
        self.check_access("read")
        # sudo: a resident or engineer may act where he may not write; checked right here
        if len(self.sudo().try_lock_for_update()) < len(self):
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
