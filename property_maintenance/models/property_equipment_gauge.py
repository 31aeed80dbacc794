from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: How far back the pace of a counter is measured.
PACE_DAYS = 90
#: How many readings the chart of a gauge shows.
CHART_READINGS = 200


class PropertyEquipmentGauge(models.Model):
    """Something that is read on equipment: a counter that only grows, or a level with limits."""

    _name = "property.equipment.gauge"
    _description = "Gauge of Equipment"
    _inherit = ["property.equipment.attached"]
    _order = "equipment_id, sequence, id"
    _rec_names_search = ["name", "equipment_id.name", "equipment_id.code"]

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("level", "Level"), ("counter", "Running Counter")],
        required=True,
        default="level",
        help="A counter only grows, such as running hours; a level goes up and down.",
    )
    unit = fields.Char(
        string="Measured in", translate=True, help="Unit of the readings, such as h, MPa or °C."
    )
    has_low = fields.Boolean(string="Lower Limit")
    limit_low = fields.Float(string="Least", digits=(16, 3), help="A reading below is abnormal.")
    has_high = fields.Boolean(string="Upper Limit")
    limit_high = fields.Float(string="Most", digits=(16, 3), help="A reading above is abnormal.")
    reading_ids = fields.One2many("property.equipment.reading", "gauge_id", string="Readings")
    reading_count = fields.Integer(compute="_compute_reading_count")
    last_at = fields.Datetime(string="Last Read", compute="_compute_last", store=True)
    last_value = fields.Float(
        string="Last Reading", digits=(16, 3), compute="_compute_last", store=True, aggregator=None
    )
    last_total = fields.Float(
        string="Counted",
        digits=(16, 3),
        compute="_compute_last",
        store=True,
        aggregator=None,
        help="What a counter counted in all, also before it was replaced.",
    )
    is_abnormal = fields.Boolean(
        string="Abnormal", compute="_compute_last", store=True, help="The last reading is."
    )
    chart = fields.Json(compute="_compute_chart")

    _name_unique = models.UniqueIndex(
        "(equipment_id, name)", "This equipment already has a gauge with this name. Use that one."
    )

    @api.constrains("kind", "has_low", "limit_low", "has_high", "limit_high")
    def _check_limits(self):
        for gauge in self:
            if gauge.has_low and gauge.has_high and gauge.limit_low > gauge.limit_high:
                raise ValidationError(
                    self.env._(
                        "The lower limit of %(gauge)s is above its upper limit: exchange them.",
                        gauge=gauge.name,
                    )
                )

    @api.depends("name", "unit")
    def _compute_display_name(self):
        for gauge in self:
            gauge.display_name = f"{gauge.name} ({gauge.unit})" if gauge.unit else gauge.name

    @api.depends("reading_ids")
    def _compute_reading_count(self):
        counts = dict(
            self.env["property.equipment.reading"]._read_group(
                [("gauge_id", "in", self.ids)], ["gauge_id"], ["__count"]
            )
        )
        for gauge in self:
            gauge.reading_count = counts.get(gauge._origin, 0)

    @api.depends("reading_ids.at", "reading_ids.value", "reading_ids.total")
    def _compute_last(self):
        last = self._readings_before(None)
        for gauge in self:
            reading = last.get(gauge._origin.id)
            gauge.last_at = reading and reading.at
            gauge.last_value = reading and reading.value
            gauge.last_total = reading and reading.total
            gauge.is_abnormal = bool(reading and reading.is_abnormal)

    def _readings_before(self, moment):
        """Return the last reading of each gauge, by id of the gauge.

        :param moment: only readings up to this UTC time; None: whatever there is
        """
        if not self.ids:
            return {}
        readings = self.env["property.equipment.reading"]
        readings.flush_model(["gauge_id", "at"])
        self.env.cr.execute(
            """
            SELECT DISTINCT ON (gauge_id) id FROM property_equipment_reading
             WHERE gauge_id = ANY(%s) AND (%s IS NULL OR at <= %s)
             ORDER BY gauge_id, at DESC, id DESC
            """,
            [self.ids, moment, moment],
        )
        found = readings.browse(row[0] for row in self.env.cr.fetchall())
        return {reading.gauge_id.id: reading for reading in found}

    def _paces(self):
        """Return what the forecasts of counters need, with as few queries as one counter needs.

        :return: id of the gauge -> (last total, its day, earlier (day, total) or None)
        """
        moment = fields.Datetime.now() - timedelta(days=PACE_DAYS)
        start = self._readings_before(moment)
        for reading in self.env["property.equipment.reading"].search(
            [("gauge_id", "in", self.ids), ("at", ">", moment)], order="at, id"
        ):
            start.setdefault(reading.gauge_id.id, reading)
        return {
            gauge.id: (
                Decimal(str(gauge.last_total)),
                gauge.last_at.date(),
                (start[gauge.id].at.date(), Decimal(str(start[gauge.id].total))),
            )
            for gauge in self
            if gauge.last_at
        }

    @api.depends("reading_ids.at", "reading_ids.value", "has_low", "has_high")
    def _compute_chart(self):
        for gauge in self:
            readings = self.env["property.equipment.reading"].search(
                [("gauge_id", "=", gauge._origin.id)], order="at desc", limit=CHART_READINGS
            )
            gauge.chart = {
                "unit": gauge.unit or "",
                "low": gauge.limit_low if gauge.has_low else None,
                "high": gauge.limit_high if gauge.has_high else None,
                "points": [
                    {
                        "at": fields.Datetime.context_timestamp(gauge, row.at).strftime(
                            "%Y-%m-%d %H:%M"
                        ),
                        "value": row.total if gauge.kind == "counter" else row.value,
                        "bad": row.is_abnormal,
                    }
                    for row in reversed(readings)
                ],
            }

    def action_view_readings(self):
        """Open the readings of the gauge."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_maintenance.property_equipment_reading_action"
        )
        return {
            **action,
            "domain": [("gauge_id", "=", self.id)],
            "context": {"default_gauge_id": self.id},
        }
