from odoo import models
from odoo.exceptions import UserError


class MqttEvent(models.Model):
    _inherit = "mqtt.event"

    def _raise_request(self):
        """Raise a work order for the alarm of the event, once for each alarm and equipment."""
        self.ensure_one()
        self.check_access("read")
        if not self.alarm_id:
            raise UserError(
                self.env._(
                    "Only an alarm raises a work order. Let the rule keep an alarm, then run this "
                    "again."
                )
            )
        self.alarm_id._raise_requests()

    def _end_request(self):
        """Note at the work order that the alarm is over; people decide what that means."""
        self.ensure_one()
        self.check_access("read")
        # sudo: the user of the broker sees no work orders
        request_sudo = self.alarm_id.sudo().request_id
        if request_sudo and self._once("end work order"):
            request_sudo.message_post(
                body=self.env._("The alarm is over: %(alarm)s", alarm=self.alarm_id.display_name)
            )
