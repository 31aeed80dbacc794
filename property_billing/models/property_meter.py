from odoo import api, fields, models
from odoo.exceptions import ValidationError

METER_KINDS = [
    ("cold_water", "Cold water"),
    ("hot_water", "Hot water"),
    ("electricity", "Electricity"),
    ("gas", "Gas"),
    ("heat", "Heat"),
]


class PropertyMeter(models.Model):
    _name = "property.meter"
    _description = "Meter"
    _inherit = ["property.scoped", "mail.thread"]
    _order = "site_id, code, id"
    _rec_name = "code"
    _rec_names_search = ["code", "unit_id.code"]

    code = fields.Char(required=True, index="trigram", tracking=True)
    unit_id = fields.Many2one(
        "property.unit", index="btree_not_null", ondelete="restrict", tracking=True
    )
    site_id = fields.Many2one(
        "property.site",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    kind = fields.Selection(METER_KINDS, required=True, default="cold_water", tracking=True)
    multiplier = fields.Float(
        default=1.0,
        digits=(16, 4),
        required=True,
        tracking=True,
        help="Transformer ratio: consumption = difference of readings × multiplier.",
    )
    digits = fields.Integer(
        default=5,
        tracking=True,
        aggregator=False,
        help="Whole digits of the counter; it starts again after 99999. 0: never turns over.",
    )
    initial_reading = fields.Float(digits=(16, 3), tracking=True)
    install_date = fields.Date(tracking=True)
    reading_ids = fields.One2many("property.meter.reading", "meter_id", string="Readings")
    last_reading_date = fields.Date(compute="_compute_last_reading")
    last_reading = fields.Float(compute="_compute_last_reading", digits=(16, 3))
    active = fields.Boolean(default=True)
    import_id = fields.Many2one(
        "property.import", index="btree_not_null", ondelete="set null", copy=False, readonly=True
    )

    _code_unique = models.Constraint(
        "UNIQUE(site_id, code)",
        "This site already has a meter with this number. Open that meter or change the number.",
    )
    _multiplier_positive = models.Constraint(
        "CHECK(multiplier > 0)", "The multiplier must be positive, usually 1."
    )
    _digits_valid = models.Constraint(
        "CHECK(digits >= 0 AND digits <= 12)", "A counter has 0 to 12 digits."
    )

    @api.depends("unit_id")
    def _compute_site_id(self):
        for meter in self:
            if meter.unit_id:
                meter.site_id = meter.unit_id.site_id
            else:
                meter.site_id = meter.site_id or False

    @api.depends("reading_ids.date", "reading_ids.value", "initial_reading", "install_date")
    def _compute_last_reading(self):
        last = {
            meter: (day, readings)
            for meter, day, readings in self.env["property.meter.reading"]._read_group(
                [("meter_id", "in", self.ids)], ["meter_id"], ["date:max", "id:recordset"]
            )
        }
        for meter in self:
            day, readings = last.get(meter._origin, (False, None))
            meter.last_reading_date = day or meter.install_date
            meter.last_reading = (
                readings.filtered(lambda row, day=day: row.date == day)[:1].value
                if day
                else meter.initial_reading
            )

    @api.constrains("unit_id", "site_id")
    def _check_site(self):
        for meter in self:
            if meter.unit_id and meter.unit_id.site_id != meter.site_id:
                raise ValidationError(
                    self.env._(
                        "Meter %(meter)s and unit %(unit)s belong to different sites. "
                        "Choose a unit of the meter's site.",
                        meter=meter.code,
                        unit=meter.unit_id.code,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Give new meters their fees."""
        meters = super().create(vals_list)
        self.env["property.charge.item"]._sync_fees(meters.unit_id)
        return meters

    def write(self, vals):
        """Give meters that move to a unit, or come back, their fees."""
        result = super().write(vals)
        if {"unit_id", "kind", "active"} & vals.keys():
            self.env["property.charge.item"]._sync_fees(self.unit_id)
        return result
