from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import presence


class MqttSubscription(models.Model):
    """Where messages say that a device comes or goes, and how it counts them."""

    _inherit = "mqtt.subscription"

    presence_path = fields.Char(
        tracking=True,
        help="Where a message says that its device comes or goes, as in birth and will: $.state, "
        "or topic:3 where the topic tells. Empty: these messages do not tell.",
    )
    presence_online = fields.Char(
        string="Words for Coming", help=f"With commas between; empty: {presence.COMES}"
    )
    presence_offline = fields.Char(
        string="Words for Going", help=f"With commas between; empty: {presence.GOES}"
    )
    highest_number = fields.Integer(
        help="After which a device begins at 0 again, as 255 for a count of one byte. "
        "0: it counts on.",
    )
    alarm_gaps = fields.Boolean(
        string="Alarm on Missing Numbers",
        help="Raise an alarm while numbers of a device are missing.",
    )
    missing = fields.Integer(
        compute="_compute_missing", help="Numbers of its devices that never came."
    )

    def _compute_missing(self):
        groups = self.env["mqtt.gap"]._read_group(
            [("subscription_id", "in", self.ids), ("is_settled", "=", False)],
            ["subscription_id"],
            ["missing:sum"],
        )
        sums = {subscription.id: number for subscription, number in groups}
        for subscription in self:
            subscription.missing = sums.get(subscription._origin.id, 0)

    @api.constrains("presence_online", "presence_offline")
    def _check_presence(self):
        for subscription in self:
            try:
                presence.parse("$", subscription.presence_online, subscription.presence_offline)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "%(words)s cannot stand for both coming and going.", words=error.args[0]
                    )
                ) from None

    @api.constrains("highest_number")
    def _check_highest_number(self):
        if any(one.highest_number < 0 or one.highest_number == 1 for one in self):
            raise ValidationError(
                self.env._("The highest number is at least 2, or 0 where the device counts on.")
            )

    def action_missing(self):
        """Open the numbers that are missing."""
        action = self.env["ir.actions.act_window"]._for_xml_id("mqtt_bridge.mqtt_gap_action")
        return {**action, "domain": [("subscription_id", "in", self.ids)]}
