from odoo import fields, models
from odoo.exceptions import UserError


class MqttAlarm(models.Model):
    """The work order that an alarm raised."""

    _inherit = "mqtt.alarm"

    request_id = fields.Many2one(
        "maintenance.request",
        string="Work Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="property_base.group_staff",
    )

    def action_raise_request(self):
        """Raise a work order for each of these alarms, or find the one that is there."""
        self._check_operator()
        requests_sudo = self._raise_requests()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_maintenance.maintenance_request_action"
        )
        action.update(domain=[("id", "in", requests_sudo.ids)], context={})
        if len(requests_sudo) == 1:
            action.update(res_id=requests_sudo.id, views=[(False, "form")])
        return action

    def _raise_requests(self):
        """Raise one work order for an alarm and its equipment, however often it is asked.

        :return: the maintenance.request, in superuser mode
        """
        requests_sudo = self.env["maintenance.request"].sudo()
        # sudo: the user of the broker sees no equipment, and writes no alarms
        for alarm_sudo in self.sudo():
            equipment_sudo = alarm_sudo.device_id.equipment_id
            if not equipment_sudo.site_id:
                raise UserError(
                    self.env._(
                        "Nobody knows which equipment %(device)s watches. Choose it at the device, "
                        "then run this again.",
                        device=alarm_sudo.device_id.display_name,
                    )
                )
            raised_sudo = requests_sudo._raise_from_alarm(
                f"mqtt.alarm,{alarm_sudo.id}",
                alarm_sudo.display_name,
                equipment_sudo.site_id,
                unit=equipment_sudo.unit_id,
                equipment=equipment_sudo,
                place=equipment_sudo.place_shown,
                text=alarm_sudo.value or "",
            )
            alarm_sudo.request_id = raised_sudo
            requests_sudo |= raised_sudo
        return requests_sudo

    def action_open_request(self):
        """Open the work order of the alarm."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "maintenance.request",
            "res_id": self.request_id.id,
            "views": [(False, "form")],
        }
