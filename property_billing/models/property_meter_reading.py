from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.metering import consumption
from ..tools.rounding import to_decimal


class PropertyMeterReading(models.Model):
    _name = "property.meter.reading"
    _description = "Meter Reading"
    _inherit = ["property.scoped"]
    _order = "date desc, meter_id, id"

    def _default_date(self):
        """Return the day of the reading this user entered last today, so a round keeps its day."""
        today = fields.Date.context_today(self)
        latest = self.search(
            [("create_uid", "=", self.env.uid), ("import_id", "=", False)],
            order="id desc",
            limit=1,
        )
        if latest and fields.Date.context_today(self, latest.create_date) == today:
            return latest.date
        return today

    meter_id = fields.Many2one("property.meter", required=True, index=True, ondelete="cascade")
    unit_id = fields.Many2one(related="meter_id.unit_id", store=True, index="btree_not_null")
    site_id = fields.Many2one(related="meter_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="meter_id.company_id", store=True)
    kind = fields.Selection(related="meter_id.kind", store=True)
    date = fields.Date(required=True, default=lambda self: self._default_date(), index=True)
    value = fields.Float(string="Reading", digits=(16, 3), required=True, aggregator=False)
    previous_value = fields.Float(compute="_compute_previous", digits=(16, 3), string="Previous")
    consumption = fields.Float(compute="_compute_previous", digits=(16, 3))
    is_rollover = fields.Boolean(
        compute="_compute_previous", string="Fell", help="The reading is below the previous one."
    )
    photo = fields.Image(max_width=1600, max_height=1600)
    note = fields.Char()
    import_id = fields.Many2one(
        "property.import", index="btree_not_null", ondelete="set null", copy=False, readonly=True
    )

    _day_unique = models.Constraint(
        "UNIQUE(meter_id, date)",
        "This meter was already read on that day. Correct that reading instead.",
    )
    _value_not_negative = models.Constraint(
        "CHECK(value >= 0)", "A reading cannot be negative. Enter what the counter shows."
    )
    _value_of_a_counter = models.Constraint(
        "CHECK(value < 1000000000000)",
        "No counter shows that much. Enter what the counter shows.",
    )

    @api.depends("meter_id", "date", "value")
    def _compute_previous(self):
        meters = self.meter_id._origin
        history = {
            meter: sorted((row.date, row.value) for row in rows)
            for meter, rows in self.search([("meter_id", "in", meters.ids)])
            .grouped("meter_id")
            .items()
        }
        for reading in self:
            meter = reading.meter_id._origin
            rows = [row for row in history.get(meter, ()) if reading.date and row[0] < reading.date]
            previous = rows[-1][1] if rows else meter.initial_reading
            reading.previous_value = previous
            reading.is_rollover = reading.value < previous
            try:
                reading.consumption = float(
                    consumption(
                        to_decimal(previous),
                        to_decimal(reading.value),
                        meter.digits,
                        to_decimal(meter.multiplier or 1),
                    )
                )
            except ValueError:
                reading.consumption = 0.0

    @api.depends("meter_id.code", "date")
    def _compute_display_name(self):
        for reading in self:
            reading.display_name = f"{reading.meter_id.code} {reading.date or ''}".strip()

    def write(self, vals):
        """Refuse to change a reading that a bill stands on."""
        if {"value", "date", "meter_id"} & vals.keys():
            self._check_not_billed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._check_not_billed()

    def _check_not_billed(self):
        """Raise when a posted charge ends on one of these readings, or starts after it.

        :raise UserError: naming the meter, the day and the way out
        """
        charges = (
            self.env["property.charge"]
            .sudo()
            .search(
                [
                    ("meter_id", "in", self.meter_id.ids),
                    ("state", "=", "posted"),
                    ("is_opening", "=", False),
                ]
            )
        )
        used = {
            (charge.meter_id.id, day)
            for charge in charges
            for key in ("opening", "closing")
            if (day := (charge.basis or {}).get(key, [None])[0])
        }
        for reading in self:
            if (reading.meter_id.id, str(reading.date)) in used:
                raise UserError(
                    self.env._(
                        "The reading of meter %(meter)s on %(date)s is already billed. "
                        "Undo that bill first, then correct the reading.",
                        meter=reading.meter_id.code,
                        date=reading.date,
                    )
                )
