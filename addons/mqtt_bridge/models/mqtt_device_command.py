from odoo import api, fields, models


class MqttDevice(models.Model):
    _inherit = "mqtt.device"

    command_topic = fields.Char(
        help="Where commands for this device are published; empty: as its broker says."
    )
    command_count = fields.Integer(compute="_compute_command_count", string="Commands")

    def _compute_command_count(self):
        groups = self.env["mqtt.command"]._read_group(
            [("device_id", "in", self.ids)], ["device_id"], ["__count"]
        )
        counts = dict(groups)
        for device in self:
            device.command_count = counts.get(device._origin, 0)

    @api.constrains("command_topic", "broker_id")
    def _check_command_topic(self):
        for device in self.filtered("command_topic"):
            device.broker_id.subscription_ids._check_not_heard(device.command_topic)

    def action_commands(self):
        """Open the commands that the device was given."""
        action = self.env["ir.actions.act_window"]._for_xml_id("mqtt_bridge.mqtt_command_action")
        return {**action, "domain": [("device_id", "in", self.ids)], "context": {}}

    def action_send_command(self):
        """Open a form for a command to these devices."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mqtt_bridge.mqtt_command_send_action"
        )
        return {**action, "context": {"default_device_ids": self.ids}}
