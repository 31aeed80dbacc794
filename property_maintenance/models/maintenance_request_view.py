from odoo import api, fields, models

from ..tools.workflow import EVENTS, OPEN_STEPS, events_from

#: Events with a button; those that ask something open the wizard.
BUTTONS = tuple(event for event in EVENTS if event != "auto_confirm")


class MaintenanceRequest(models.Model):
    """What the form offers to whom."""

    _inherit = "maintenance.request"

    open_of_unit_count = fields.Integer(
        string="Other Open Requests of the Unit", compute="_compute_open_of_unit_count"
    )

    can_assign = fields.Boolean(compute="_compute_can")
    can_take = fields.Boolean(compute="_compute_can")
    can_accept = fields.Boolean(compute="_compute_can")
    can_reject = fields.Boolean(compute="_compute_can")
    can_transfer = fields.Boolean(compute="_compute_can")
    can_arrive = fields.Boolean(compute="_compute_can")
    can_pause = fields.Boolean(compute="_compute_can")
    can_resume = fields.Boolean(compute="_compute_can")
    can_done = fields.Boolean(compute="_compute_can")
    can_confirm = fields.Boolean(compute="_compute_can")
    can_rate = fields.Boolean(compute="_compute_can")
    can_reopen = fields.Boolean(compute="_compute_can")
    can_urge = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")
    can_return_visit = fields.Boolean(compute="_compute_can")

    @api.depends("unit_id", "step")
    def _compute_open_of_unit_count(self):
        counts = dict(
            self._read_group(
                [("unit_id", "in", self.unit_id.ids), ("step", "in", OPEN_STEPS)],
                ["unit_id"],
                ["__count"],
            )
        )
        for request in self:
            own = 1 if request._origin.step in OPEN_STEPS else 0
            request.open_of_unit_count = max(counts.get(request.unit_id._origin, 0) - own, 0)

    @api.depends("step", "is_paused", "assignee_id", "is_pool", "kind")
    @api.depends_context("uid")
    def _compute_can(self):
        for request in self:
            possible = request._possible_events() if request.step else set()
            for event in BUTTONS:
                request[f"can_{event}"] = event in possible

    def _possible_events(self):
        """Return the events that this user may let happen now."""
        actors = {"manager"} if self.env.su else self._actors()
        events = {
            event
            for event in events_from(self.step, self.kind)
            if "manager" in actors or actors & set(EVENTS[event].actors)
        }
        events -= {"pause"} if self.is_paused else {"resume"}
        if not self.is_pool:
            events.discard("take")
        return events

    def get_formview_id(self, access_uid=None):
        """Override of `base`: a service request opens in its own form."""
        if len(self) == 1 and self.site_id:
            return self.env.ref("property_maintenance.maintenance_request_view_form").id
        return super().get_formview_id(access_uid=access_uid)

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Override of `maintenance`: boards of service requests have a column for each step."""
        stages = super()._read_group_stage_ids(stages, domain)
        if self.env.context.get("property_steps"):
            return stages.filtered("step")
        return stages

    def _assignable_employees(self):
        """Return the employees who may get the requests: users of their sites, team first."""
        # sudo: the sites of employees are for HR; the result is only names
        employees_sudo = (
            self.env["hr.employee"]
            .sudo()
            .search(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("user_id", "!=", False),
                    ("site_ids", "in", self.site_id.ids),
                ]
            )
        )
        members = self.sudo().maintenance_team_id.member_ids
        team = employees_sudo.filtered(lambda employee: employee.user_id in members)
        return (team or employees_sudo).sudo(self.env.su)

    def action_event(self):
        """Open the wizard of the event in the context."""
        event = self.env.context.get("event")
        labels = dict(
            self.env["property.request.event"]._fields["event"]._description_selection(self.env)
        )
        return {
            "type": "ir.actions.act_window",
            "name": labels.get(event, self.display_name),
            "res_model": "property.request.event",
            "view_mode": "form",
            "target": "new",
            "context": {"default_event": event, "default_request_ids": self.ids},
        }

    def action_open_of_unit(self):
        """Open the open requests of the unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_maintenance.maintenance_request_action"
        )
        action["domain"] = [("unit_id", "=", self.unit_id.id), ("step", "in", OPEN_STEPS)]
        action["context"] = {}
        return action

    @api.model
    def _property_contact_paths(self):
        """Override of `property_base`: a caller's number is as private as the one on file."""
        return {**super()._property_contact_paths(), "contact_phone": "contact_id"}

    def action_show_phone(self):
        """Show the phone number of the caller, and log that it was shown."""
        self.ensure_one()
        self.check_access("read")
        if self.contact_id and self.contact_id.phone == self.contact_phone:
            return self.contact_id.action_reveal_phone()
        self.env["property.audit"]._log("unmask", self, after={"field": "phone"})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.contact_name or self.display_name,
                "message": self.contact_phone or self.env._("No phone number is known."),
                "type": "info",
                "sticky": True,
            },
        }
