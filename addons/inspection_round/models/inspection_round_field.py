from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..tools.checkin import true_time
from ..tools.field_error import FieldRefused
from ..tools.payload import Wrong, read_step
from .inspection_plan_rounds import FIELD_HORIZON, _now

STAYS = timedelta(hours=12)  # after its deadline a round stays on phones: it may be finished late


class InspectionRound(models.Model):
    """What the field app reads of rounds, and how it begins and ends them."""

    _inherit = "inspection.round"

    @api.model
    def _field_data(self, employee):
        """Collect the rounds that an employee may walk now or soon.

        :param employee: hr.employee who signed in
        :return: JSON-able dict
        """
        now = _now()
        domain = Domain(
            [
                ("is_cancelled", "=", False),
                ("open_at", "<=", now + FIELD_HORIZON),
                ("deadline_at", ">=", now - STAYS),
            ]
        )
        rounds = self.search(domain, order="planned_at, id")
        rounds = rounds.filtered(lambda one: one._may_walk(employee))
        # a round shows what teammates checked in, too
        points = {route.id: route._field_points() for route in rounds.sudo().route_id}
        return {"rounds": [one._field_round(points[one.route_id.id]) for one in rounds]}

    def _field_round(self, points):
        """Describe a round to a phone.

        :param points: its checkpoints as ``_field_points`` returns them
        """
        self.ensure_one()
        visits = {}
        for checkin in self.sudo().checkin_ids:  # of teammates, too
            if checkin.state in ("valid", "flagged"):
                at = visits.setdefault(checkin.checkpoint_id.id, checkin.checked_at)
                visits[checkin.checkpoint_id.id] = min(at, checkin.checked_at)
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "id": self.id,
            "name": self.display_name,
            "route": self.route_id.name,
            "kind": self.kind,
            "kind_name": kinds.get(self.kind, ""),
            "state": self.state,
            "planned_at": moment(self.planned_at),
            "open_at": moment(self.open_at),
            "deadline_at": moment(self.deadline_at),
            "started_at": moment(self.started_at),
            "finished_at": moment(self.finished_at),
            "is_strict": self.route_id.is_strict,
            "instructions": self.route_id.instructions or "",
            "checkpoints": [
                {**point, "checked_at": moment(visits.get(point["id"]))} for point in points
            ],
        }

    @api.model
    def _field_take(self, entry, payload, files):
        """Begin or end a round as a phone says.

        :param entry: field.entry of this transaction
        :param payload: dict with round, action, unsent and note
        :param files: none are expected
        :return: (round, answer for the phone)
        :raise FieldRefused: nothing is written
        """
        try:
            step = read_step(payload)
        except Wrong as wrong:
            raise FieldRefused(422, self._field_wrong(wrong)) from None
        one = self._field_find(step["round"], entry.employee_id)
        at = true_time(entry.device_at, entry.clock_skew, entry.received_at)
        if not one.started_at or step["action"] == "start":
            one._begin(entry.employee_id, at)
        if step["action"] == "finish":
            one._finish(at, step["unsent"], step["note"])
        return one, {"round": one._field_answer()}

    @api.model
    def _field_find(self, round_id, employee):
        """Find a round that an employee may walk.

        :raise FieldRefused: there is none that this employee may see
        """
        one = self.search([("id", "=", round_id)])
        if not one:
            raise FieldRefused(
                404,
                self.env._("There is no such round for you. Reload the work of today."),
            )
        if not one._may_walk(employee):
            raise FieldRefused(
                403,
                self.env._("This round is somebody else's. Ask a planner to give it to you."),
            )
        return one

    def _field_answer(self):
        """Tell a phone how far a round is."""
        self.ensure_one()
        return {
            "id": self.id,
            "state": self.state,
            "valid": self.valid_count,
            "required": self.required_count,
        }

    @api.model
    def _field_wrong(self, wrong):
        return self.env._(
            "The value of “%(path)s” is missing or not possible. Correct it and send again.",
            path=wrong.path,
        )


def moment(value):
    """Write a moment for a phone: ISO 8601 of UTC, None when there is none."""
    return f"{value.isoformat()}Z" if value else None
