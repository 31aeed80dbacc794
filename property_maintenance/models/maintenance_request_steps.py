from odoo import fields, models
from odoo.exceptions import UserError


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
