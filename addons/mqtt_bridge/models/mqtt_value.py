from odoo import api, fields, models

from ..tools import expressions


class MqttValue(models.Model):
    """What a device said last about a metric. It moves forward in the device's time only."""

    _name = "mqtt.value"
    _description = "MQTT Last Value"
    _order = "device_id, metric_id"
    _rec_name = "metric_id"
    _log_access = False

    device_id = fields.Many2one("mqtt.device", required=True, readonly=True, ondelete="cascade")
    metric_id = fields.Many2one(
        "mqtt.metric", required=True, readonly=True, index=True, ondelete="cascade"
    )
    number = fields.Float(readonly=True, aggregator="avg")
    text = fields.Char(readonly=True)
    moment = fields.Datetime(
        string="Time", required=True, readonly=True, help="By the device's clock where it has one."
    )
    received_at = fields.Datetime(string="Received", required=True, readonly=True)
    is_retained = fields.Boolean(string="Retained", readonly=True)
    shown = fields.Char(string="Value", compute="_compute_shown")

    _device_metric_unique = models.UniqueIndex("(device_id, metric_id)")

    def init(self):
        """Leave room on each page, so that a new value replaces the old one in its place."""
        self.env.cr.execute("ALTER TABLE mqtt_value SET (fillfactor = 70)")

    @api.depends("number", "text", "metric_id.kind", "metric_id.unit")
    def _compute_shown(self):
        for value in self:
            kind, unit = value.metric_id.kind, value.metric_id.unit or ""
            if kind == "text":
                value.shown = value.text
            elif kind == "switch":
                value.shown = self.env._("on") if value.number else self.env._("off")
            else:
                value.shown = f"{expressions.show(value.number)} {unit}".strip()

    def action_chart(self):
        """Open the history of this metric of this device as a chart."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("mqtt_bridge.mqtt_sample_action")
        domain = [("metric_id", "=", self.metric_id.id), ("device_id", "=", self.device_id.id)]
        name = f"{self.device_id.display_name} · {self.metric_id.display_name}"
        return {**action, "domain": domain, "display_name": name, "name": name}
