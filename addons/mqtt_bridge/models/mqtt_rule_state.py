from odoo import fields, models

from ..tools import judging


class MqttRuleState(models.Model):
    """What a rule remembers of a device. Only the bridge writes it."""

    _name = "mqtt.rule.state"
    _description = "MQTT Rule State"
    _order = "due_at, id"
    _rec_name = "rule_id"
    _log_access = False

    rule_id = fields.Many2one(
        "mqtt.rule", required=True, index=True, readonly=True, ondelete="cascade"
    )
    device_id = fields.Many2one("mqtt.device", required=True, readonly=True, ondelete="cascade")
    phase = fields.Selection(
        [
            (judging.IDLE, "Waiting"),
            (judging.PENDING, "Holds, but not long enough"),
            (judging.ACTIVE, "Has begun"),
        ],
        required=True,
        readonly=True,
    )
    since = fields.Datetime(readonly=True, help="By the device's clock.")
    since_received = fields.Datetime(readonly=True)
    count = fields.Integer(string="Messages", readonly=True, help="In a row for which it held.")
    fired_at = fields.Datetime(string="Last Acted", readonly=True)
    moment = fields.Datetime(string="Last Message", readonly=True)
    due_at = fields.Datetime(string="Acts On", readonly=True)
    facts = fields.Text(readonly=True)

    _device_rule_unique = models.UniqueIndex("(device_id, rule_id)")
    _due = models.Index("(due_at) WHERE due_at IS NOT NULL")
