from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .incident_words import OPEN_STATES, SERIOUS
from .property_incident import BY_STEPS


class PropertyIncident(models.Model):
    """The steps of an incident: the only way to change its state."""

    _inherit = "property.incident"

    @api.model
    def _method_fields(self):
        """Override: the steps of the incident."""
        return super()._method_fields() | BY_STEPS

    def write(self, vals):
        """Override: deadlines count from when an incident was reported."""
        if "reported_at" in vals and not self.env.su:
            raise UserError(self.env._("When an incident was reported stays on record."))
        return super().write(vals)

    def action_start(self):
        """Begin to handle the incidents; who begins is responsible unless somebody is."""
        self._start(fields.Datetime.now())
        return True

    def _start(self, at):
        """Begin to handle the incidents.

        :param datetime at: when, naive UTC
        """
        for incident in self._to_step("reported"):
            incident._step(
                {
                    "state": "handling",
                    "responded_at": max(at, incident.reported_at),
                    "responsible_id": (incident.responsible_id or self.env.user.employee_id).id,
                }
            )

    def action_close(self):
        """Ask for the result and close."""
        return self._ask_end("close", self.env._("Close the Incident"))

    def action_cancel(self):
        """Ask for the reason and cancel."""
        return self._ask_end("cancel", self.env._("Cancel the Incident"))

    def action_reopen(self):
        """Handle incidents again that were closed or cancelled too early."""
        if not (self.env.su or self._is_manager()):
            raise AccessError(self.env._("Only managers reopen incidents. Ask your manager."))
        for incident in self._to_step("closed", "cancelled"):
            incident._step(
                {
                    "state": "handling",
                    "responded_at": incident.responded_at or fields.Datetime.now(),
                    "closed_at": False,
                    "closed_uid": False,
                    "cancel_reason": False,
                    "late_told_at": False,
                }
            )
        return True

    def _ask_end(self, event, title):
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "property.incident.end",
            "view_mode": "form",
            "target": "new",
            "context": {"default_incident_id": self.id, "default_event": event},
        }

    def _close(self, result, at=None):
        """Close incidents.

        :param str result: what came of it
        :param datetime at: when, naive UTC; now when left out
        :raise UserError: without a result, or while a required step is to be done
        :raise AccessError: when somebody closes a serious one who may not
        """
        result = (result or "").strip()
        if not result:
            raise UserError(self.env._("Say what came of it, then close the incident."))
        for incident in self._to_step(*OPEN_STATES):
            if incident.severity in SERIOUS:
                incident._check_may_end()
            undone = incident.step_ids.filtered(lambda step: step.is_required and not step.done_at)
            if undone:
                raise UserError(
                    self.env._(
                        "Before closing, do these steps: %(steps)s",
                        steps=", ".join(undone.mapped("name")),
                    )
                )
            end = max(at or fields.Datetime.now(), incident.responded_at or incident.reported_at)
            incident._step(
                {
                    "state": "closed",
                    "result": result,
                    "responded_at": incident.responded_at or end,
                    "closed_at": end,
                    "closed_uid": self.env.uid,
                }
            )
            incident._end_activities()

    def _cancel(self, reason):
        """Cancel incidents that were none.

        :param str reason: why
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why it is cancelled."))
        for incident in self._to_step(*OPEN_STATES):
            incident._check_may_end()
            incident._step(
                {
                    "state": "cancelled",
                    "cancel_reason": reason,
                    "closed_at": fields.Datetime.now(),
                    "closed_uid": self.env.uid,
                }
            )
            incident._end_activities()

    def _check_may_end(self):
        if not (self.env.su or self.env.user.has_group("property_base.group_service")):
            raise AccessError(
                self.env._(
                    "Customer service or a manager closes serious incidents and cancels any. "
                    "Write down what you did as a step."
                )
            )

    def _to_step(self, *states):
        """Return the incidents, locked, when each may leave its state.

        :raise UserError: when one is in another state
        """
        self.check_access("write")
        self._lock_and_reread("state", "responded_at", "responsible_id")
        for incident in self:
            if incident.state not in states:
                label = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(incident)s is “%(state)s” by now. Reload the page.",
                        incident=incident.display_name,
                        state=label[incident.state],
                    )
                )
        return self

    def _step(self, vals):
        # sudo: the fields of steps are written by no one in another way; access was checked
        self.sudo().write(vals)

    def _end_activities(self):
        """Take the reminders about an incident off everybody's list."""
        # sudo: they are other people's
        self.sudo().activity_ids.filtered("automated").action_feedback()
