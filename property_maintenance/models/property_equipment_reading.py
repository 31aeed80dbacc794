from odoo import api, fields, models


class PropertyEquipmentReading(models.Model):
    """What a gauge of equipment said at a moment."""

    _name = "property.equipment.reading"
    _description = "Reading of Equipment"
    _inherit = ["property.scoped"]
    _order = "at desc, id desc"
    _rec_name = "gauge_id"

    gauge_id = fields.Many2one(
        "property.equipment.gauge", required=True, index=True, ondelete="cascade"
    )
    equipment_id = fields.Many2one(related="gauge_id.equipment_id", store=True, index=True)
    site_id = fields.Many2one(related="gauge_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="gauge_id.company_id", store=True, index=True)
    unit = fields.Char(string="Measured in", related="gauge_id.unit")
    at = fields.Datetime(string="Read at", required=True, default=fields.Datetime.now, index=True)
    value = fields.Float(required=True, digits=(16, 3), aggregator="avg")
    is_reset = fields.Boolean(
        string="Started Anew",
        help="The counter was replaced or reset before this reading and counts from zero.",
    )
    total = fields.Float(
        string="Counted",
        digits=(16, 3),
        readonly=True,
        aggregator="max",
        help="What the counter counted in all; of a level, the reading itself.",
    )
    is_abnormal = fields.Boolean(
        string="Abnormal", compute="_compute_is_abnormal", store=True, precompute=True
    )
    source = fields.Selection(
        [("manual", "By Hand"), ("inspection", "Inspection"), ("device", "Device")],
        required=True,
        default="manual",
        readonly=True,
    )
    reference = fields.Char(
        readonly=True,
        copy=False,
        help="What the source calls it; the same reading is taken once however often it is sent.",
    )
    result_id = fields.Many2one(
        "inspection.result",
        string="Inspection Result",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    note = fields.Char()

    _reference_unique = models.UniqueIndex(
        "(gauge_id, reference) WHERE reference IS NOT NULL",
        "This reading was already taken.",
    )
    _gauge_at_idx = models.Index("(gauge_id, at DESC, id DESC)")

    # Precomputed on purpose: a limit changed later does not rewrite what was judged.
    @api.depends("value", "gauge_id")
    def _compute_is_abnormal(self):
        for reading in self:
            gauge, value = reading.gauge_id, reading.value
            reading.is_abnormal = bool(
                (gauge.has_low and value < gauge.limit_low)
                or (gauge.has_high and value > gauge.limit_high)
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Count on: the totals of the counters follow from their readings."""
        readings = super().create(vals_list)
        readings.gauge_id._count()
        return readings

    def write(self, vals):
        """Count anew when a reading is corrected."""
        gauges = self.gauge_id
        result = super().write(vals)
        if {"value", "at", "is_reset", "gauge_id"} & vals.keys():
            self.check_access("write")
            (gauges | self.gauge_id)._count()
        return result

    def unlink(self):
        """Count anew without the readings deleted."""
        gauges = self.gauge_id
        result = super().unlink()
        gauges._count()
        return result

    @api.model
    def _take(self, vals_list):
        """Take readings of another source, each once.

        :param vals_list: values with ``gauge_id``, ``at``, ``value``, ``source``, ``reference``
        :return: the new readings
        """
        known = {
            (reading.gauge_id.id, reading.reference)
            for reading in self.search(
                [
                    ("gauge_id", "in", [vals["gauge_id"] for vals in vals_list]),
                    ("reference", "in", [vals["reference"] for vals in vals_list]),
                ]
            )
        }
        fresh = {}
        for vals in vals_list:
            key = (vals["gauge_id"], vals["reference"])
            if key not in known:
                fresh.setdefault(key, vals)
        return self.create(list(fresh.values()))
