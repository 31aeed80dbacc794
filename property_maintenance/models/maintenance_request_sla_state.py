from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.workflow import FINISHED_STEPS
from .maintenance_request_clock import CLOCKS

SLA_STATES = [
    ("late", "Overdue"),
    ("at_risk", "Due Soon"),
    ("on_time", "On Time"),
    ("paused", "Paused"),
    ("met", "In Time"),
    ("missed", "Missed"),
    ("none", "No Limit"),
]


class MaintenanceRequest(models.Model):
    """How a request stands with its clocks at this moment: shown, searched and grouped by."""

    _inherit = "maintenance.request"

    sla_state = fields.Selection(
        SLA_STATES, string="Clock", compute="_compute_sla_state", search="_search_sla_state"
    )
    sla_text = fields.Char(string="Time Left", compute="_compute_sla_state")

    @api.depends_context("lang")
    @api.depends(
        "step",
        "is_paused",
        "sla_due_at",
        "sla_warn_at",
        *(f"{clock}_due_at" for clock in CLOCKS),
        *(f"{clock}_done_at" for clock in CLOCKS),
        *(f"is_{clock}_late" for clock in CLOCKS),
    )
    def _compute_sla_state(self):
        now = fields.Datetime.now()
        for request in self:
            request.sla_state = request._sla_state_at(now)
            request.sla_text = request._sla_text_at(now)

    def _sla_state_at(self, now):
        if self.step in FINISHED_STEPS:
            late = any(self[f"is_{clock}_late"] for clock in CLOCKS)
            limited = any(self[f"{clock}_due_at"] for clock in CLOCKS)
            return ("missed" if late else "met") if limited else "none"
        if self.is_paused:
            return "paused"
        if not self.sla_due_at:
            return "none"
        if now > self.sla_due_at:
            return "late"
        return "at_risk" if self.sla_warn_at and now > self.sla_warn_at else "on_time"

    def _sla_text_at(self, now):
        if self.sla_state == "paused":
            return self.env._("paused")
        if self.sla_state not in ("late", "at_risk", "on_time"):
            return False
        minutes = int(abs((self.sla_due_at - now).total_seconds())) // 60
        duration = self._duration_text(minutes)
        if self.sla_state == "late":
            return self.env._("%(duration)s over", duration=duration)
        return self.env._("%(duration)s left", duration=duration)

    @api.model
    def _duration_text(self, minutes):
        """Phrase a duration in its two largest units.

        :param int minutes: zero or more
        """
        days, rest = divmod(minutes, 24 * 60)
        hours, minutes = divmod(rest, 60)
        if days:
            return self.env._("%(days)s d %(hours)s h", days=days, hours=hours)
        if hours:
            return self.env._("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
        return self.env._("%(minutes)s min", minutes=minutes)

    # The same in SQL --------------------------------------------------------------------------

    def _sla_state_sql(self, alias, query):
        """Return the SQL expression of the clock's state, the same cases as in Python."""
        column = {
            name: self._field_to_sql(alias, name, query)
            for name in (
                "step",
                "is_paused",
                "sla_due_at",
                "sla_warn_at",
                *(f"{clock}_due_at" for clock in CLOCKS),
                *(f"{clock}_done_at" for clock in CLOCKS),
            )
        }
        now = fields.Datetime.now()
        late = [
            SQL("COALESCE(%s, %s) > %s", column[f"{c}_done_at"], now, column[f"{c}_due_at"])
            for c in CLOCKS
        ]
        return SQL(
            """CASE
                WHEN %(step)s IN %(finished)s THEN CASE
                    WHEN COALESCE(%(dues)s) IS NULL THEN 'none'
                    WHEN COALESCE(%(respond)s, FALSE) OR COALESCE(%(arrive)s, FALSE)
                        OR COALESCE(%(finish)s, FALSE) THEN 'missed'
                    ELSE 'met' END
                WHEN %(is_paused)s THEN 'paused'
                WHEN %(sla_due_at)s IS NULL THEN 'none'
                WHEN %(now)s > %(sla_due_at)s THEN 'late'
                WHEN %(now)s > %(sla_warn_at)s THEN 'at_risk'
                ELSE 'on_time' END""",
            step=column["step"],
            finished=FINISHED_STEPS,
            dues=SQL(", ").join(column[f"{clock}_due_at"] for clock in CLOCKS),
            respond=late[0],
            arrive=late[1],
            finish=late[2],
            is_paused=column["is_paused"],
            sla_due_at=column["sla_due_at"],
            sla_warn_at=column["sla_warn_at"],
            now=now,
        )

    def _search_sla_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = tuple(state for state in value if state)
        if not states:
            return Domain.FALSE
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s", model._sla_state_sql(alias, query), states
            ),
            predicate=lambda request: request.sla_state in states,
        )

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Override of `base` to group by the clock's state, which no column holds."""
        if groupby_spec == "sla_state":
            return self._sla_state_sql(alias, query)
        return super()._read_group_groupby(alias, groupby_spec, query)
