from odoo import api, models
from odoo.exceptions import UserError

from .maintenance_request_event import STEP_FIELDS

#: Where a service request may start; the rest follows from events.
CREATE_FIELDS = frozenset(("stage_id", "assignee_id", "user_id", "raised_at", "quotation_state"))


class MaintenanceRequest(models.Model):
    """What a service request is born with, and what nobody writes by hand."""

    _inherit = "maintenance.request"

    @api.model_create_multi
    def create(self, vals_list):
        """Start service requests in the first step, log it, and dispatch them."""
        assignees = []
        self.env["res.partner"]._property_check_readable(
            [{"partner_id": vals.get("contact_id")} for vals in vals_list]
        )
        for vals in vals_list:
            is_service = vals.get("site_id") or vals.get("unit_id")
            if not is_service or (self.env.su and vals.get("stage_id")):
                assignees.append(False)  # not ours, or history that is written as it was
                continue
            if not self.env.su:
                self._check_created_vals(vals)
            assignees.append(vals.pop("assignee_id", False))
            vals["stage_id"] = self.env["maintenance.stage"]._of_step("new").id
        requests = super().create(vals_list)
        services = requests.filtered("site_id")
        services._log_created()
        services._add_checklist()
        for request, employee_id in zip(requests, assignees, strict=True):
            if employee_id:
                request.action_assign(employee_id)
        services.filtered(lambda request: request.step == "new")._dispatch()
        return requests

    def write(self, vals):
        """Move service requests by their events only; a new assignee is assigned."""
        if vals.get("contact_id"):
            self.env["res.partner"]._property_check_readable([{"partner_id": vals["contact_id"]}])
        services = self.filtered("site_id") if STEP_FIELDS & vals.keys() else self.browse()
        if self.env.su or not services:
            return super().write(vals)
        if vals.keys() == {"assignee_id"} and vals["assignee_id"]:
            return self._assign_or_transfer(vals["assignee_id"])
        if vals.keys() == {"stage_id"}:
            return self._move_to(self.env["maintenance.stage"].browse(vals["stage_id"]))
        raise UserError(
            self.env._(
                "A service request moves by its buttons only. Open it and use the button of the "
                "next step."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_manager(self):
        if self.env.su or self.env.user.has_group("property_base.group_manager"):
            return
        if self.filtered("site_id"):
            raise UserError(
                self.env._("Only the site manager can delete a request. Cancel it instead.")
            )

    def archive_equipment_request(self):
        """Override of `maintenance`: a service request is cancelled with a reason instead."""
        if self.filtered("site_id"):
            raise UserError(self.env._("Use “Cancel”: a service request needs a reason."))
        return super().archive_equipment_request()

    def reset_equipment_request(self):
        """Override of `maintenance`: a cancelled service request stays cancelled."""
        if self.filtered("site_id"):
            raise UserError(
                self.env._("A cancelled service request stays cancelled. Raise it again.")
            )
        return super().reset_equipment_request()

    @api.model
    def _check_created_vals(self, vals):
        refused = (STEP_FIELDS - CREATE_FIELDS) & {name for name, value in vals.items() if value}
        if refused:
            raise UserError(
                self.env._("A request starts as new. Raise it first, then use its buttons.")
            )

    def _assign_or_transfer(self, employee_id):
        for request in self:
            if request.step in ("accepted", "on_site"):
                request.action_transfer(employee_id, self.env._("Moved on the board"))
            else:
                request.action_assign(employee_id)
        return True

    def _move_to(self, stage):
        """Do what dragging a card to a column means, where nothing more must be said."""
        for request in self:
            match stage.step:
                case "accepted" if request.step == "new":
                    request.action_take()
                case "accepted":
                    request.action_accept()
                case "on_site":
                    request.action_arrive()
                case "done":
                    request.action_done()
                case "confirmed":
                    request.action_confirm()
                case _:
                    raise UserError(
                        self.env._(
                            "Open %(request)s and use its buttons: this step needs more words.",
                            request=request.display_name,
                        )
                    )
        return True

    def _log_created(self):
        # sudo: the log is written by events only
        self.env["property.request.step"].sudo().create(
            [
                {
                    "request_id": request.id,
                    "event": "create",
                    "step": request.step,
                    "user_id": self.env.uid,
                    "at": request.raised_at,
                    "is_public": True,
                }
                for request in self
            ]
        )

    def _add_checklist(self):
        # sudo: whoever raises a request need not be allowed to keep its checklist
        self.env["property.request.task"].sudo().create(
            [
                {
                    "request_id": request.id,
                    "sequence": task.sequence,
                    "name": task.name,
                    "is_required": task.is_required,
                }
                for request in self
                for task in request.request_category_id.sudo().task_ids
            ]
        )

    @api.depends("assignee_id.user_id")
    def _compute_user_id(self):
        """Override of `maintenance`: the technician of a service request is its assignee."""
        services = self.filtered("site_id")
        for request in services:
            request.user_id = request.assignee_id.user_id
        return super(MaintenanceRequest, self - services)._compute_user_id()
