from odoo import fields, models


class Wide(fields.Integer):
    """A number that outgrows four bytes, as those of messages do."""

    _column_type = ("int8", "int8")


class MqttEvent(models.Model):
    """A server action that waits for its turn."""

    _name = "mqtt.event"
    _description = "MQTT Event"
    _order = "id desc"
    _log_access = False

    kind = fields.Char(required=True)
    broker_id = fields.Many2one("mqtt.broker", required=True)
    subscription_id = fields.Many2one("mqtt.subscription")
    device_id = fields.Many2one("mqtt.device")
    rule_id = fields.Integer()
    alarm_id = fields.Integer()
    action_id = fields.Many2one("ir.actions.server")
    topic = fields.Char()
    payload = fields.Text()
    device_time = fields.Datetime()
    received = fields.Datetime()
    message_id = Wide()
    state = fields.Char(required=True, default="waiting")
    tries = fields.Integer(required=True, default=0)
    due = fields.Datetime(required=True, default=fields.Datetime.now)
