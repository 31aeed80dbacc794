from odoo import models
from odoo.exceptions import UserError

from odoo.addons.property_security.tools import gate_message
from odoo.addons.property_security.tools.gate_error import TEXTS, GateRefused


class MqttEvent(models.Model):
    _inherit = "mqtt.event"

    def _take_gate_message(self):
        """Take passages or door events that a gate tells, or what became of a command.

        The message is the JSON of `property_security` (readme/gate_api.md). The same one again
        changes nothing.
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: the user of the broker sees no gates; the device says which one speaks
        gate_sudo = self.env["property.gate"].sudo()
        gate_sudo = gate_sudo.search(
            [("device_id", "=", self.device_id.id), ("driver", "=", "mqtt")], limit=1
        )
        if not (self.device_id and gate_sudo):
            raise UserError(
                self.env._(
                    "Nobody knows which gate %(device)s is. Choose it at the gate, then run this "
                    "again.",
                    device=self.device_id.display_name or self.topic,
                )
            )
        gate_sudo = gate_sudo._speaking()
        value = self._content()
        try:
            if not isinstance(value, dict):
                raise GateRefused(400, "json")
            if "gate_command" in value:
                self._confirm_gate_command(gate_sudo, value)
            elif gate_sudo.kind == "door":
                gate_sudo._touch()
                gate_sudo.env["property.gate.event"]._take_all(gate_sudo, value)._open()
            else:
                messages = gate_message.read(value, gate_sudo.site_id.tz or "UTC")
                gate_sudo._show(gate_sudo._take_messages(messages))
        except GateRefused as refused:
            raise UserError(TEXTS[refused.code]) from None

    def _take_camera_picture(self):
        """Have the camera of the device take a picture for the alarm, once for each alarm."""
        self.ensure_one()
        self.check_access("read")
        # sudo: the user of the broker sees no cameras
        alarm_sudo = self.alarm_id.sudo()
        if not (alarm_sudo and alarm_sudo.camera_id):
            raise UserError(
                self.env._(
                    "There is no alarm of a device with a camera. Choose the camera at the device "
                    "and let the rule keep an alarm, then run this again."
                )
            )
        alarm_sudo.camera_id._snapshot_for(alarm_sudo, alarm_sudo.first_at)

    def _confirm_gate_command(self, gate_sudo, value):
        number = value["gate_command"]
        if not isinstance(number, int) or not 0 < number < 2**31:
            raise GateRefused(404, "command")
        command_sudo = gate_sudo.command_ids.filtered_domain([("id", "=", number)])
        if not command_sudo:
            raise GateRefused(404, "command")
        if value.get("result") not in ("done", "failed"):
            raise GateRefused(422, "result")
        said = gate_message.name(value.get("message"), 200)
        command_sudo._confirm(value["result"], said or "")
