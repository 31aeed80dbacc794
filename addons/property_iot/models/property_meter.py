"""Meters that are read by devices: what they said last, and the day that is booked when over."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools import days

READER = "mqtt_bridge.group_reader"
#: What became of a telegram, as people see it.
RESULTS = [
    ("open", "Its day goes on"),
    ("taken", "Kept as a reading"),
    ("not_due", "No reading day"),
    ("by_hand", "Somebody read the meter"),
    ("decided", "Somebody decided on the reading"),
    ("billed", "Already billed"),
    ("older", "A later value was kept"),
    ("before", "Before the meter was installed"),
]


class PropertyMeter(models.Model):
    _name = "property.meter"
    _inherit = ["property.meter", "mail.activity.mixin"]

    device_id = fields.Many2one(
        "mqtt.device",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        copy=False,
        groups=READER,
        help="That sends what the counter shows: the meter itself, or a gateway.",
    )
    telegram_id = fields.Many2one(
        "property.meter.telegram",
        string="Automatic Reading",
        compute="_compute_telegram_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        copy=False,
        groups=READER,
        domain="['|', ('kind', '=', False), ('kind', '=', kind)]",
        help="Where in the messages of the device the reading stands.",
    )
    device_address = fields.Char(
        string="Address on the Device",
        tracking=True,
        copy=False,
        groups=READER,
        help="By which a gateway with several meters names this one. Empty: the device is this "
        "meter.",
    )
    is_automatic = fields.Boolean(
        string="Read by Device", compute="_compute_is_automatic", store=True, precompute=True
    )
    telegram_value = fields.Float(
        string="Last Telegram", digits=(16, 3), readonly=True, copy=False, aggregator=False
    )
    telegram_at = fields.Datetime(
        string="Telegram of", readonly=True, copy=False, help="Time of the device."
    )
    telegram_result = fields.Selection(
        RESULTS, string="Became Of It", readonly=True, copy=False, index="btree_not_null"
    )
    live_value = fields.Float(
        string="Shows Now",
        compute="_compute_live",
        digits=(16, 3),
        help="What the device said last.",
    )
    live_at = fields.Datetime(string="Heard", compute="_compute_live")
    live_consumption = fields.Float(
        string="Since the Last Reading", compute="_compute_live", digits=(16, 3)
    )
    device_status = fields.Selection(
        [
            ("online", "Online"),
            ("silent", "Silent"),
            ("offline", "Offline"),
            ("never", "Never heard"),
        ],
        compute="_compute_live",
        search="_search_device_status",
    )
    device_alarm_count = fields.Integer(string="Open Alarms", compute="_compute_live")

    _source_unique = models.UniqueIndex(
        "(device_id, telegram_id, COALESCE(device_address, '')) WHERE device_id IS NOT NULL"
        " AND active",
        "Another meter is read by this device already. Give each its own address, or disconnect "
        "the other one.",
    )

    @api.depends("device_id", "kind")
    def _compute_telegram_id(self):
        telegrams = self.env["property.meter.telegram"]
        known = telegrams.search([("broker_id", "in", self.device_id.broker_id.ids)])
        for meter in self:
            device = meter.device_id
            fit = known.filtered(
                lambda one, meter=meter, device=device: (
                    one.broker_id == device.broker_id and one.kind in (False, meter.kind)
                )
            )
            if not device:
                meter.telegram_id = False
            elif meter.telegram_id not in fit:
                heard = fit.filtered(
                    lambda one, device=device: one.metric_id in device.value_ids.metric_id
                )
                choice = heard or fit
                meter.telegram_id = choice if len(choice) == 1 else False
            else:
                meter.telegram_id = meter.telegram_id

    @api.depends("device_id", "telegram_id")
    def _compute_is_automatic(self):
        for meter in self:
            meter.is_automatic = bool(meter.device_id and meter.telegram_id)

    @api.depends("device_id", "telegram_id", "telegram_value", "telegram_at", "last_reading")
    def _compute_live(self):
        # whoever sees the meter sees what it shows, device messages or not
        meters_sudo = self.sudo()
        values_sudo = meters_sudo.env["mqtt.value"].search(
            [
                ("device_id", "in", meters_sudo.device_id.ids),
                ("metric_id", "in", meters_sudo.telegram_id.metric_id.ids),
            ]
        )
        values = {(value.device_id, value.metric_id): value for value in values_sudo}
        for meter, meter_sudo in zip(self, meters_sudo, strict=True):
            value, at = meter.telegram_value, meter.telegram_at
            telegram = meter_sudo.telegram_id
            told = values.get((meter_sudo.device_id, telegram.metric_id))
            if told and (not at or told.moment > at):
                value, at = days.shown(told.number, telegram.factor), told.moment
            meter.live_value, meter.live_at = value, at
            meter.live_consumption = meter._used(meter.last_reading, value) if at else 0.0
            meter.device_status = meter_sudo.device_id.status
            meter.device_alarm_count = meter_sudo.device_id.alarm_count

    def _used(self, before, after):
        """Return the consumption between two values of the counter."""
        self.ensure_one()
        readings = self.env["property.meter.reading"]
        return float(readings._consumption(self, before, after))

    @api.model
    def _search_device_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        # whoever sees the meter sees whether it is heard
        devices_sudo = self.env["mqtt.device"].sudo()._search([("status", "in", list(value))])
        return Domain("device_id", "in", devices_sudo)

    @api.constrains("device_id", "telegram_id", "device_address", "active")
    def _check_device(self):
        for meter in self:
            # who edits a meter need not see devices; what they break is told all the same
            meter_sudo = meter.sudo()
            device, telegram = meter_sudo.device_id, meter_sudo.telegram_id
            if not device:
                continue
            if not telegram:
                raise ValidationError(
                    self.env._(
                        "Say how meter %(meter)s reports: choose its automatic reading.",
                        meter=meter.code,
                    )
                )
            if telegram.broker_id != device.broker_id:
                raise ValidationError(
                    self.env._(
                        "%(telegram)s is of another broker than the device of meter %(meter)s.",
                        telegram=telegram.name,
                        meter=meter.code,
                    )
                )
            if telegram.kind and telegram.kind != meter.kind:
                raise ValidationError(
                    self.env._(
                        "Meter %(meter)s is of another kind than those that report by "
                        "%(telegram)s.",
                        meter=meter.code,
                        telegram=telegram.name,
                    )
                )
            if telegram.address_path and not meter_sudo.device_address:
                raise ValidationError(
                    self.env._(
                        "Write the address by which the device names meter %(meter)s.",
                        meter=meter.code,
                    )
                )
            if meter_sudo.device_address and not telegram.address_path:
                raise ValidationError(
                    self.env._(
                        "The device of meter %(meter)s is one meter: leave the address empty.",
                        meter=meter.code,
                    )
                )
        self.sudo().device_id._check_site()

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `property_billing`: addresses have no blanks around them."""
        vals_list = [self._stripped(vals) for vals in vals_list]
        self._check_sees_device(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Override of `property_billing`: a meter that gets another device begins anew."""
        vals = self._stripped(vals)
        self._check_sees_device(vals)
        if {"device_id", "telegram_id", "device_address"} & vals.keys():
            # what the device before said is not what this one shows
            self.sudo().filtered("telegram_at")._close_days()
            vals = {
                **vals,
                "telegram_value": 0.0,
                "telegram_at": False,
                "telegram_result": False,
            }
        return super().write(vals)

    @api.model
    def _check_sees_device(self, *vals_list):
        """Let nobody take a device for a meter that they may not see."""
        self.env["mqtt.device"].browse(
            [vals["device_id"] for vals in vals_list if vals.get("device_id")]
        ).check_access("read")

    @staticmethod
    def _stripped(vals):
        if "device_address" not in vals:
            return vals
        return {**vals, "device_address": str(vals["device_address"] or "").strip() or False}

    # -- for people

    def action_take_live(self):
        """Enter what the device says now as today's reading: a move, or a bill in between."""
        self.ensure_one()
        self.check_access("write")
        if not self.live_at or self.device_status != "online":
            raise UserError(
                self.env._(
                    "The device of meter %(meter)s is not heard now. Read the counter.",
                    meter=self.code,
                )
            )
        day = days.reading_day(self.live_at, self.site_id.tz)
        self.env["property.meter.reading"].enter_reading(
            self.id, fields.Date.to_string(day), self.live_value
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._(
                    "Reading of %(day)s: %(value)s", day=day, value=f"{self.live_value:.12g}"
                ),
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_device_chart(self):
        """Open the history of what the device said as a chart."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("mqtt_bridge.mqtt_sample_action")
        domain = [("device_id", "=", self.device_id.id)]
        if self.telegram_id.metric_id:
            domain += [("metric_id", "=", self.telegram_id.metric_id.id)]
        return {**action, "domain": domain, "display_name": self.code, "name": self.code}

    def action_device_messages(self):
        """Open the messages of the device."""
        self.ensure_one()
        return self.device_id.action_messages()

    def action_device(self):
        """Open the device."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "mqtt.device",
            "res_id": self.device_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
