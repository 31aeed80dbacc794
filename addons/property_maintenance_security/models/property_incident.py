from odoo import api, fields, models
from odoo.exceptions import UserError

MOST_PHOTOS = 9


class PropertyIncident(models.Model):
    """The work orders that an incident raised."""

    _inherit = "property.incident"

    request_ids = fields.One2many(
        "maintenance.request", "incident_id", string="Work Orders", copy=False
    )
    request_count = fields.Integer(
        string="Number of Work Orders", compute="_compute_request_count", compute_sudo=True
    )

    @api.depends("request_ids")
    def _compute_request_count(self):
        counts = dict(
            self.env["maintenance.request"]._read_group(
                [("incident_id", "in", self.ids)], ["incident_id"], ["__count"]
            )
        )
        for incident in self:
            incident.request_count = counts.get(incident._origin, 0)

    def action_raise_request(self):
        """Raise a work order for what is broken; while one is open it is the one."""
        self.ensure_one()
        self.check_access("write")
        self._lock_and_reread("state")
        if not self._is_open():
            raise UserError(
                self.env._("%(incident)s is over. Reopen it first.", incident=self.display_name)
            )
        if not self._open_requests():
            self._raise_work_order()
        return self.action_view_requests()

    def _open_requests(self):
        # sudo: whether there is a work order, which guards do not see
        return self.sudo().request_ids.filtered(
            lambda one: one.step not in ("done", "confirmed", "closed", "cancelled")
        )

    def _raise_work_order(self):
        """Raise a work order with the words and photos of the incident.

        :return: maintenance.request in superuser mode
        """
        # sudo: guards raise orders and read none; `_raise_request` is the door for that
        requests_sudo = self.env["maintenance.request"].sudo()
        photos = [
            (photo.name, photo.raw, photo.mimetype)
            for photo in self.photo_ids.sudo()[:MOST_PHOTOS]
            if photo.raw
        ]
        raised_sudo = requests_sudo._raise_request(
            {
                "name": self.name[:120],
                "description": f"{self.code} {self.description or self.name}",
                "site_id": self.site_id.id,
                "unit_id": self.unit_id.id or None,
                "place": self.place_shown or None,
                "contact_name": self.env.user.name,
                "is_urgent": self.severity in ("3", "4"),
            },
            photos,
        )
        raised_sudo.incident_id = self
        self.message_post(
            body=self.env._("Work order raised: %(order)s", order=raised_sudo.code),
            message_type="notification",
        )
        return raised_sudo

    def action_view_requests(self):
        """Open the work orders of the incident, or say which one it is to who reads none."""
        self.ensure_one()
        if self.env["maintenance.request"].has_access("read"):
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "property_maintenance.maintenance_request_action"
            )
            action.update(domain=[("incident_id", "=", self.id)], context={})
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Work order %(order)s is with the engineers.",
                    order=", ".join(self.sudo().request_ids.mapped("code")),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
