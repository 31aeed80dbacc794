from odoo import fields, models

from ..bridge import trial
from ..models.mqtt_event import Wide
from ..tools import judging


class MqttRuleTrialLine(models.TransientModel):
    """A message on which a rule was tried."""

    _name = "mqtt.rule.trial.line"
    _description = "MQTT Rule Trial Line"

    trial_id = fields.Many2one("mqtt.rule.trial", required=True, index=True, ondelete="cascade")
    moment = fields.Datetime(string="Time")
    device_id = fields.Many2one("mqtt.device")
    message_id = Wide(string="Message Number")
    topic = fields.Char()
    verdict = fields.Selection(
        [
            ("yes", "It holds"),
            ("no", "It does not hold"),
            ("unknown", "Undecided"),
            (trial.UNREADABLE, "The message cannot be read"),
            (trial.OTHER, "Not about this device"),
            ("time", "Time went by"),
        ]
    )
    effect = fields.Selection(
        [
            (judging.PENDING, "Waits"),
            (judging.BEGUN, "Begins"),
            (judging.GOES_ON, "Goes on"),
            (judging.AGAIN, "Reminds"),
            (judging.ENDED, "Ends"),
            (judging.MATCHED, "Acts"),
        ]
    )
    value = fields.Char(string="Values")
    text = fields.Char()
    detail = fields.Char(string="Reason")
