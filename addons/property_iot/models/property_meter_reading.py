"""Readings that devices send: one a day, never over what a person read, decided or billed."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.property_billing.tools.metering import signed_consumption
from odoo.addons.property_billing.tools.rounding import to_decimal

from ..tools import days

SOURCE_FIELDS = frozenset(("device_id", "device_time"))


class PropertyMeterReading(models.Model):
    _inherit = "property.meter.reading"

    device_id = fields.Many2one(
        "mqtt.device",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
        groups="mqtt_bridge.group_reader",
        help="That sent the value.",
    )
    device_time = fields.Datetime(
        string="Sent at", readonly=True, copy=False, help="When the counter showed it."
    )
    is_by_device = fields.Boolean(
        string="By Device", compute="_compute_is_by_device", store=True, precompute=True
    )

    @api.depends("device_time")
    def _compute_is_by_device(self):
        for reading in self:
            reading.is_by_device = bool(reading.device_time)

    def write(self, vals):
        """Override of `property_billing`: a value that somebody corrects is theirs."""
        result = super().write(vals)
        if {"value", "date", "meter_id"} & vals.keys() and not SOURCE_FIELDS & vals.keys():
            # nobody writes by hand where a value comes from
            corrected_sudo = self.sudo().filtered("device_time")
            corrected_sudo.write({"device_id": False, "device_time": False})
        return result

    @api.model
    def _check_own_fields(self, *vals_list):
        """Override of `property_billing`: nobody says that a device sent what he types."""
        if not self.env.su and any(SOURCE_FIELDS & vals.keys() for vals in vals_list):
            raise UserError(self.env._("Only devices say that a reading is theirs."))
        return super()._check_own_fields(*vals_list)

    @api.model
    def _consumption(self, meter, before, after):
        """Return what was used between two values of a counter."""
        return signed_consumption(
            to_decimal(before), to_decimal(after), meter.digits, to_decimal(meter.multiplier or 1)
        )

    @api.model
    def _book(self, rows):
        """Keep the last value of a day as its reading, where the day is free for it.

        What is kept is judged like any reading: an implausible one is held.

        :param rows: list of (meter, day, value, moment of the device); the last of a day counts
        :return: dict meter -> what became of its last row, a code of RESULTS
        """
        rows = {(meter, day): (value, at) for meter, day, value, at in rows}
        if not rows:
            return {}
        known = self._around(rows)
        results, new = {}, []
        for (meter, day), (value, at) in rows.items():
            mine = known.get(meter, self)
            there = mine.filtered(lambda row, day=day: row.date == day)
            current = there.filtered(lambda row: row.state != "rejected")
            if current:
                results[meter] = current._follow_device(meter, value, at)
            elif there.filtered("is_by_device"):
                results[meter] = "decided"  # rejected: the day is for people to read
            elif meter.install_date and day < meter.install_date:
                results[meter] = "before"
            elif not meter._keeps(day, mine):
                results[meter] = "not_due"
            else:
                results[meter] = "taken"
                new.append(meter._prepare_device_reading(day, value, at))
        self.create(new)
        return results

    @api.model
    def _around(self, rows):
        """Return, by meter, the readings from the month before these days on."""
        first = min(days.anchor(day, 1) for _meter, day in rows)
        readings = self.search(
            [
                ("meter_id", "in", [meter.id for meter, _day in rows]),
                ("date", ">=", days.anchor(fields.Date.subtract(first, days=1), 1)),
                ("date", "<=", max(day for _meter, day in rows)),
            ],
            order="date, id",
        )
        return readings.grouped("meter_id")

    def _follow_device(self, meter, value, at):
        """Let the reading of a day follow what the device says of it, if nothing stands on it.

        :return: what became of the value
        """
        self.ensure_one()
        if self.is_final or (not self.is_by_device and not self.is_estimated):
            return "by_hand"
        if self.is_by_device and self.device_time >= at:
            return "taken" if self.device_time == at else "older"
        if self.state == "accepted":
            return "decided"
        try:
            self._check_not_billed()
        except UserError:
            return "billed"
        self.write(
            {
                "value": value,
                "is_estimated": False,
                "device_id": meter.device_id.id,
                "device_time": at,
            }
        )
        return "taken"


class PropertyMeter(models.Model):
    _inherit = "property.meter"

    def _keeps(self, day, readings):
        """Say whether the reading of a day is one that is kept."""
        self.ensure_one()
        telegram = self.telegram_id
        kept = readings.filtered(lambda row: row.state != "rejected").mapped("date")
        return days.is_kept(day, telegram.frequency, telegram.month_day, kept)

    def _prepare_device_reading(self, day, value, at):
        """Prepare a reading that a device sends."""
        self.ensure_one()
        return {
            "meter_id": self.id,
            "date": day,
            "value": value,
            "is_estimated": False,
            "device_id": self.device_id.id,
            "device_time": at,
        }
