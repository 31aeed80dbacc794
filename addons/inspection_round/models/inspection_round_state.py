from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.states import (
    CANCELLED,
    DONE,
    INCOMPLETE,
    MISSED,
    OPEN,
    PLANNED,
    RUNNING,
    STATES,
    Facts,
    state_of,
)

OVER = (DONE, CANCELLED)


class InspectionRound(models.Model):
    _inherit = "inspection.round"

    state = fields.Selection(
        [
            (PLANNED, "Not Yet Open"),
            (OPEN, "To Do"),
            (RUNNING, "Under Way"),
            (DONE, "Done"),
            (INCOMPLETE, "Not Finished"),
            (MISSED, "Missed"),
            (CANCELLED, "Cancelled"),
        ],
        compute="_compute_state",
        search="_search_state",
        help="Follows from the times of the round; nothing has to run for a round to be missed.",
    )

    @api.depends("open_at", "deadline_at", "started_at", "finished_at", "is_cancelled")
    def _compute_state(self):
        now = fields.Datetime.now()
        for one in self:
            facts = Facts(
                one.open_at or now,
                one.deadline_at or now,
                one.started_at or None,
                one.finished_at or None,
                one.is_cancelled,
            )
            one.state = state_of(facts, now)

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(self._state_domain(state) for state in value if state in STATES)

    @api.model
    def _state_domain(self, state):
        now = fields.Datetime.now()
        if state == CANCELLED:
            return Domain("is_cancelled", "=", True)
        kept = Domain("is_cancelled", "=", False)
        if state == DONE:
            return kept & Domain("finished_at", "!=", False)
        begun = Domain("started_at", "!=" if state in (RUNNING, INCOMPLETE) else "=", False)
        domain = kept & Domain("finished_at", "=", False) & begun
        if state in (INCOMPLETE, MISSED):
            return domain & Domain("deadline_at", "<", now)
        domain &= Domain("deadline_at", ">=", now)
        if state == OPEN:
            return domain & Domain("open_at", "<=", now)
        return domain & Domain("open_at", ">", now) if state == PLANNED else domain

    def _field_to_sql(self, alias, field_expr, query=None):
        """Tell the state in SQL, for lists and charts that are grouped by it."""
        if field_expr != "state":
            return super()._field_to_sql(alias, field_expr, query)
        columns = ("open_at", "deadline_at", "started_at", "finished_at", "is_cancelled")
        parts = {name: self._field_to_sql(alias, name, query) for name in columns}
        return SQL(
            """CASE WHEN %(is_cancelled)s THEN 'cancelled'
                    WHEN %(finished_at)s IS NOT NULL THEN 'done'
                    WHEN %(deadline_at)s < %(now)s AND %(started_at)s IS NOT NULL THEN 'incomplete'
                    WHEN %(deadline_at)s < %(now)s THEN 'missed'
                    WHEN %(started_at)s IS NOT NULL THEN 'running'
                    WHEN %(open_at)s <= %(now)s THEN 'open'
                    ELSE 'planned' END""",
            now=fields.Datetime.now(),
            **parts,
        )

    # -- steps

    def action_start(self):
        """Begin these rounds as the employee who is signed in."""
        employee = self._walker()
        now = fields.Datetime.now()
        for one in self:
            one._check_step(one.started_at or one.state in (*OVER, MISSED))
        self._begin(employee, now)
        return True

    def action_finish(self):
        """End these rounds as the employee who is signed in."""
        self._walker()
        for one in self:
            one._check_step(not one.started_at or one.state in OVER)
        self._finish(fields.Datetime.now())
        return True

    def action_cancel(self):
        """Ask why these rounds are cancelled."""
        self._check_planner()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "inspection_round.inspection_round_cancel_action"
        )
        return {**action, "context": {"default_round_ids": self.ids}}

    def action_reinstate(self):
        """Take back a cancellation."""
        self._check_planner()
        for one in self:
            one._check_step(not one.is_cancelled)
        self.sudo().write({"is_cancelled": False, "cancel_reason": False})  # rights are checked
        return True

    def _cancel(self, reason):
        """Cancel rounds that nobody has to walk.

        :param reason: text for people
        """
        self._check_planner()
        for one in self:
            one._check_step(one.state in OVER)
        self.sudo().write({"is_cancelled": True, "cancel_reason": reason})  # rights are checked

    def _begin(self, employee, at):
        """Note that rounds were begun; the points they have to visit stay as they are now.

        :param employee: who walks them
        :param at: naive UTC datetime; an earlier one that is known stays
        """
        for one_sudo in self.sudo():  # inspectors walk rounds and do not plan them
            vals = {}
            if not one_sudo.started_at or at < one_sudo.started_at:
                vals["started_at"] = at
            if not one_sudo.started_at:
                points = one_sudo.route_id.checkpoint_ids
                vals["checkpoint_ids"] = [fields.Command.set(points.ids)]
                vals["required_count"] = len(points)
                if employee and one_sudo.employee_id != employee:
                    vals["employee_id"] = employee.id
            if vals:
                one_sudo.write(vals)

    def _finish(self, at, unsent=0, note=None):
        """Note that rounds were finished.

        :param at: naive UTC datetime
        :param unsent: number of entries that were still on the phone
        :param note: text of the employee
        """
        for one_sudo in self.sudo():  # inspectors walk rounds and do not plan them
            vals = {"finished_at": at, "unsent_count": unsent}
            if note:
                vals["note"] = "\n".join(filter(None, [one_sudo.note, note]))
            one_sudo.write(vals)

    def _check_step(self, is_impossible):
        """Refuse a step that the state does not allow.

        :raise UserError: it does not
        """
        if is_impossible:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(round)s is “%(state)s”: this step is not possible. Reload the page.",
                    round=self.display_name,
                    state=states[self.state],
                )
            )

    def _check_planner(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("inspection_round.group_planner"):
            raise AccessError(self.env._("Only planners of inspections may do this. Ask one."))

    def _walker(self):
        """Return the employee who is signed in, after checking the rounds may be walked."""
        self.check_access("read")
        employee = self.env.user.employee_id
        if not employee:
            raise UserError(
                self.env._("Your user has no employee: ask the HR department to link it to yours.")
            )
        if not all(one._may_walk(employee) for one in self):
            raise AccessError(
                self.env._("This round is somebody else's. Ask a planner to give it to you.")
            )
        return employee

    def _may_walk(self, employee):
        """Say whether an employee may walk the round."""
        self.ensure_one()
        one_sudo = self.sudo()  # teams are not for everybody, the answer is
        named_sudo = one_sudo.employee_ids | one_sudo.team_id.employee_ids | one_sudo.employee_id
        return not named_sudo or employee in named_sudo
