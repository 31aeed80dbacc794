import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..bridge import configuration
from ..tools import measuring

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")


class MqttMetric(models.Model):
    """A value that the messages of a subscription carry."""

    _name = "mqtt.metric"
    _description = "MQTT Metric"
    _order = "subscription_id, sequence, id"

    name = fields.Char(required=True)
    code = fields.Char(
        required=True, help="By which conditions name it: metrics.temperature, last.temperature."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    subscription_id = fields.Many2one(
        "mqtt.subscription", required=True, index=True, ondelete="restrict"
    )
    broker_id = fields.Many2one(related="subscription_id.broker_id")
    path = fields.Char(
        required=True, help="Where it stands in a message: $.data.temperature, or topic:3."
    )
    kind = fields.Selection(
        [
            (measuring.NUMBER, "Number"),
            (measuring.SWITCH, "On or off"),
            (measuring.TEXT, "Text"),
        ],
        required=True,
        default=measuring.NUMBER,
    )
    unit = fields.Char(help="As people read it: °C, kWh, m³.")
    factor = fields.Float(
        required=True,
        default=1.0,
        digits=(16, 9),
        help="What the device sends is multiplied by this: 0.1 where it sends tenths.",
    )
    has_history = fields.Boolean(
        string="Keep History",
        default=True,
        help="Keep each value for the chart, not only the last one. Texts have no history.",
    )

    _code_unique = models.UniqueIndex(
        "(subscription_id, code) WHERE active", "The subscription has a metric with this code."
    )
    _factor = models.Constraint("CHECK(factor <> 0)", "A factor is not 0.")

    @api.depends("name", "unit")
    def _compute_display_name(self):
        for metric in self:
            metric.display_name = f"{metric.name} ({metric.unit})" if metric.unit else metric.name

    @api.constrains("code", "path")
    def _check_words(self):
        for metric in self:
            if not CODE.fullmatch(metric.code):
                raise ValidationError(
                    self.env._(
                        "The code %(code)s has to begin with a letter and have only letters, "
                        "digits and _, at most 32.",
                        code=metric.code,
                    )
                )
            try:
                configuration.path(metric.path)
            except ValueError:
                raise ValidationError(
                    self.env._(
                        "%(path)s is no path. Write topic:2 for a level of the topic, or "
                        "$.payload.list[0].id for a field of the message.",
                        path=metric.path,
                    )
                ) from None

    def action_chart(self):
        """Open the history of these metrics as a chart."""
        action = self.env["ir.actions.act_window"]._for_xml_id("mqtt_bridge.mqtt_sample_action")
        return {**action, "domain": [("metric_id", "in", self.ids)]}
