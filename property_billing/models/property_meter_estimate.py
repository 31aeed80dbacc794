"""Estimating readings nobody could take; the next real reading settles them."""

from odoo import models
from odoo.exceptions import UserError

from ..tools.metering import estimate
from ..tools.rounding import to_decimal
from .property_meter_reading import TRUSTED


class PropertyMeter(models.Model):
    _inherit = "property.meter"

    def _initial_points(self):
        """Return the initial reading as list of (day, value), empty when its day is unknown."""
        self.ensure_one()
        if not self.install_date:
            return []
        return [(self.install_date, to_decimal(self.initial_reading))]

    def _estimate(self, day, periods=None):
        """Create estimated readings on a day: the last reading plus the usual consumption.

        :param date day: the day the meters should have been read
        :param int periods: consumptions to average over; None takes the site's number
        :return: (created property.meter.reading, meters that cannot be estimated)
        """
        self.check_access("read")
        readings = self.env["property.meter.reading"]
        rows = readings.search(
            [("meter_id", "in", self.ids), ("state", "in", (*TRUSTED, "held"))], order="date, id"
        ).grouped("meter_id")
        values, failed = [], self.browse()
        for meter in self:
            known = rows.get(meter, readings)
            trusted = known.filtered(lambda row: row.state in TRUSTED)
            if any(row.date >= day for row in known):
                failed |= meter
                continue
            value = self._estimated_value(meter, trusted, day, periods)
            if value is None:
                failed |= meter
                continue
            values.append(
                {
                    "meter_id": meter.id,
                    "date": day,
                    "value": float(value),
                    "is_estimated": True,
                }
            )
        return readings.create(values), failed

    def _estimated_value(self, meter, trusted, day, periods):
        """Return what a meter probably shows on a day, or None."""
        real = trusted.filtered(lambda row: not row.is_estimated)
        history = [(row.date, to_decimal(row.value)) for row in real]
        initial = meter._initial_points()
        if initial and (not history or history[0][0] > initial[0][0]):
            history = initial + history
        if not history:
            return None
        last = history[-1]
        if trusted and trusted[-1].date > last[0]:
            last = (trusted[-1].date, to_decimal(trusted[-1].value))
        return estimate(
            history,
            last,
            day,
            meter.digits,
            to_decimal(meter.multiplier),
            periods or meter.site_id.estimate_periods,
        )

    def _unread(self, day_from, day):
        """Return the meters of the recordset with no reading in a span of days."""
        read = self.env["property.meter.reading"]._read_group(
            [
                ("meter_id", "in", self.ids),
                ("date", ">=", day_from),
                ("date", "<=", day),
                ("state", "!=", "rejected"),
            ],
            ["meter_id"],
        )
        return self - self.browse([meter.id for (meter,) in read])

    def action_estimate(self):
        """Open the screen that estimates what these meters show."""
        if not self:
            raise UserError(self.env._("Choose the meters to estimate first."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Estimate Readings"),
            "res_model": "property.meter.estimate",
            "view_mode": "form",
            "target": "new",
            "context": {"default_meter_ids": [(6, 0, self.ids)]},
        }
