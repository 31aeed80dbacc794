"""What the shipped server actions do with an event."""

import json

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.mqtt_bridge.bridge.alarms import CAPPED
from odoo.addons.mqtt_bridge.tools import decoding

LONGEST = 60_000  # characters of a message that an event can be given
ACTIVITY = "property_iot.activity_device"


class MqttEvent(models.Model):
    _inherit = "mqtt.event"

    def _take_readings(self):
        """Take what meters report in the message of the event.

        Meters that cannot be read do not keep the others back: they get an event of their own,
        which says what is wrong and can be run again.

        :raise UserError: when no meter of the message can be read
        """
        self.ensure_one()
        self.check_access("read")
        telegram, data = self._telegram(), self._whole_content()
        rows = telegram._rows(self.topic, data)
        # the user of the broker may do little; that a meter listens to this device is decided by
        # who connected them, and the readings are judged like those of people
        meters_sudo = self.env["property.meter"].sudo()
        values, faults = meters_sudo._telegram_values(telegram, self.device_id, rows)
        if faults and not values:
            raise UserError("\n".join(sentence for _row, sentence in faults[:20]))
        meters_sudo._take_telegrams(values, self.device_time or self.received)
        if faults:
            self._put_off(telegram, data, [row for row, _sentence in faults])

    def _telegram(self):
        """Return how the meters of this event report.

        :raise UserError: when nobody has said it
        """
        telegrams = self.env["property.meter.telegram"].search(
            [("subscription_id", "=", self.subscription_id.id)]
        )
        # the user of the broker need not see the rules that are linked
        mine = telegrams.filtered(lambda one: one.sudo().rule_id == self.sudo().rule_id)
        found = mine or telegrams
        if len(found) != 1:
            raise UserError(
                self.env._(
                    "How meters report in %(subscription)s is not set up, or more than once. Look "
                    "into Automatic Reading, then run this again.",
                    subscription=self.subscription_id.name or self.topic,
                )
            )
        return found

    def _whole_content(self):
        """Return the message, even where it is too long for an event to carry it."""
        data = self._content()
        if not isinstance(data, str) or len(self.payload or "") < CAPPED or not self.message_id:
            return data
        message = self.env["mqtt.message"].search([("id", "=", self.message_id)])
        if not message:
            raise UserError(self.env._("The message is past the days for which they are kept."))
        payload = message._payloads()[message.id]
        source = message.subscription_id
        return decoding.decode(payload, source.decoder, len(payload), source._kinds())

    def _put_off(self, telegram, data, rows):
        """Give meters that could not be read an event of their own."""
        part = telegram._part(data, rows)
        while len(json.dumps(part, ensure_ascii=False)) > LONGEST and len(rows) > 1:
            rows = rows[: len(rows) // 2]
            part = telegram._part(data, rows)
        names = ("kind", "topic", "device_time", "received", "message_id")
        links = ("broker_id", "subscription_id", "device_id", "rule_id", "alarm_id", "action_id")
        self._queue(
            [
                {
                    **{name: self[name] for name in names},
                    **{name: self[name].id for name in links},
                    "payload": part,
                }
            ]
        )

    def _call_engineers(self):
        """Put the alarm on the list of the engineers of the device's site, once for each alarm."""
        self.ensure_one()
        self.check_access("read")
        device = self.device_id
        # the user of the broker need not see sites and staff
        site_sudo = device.sudo().site_id
        if not site_sudo:
            raise UserError(
                self.env._(
                    "Nobody knows where %(device)s is. Choose its site, then run this again.",
                    device=device.display_name or self.topic,
                )
            )
        users_sudo = site_sudo._device_users()
        if not users_sudo:
            raise UserError(
                self.env._(
                    "%(site)s has no engineer to be called. Give it one, or say at the site who is "
                    "called for device alarms, then run this again.",
                    site=site_sudo.name,
                )
            )
        alarm = self.alarm_id
        record_sudo = (alarm or device.unit_id or site_sudo).sudo()
        called = record_sudo.activity_ids.filtered(
            lambda one: one.activity_type_id == self.env.ref(ACTIVITY)
        ).user_id
        for user in users_sudo - called if self._once("call engineers") else ():
            record_sudo.activity_schedule(
                ACTIVITY,
                user_id=user.id,
                summary=(alarm.sudo() if alarm else device).display_name,
                note=self._call_note(alarm),
            )

    def _call_note(self, alarm):
        """Say where somebody is called to."""
        device_sudo = self.device_id.sudo()
        parts = (device_sudo.site_id.name, device_sudo.unit_id.code, alarm and alarm.sudo().value)
        return " · ".join(part for part in parts if part)

    def _end_call(self):
        """Take the alarm off the lists again: it is over."""
        self.ensure_one()
        self.check_access("read")
        alarm = self.alarm_id
        if alarm:
            # the calls are of others
            alarm.sudo().activity_feedback([ACTIVITY], feedback=self.env._("It is over by itself."))
