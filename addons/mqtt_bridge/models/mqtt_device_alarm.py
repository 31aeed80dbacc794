from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MqttDevice(models.Model):
    _inherit = "mqtt.device"

    parent_id = fields.Many2one(
        "mqtt.device",
        string="Device Above",
        index=True,
        ondelete="set null",
        domain="[('broker_id', '=', broker_id)]",
        help="The gateway or panel that it hangs on: while that has an alarm, the alarms of this "
        "one are folded under it.",
    )
    child_ids = fields.One2many("mqtt.device", "parent_id", string="Devices Below")
    value_ids = fields.One2many("mqtt.value", "device_id", string="Last Values")
    alarm_ids = fields.One2many("mqtt.alarm", "device_id")
    alarm_count = fields.Integer(string="Open Alarms", compute="_compute_alarms")
    alarm_severity = fields.Selection(
        [("critical", "Critical"), ("major", "Major"), ("minor", "Minor"), ("warning", "Warning")],
        string="Gravest Alarm",
        compute="_compute_alarms",
    )
    values_shown = fields.Char(string="Values", compute="_compute_values_shown")

    def _compute_alarms(self):
        groups = self.env["mqtt.alarm"]._read_group(
            [("device_id", "in", self.ids), ("state", "=", "active")],
            ["device_id", "severity"],
            ["__count"],
        )
        found = {}
        for device, severity, count in groups:
            before, gravest = found.get(device.id, (0, severity))
            found[device.id] = (before + count, min(gravest, severity))
        for device in self:
            count, severity = found.get(device._origin.id, (0, False))
            device.alarm_count, device.alarm_severity = count, severity

    @api.depends("value_ids.shown")
    def _compute_values_shown(self):
        for device in self:
            shown = [f"{value.metric_id.name} {value.shown}" for value in device.value_ids[:3]]
            device.values_shown = " · ".join(shown)

    @api.constrains("parent_id", "broker_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A device cannot hang on itself. Choose another device above it.")
            )
        for device in self.filtered("parent_id"):
            if device.parent_id.broker_id != device.broker_id:
                raise ValidationError(
                    self.env._(
                        "%(device)s belongs to another broker. Choose a device of the same one.",
                        device=device.parent_id.display_name,
                    )
                )

    def action_alarms(self):
        """Open the alarms of the device."""
        action = self.env["ir.actions.act_window"]._for_xml_id("mqtt_bridge.mqtt_alarm_action")
        return {
            **action,
            "domain": [("device_id", "in", self.ids)],
            "context": {"search_default_active": 1},
        }

    def action_chart(self):
        """Open the history of the device's metrics as a chart."""
        action = self.env["ir.actions.act_window"]._for_xml_id("mqtt_bridge.mqtt_sample_action")
        return {**action, "domain": [("device_id", "in", self.ids)]}
