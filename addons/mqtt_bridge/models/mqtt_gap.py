from odoo import fields, models
from odoo.exceptions import AccessError

from .mqtt_sequence import BigInteger


class MqttGap(models.Model):
    """Numbers that a device must have sent, and that never came."""

    _name = "mqtt.gap"
    _description = "MQTT Missing Messages"
    _order = "noticed_at desc, id desc"
    _rec_name = "first_number"
    _log_access = False

    sequence_id = fields.Many2one(
        "mqtt.sequence", required=True, index=True, ondelete="cascade", readonly=True
    )
    device_id = fields.Many2one(
        "mqtt.device", required=True, index=True, ondelete="cascade", readonly=True
    )
    subscription_id = fields.Many2one(
        "mqtt.subscription", required=True, ondelete="restrict", readonly=True
    )
    epoch = fields.Integer(required=True, default=0, readonly=True, aggregator=None)
    first_number = BigInteger(string="From", required=True, readonly=True, aggregator=None)
    last_number = BigInteger(string="To", required=True, readonly=True, aggregator=None)
    missing = fields.Integer(required=True, default=1, readonly=True)
    noticed_at = fields.Datetime(string="Noticed", required=True, readonly=True, index=True)
    is_settled = fields.Boolean(
        string="Settled", required=True, default=False, readonly=True, index=True
    )

    def action_settle(self):
        """Say that these messages need not be looked for any more."""
        self._settle(True)

    def action_reopen(self):
        """Take that back."""
        self._settle(False)

    def _settle(self, is_settled):
        """Let operators decide about gaps that they may read; nobody writes them by hand."""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group("mqtt_bridge.group_operator"):
            raise AccessError(
                self.env._("Only operators of device messages may do this. Ask one of them.")
            )
        # the right to write would let numbers be changed
        self.sudo().is_settled = is_settled
