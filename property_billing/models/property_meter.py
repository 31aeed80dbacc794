from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

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
    _inherit = ["property.by.methods", "mail.thread"]
    _order = "site_id, code, id"
    _rec_name = "code"
    _rec_names_search = ["code", "unit_id.code"]

    code = fields.Char(string="Meter Number", required=True, index="trigram", tracking=True)
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
    building_id = fields.Many2one(
        "property.building",
        compute="_compute_building_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('site_id', '=', site_id)]",
        help="Of a common meter: the building it measures; empty for the whole site.",
    )
    master_id = fields.Many2one(
        "property.meter",
        string="Master Meter",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain="[('site_id', '=', site_id), ('kind', '=', kind)]",
        help="The meter this one is behind; what the master counts beyond its sub-meters is the "
        "network loss.",
    )
    sub_meter_ids = fields.One2many("property.meter", "master_id", string="Sub-meters")
    sub_meter_count = fields.Integer(compute="_compute_sub_meter_count")
    previous_id = fields.Many2one(
        "property.meter",
        string="Replaces",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
    point_id = fields.Many2one(
        "property.meter",
        string="Metering Point",
        compute="_compute_point_id",
        store=True,
        recursive=True,
        precompute=True,
        index="btree_not_null",
        help="The first meter of this place; the meters that replaced it count on.",
    )
    is_replaced = fields.Boolean(readonly=True, copy=False)
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

    @api.depends("unit_id.building_id")
    def _compute_building_id(self):
        for meter in self:
            meter.building_id = meter.unit_id.building_id or meter.building_id

    @api.depends("previous_id.point_id")
    def _compute_point_id(self):
        for meter in self:
            meter.point_id = meter.previous_id.point_id or meter.previous_id

    @api.depends("sub_meter_ids")
    def _compute_sub_meter_count(self):
        counts = dict(self._read_group([("master_id", "in", self.ids)], ["master_id"], ["__count"]))
        for meter in self:
            meter.sub_meter_count = counts.get(meter._origin, 0)

    @api.depends(
        "reading_ids.date",
        "reading_ids.value",
        "reading_ids.state",
        "initial_reading",
        "install_date",
    )
    def _compute_last_reading(self):
        last = {
            meter: (day, readings)
            for meter, day, readings in self.env["property.meter.reading"]._read_group(
                [("meter_id", "in", self.ids), ("state", "in", ("ok", "accepted"))],
                ["meter_id"],
                ["date:max", "id:recordset"],
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

    @api.constrains("master_id", "site_id", "kind")
    def _check_master(self):
        for meter in self:
            master = meter.master_id
            if master and (master.site_id != meter.site_id or master.kind != meter.kind):
                raise ValidationError(
                    self.env._(
                        "Meter %(meter)s cannot be behind %(master)s: choose a master meter of "
                        "the same site and kind.",
                        meter=meter.code,
                        master=master.code,
                    )
                )
        if self._has_cycle("master_id"):
            raise ValidationError(
                self.env._("A meter cannot be behind itself. Choose another master meter.")
            )

    @api.model
    def _method_fields(self):
        """Override: what a replacement says."""
        return super()._method_fields() | {"is_replaced", "previous_id"}

    @api.model_create_multi
    def create(self, vals_list):
        """Give new meters their fees."""
        meters = super().create(vals_list)
        self.env["property.charge.item"]._sync_fees(meters.unit_id)
        return meters

    def write(self, vals):
        """Give meters that move to a unit, or come back, their fees."""
        replaced = self.filtered("is_replaced")
        if vals.get("active") and replaced:
            if vals.keys() == {"active"}:
                raise UserError(
                    self.env._(
                        "Meter %(meter)s was replaced. Undo the replacement instead.",
                        meter=replaced[0].code,
                    )
                )
            # A workbook may correct an old meter, but its successor keeps counting.
            (self - replaced).write(vals)
            return replaced.write({key: vals[key] for key in vals if key != "active"})
        result = super().write(vals)
        if {"unit_id", "kind", "active"} & vals.keys():
            self.env["property.charge.item"]._sync_fees(self.unit_id)
        return result

    def action_view_sub_meters(self):
        """Open the meters behind this one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_meter_action"
        )
        return {
            **action,
            "domain": [("master_id", "=", self.id)],
            "context": {"default_master_id": self.id, "default_site_id": self.site_id.id},
        }

    def action_replace(self):
        """Open the screen that puts a new meter in the place of this one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Replace Meter"),
            "res_model": "property.meter.replacement",
            "view_mode": "form",
            "target": "new",
            "context": {"default_meter_id": self.id},
        }

    def _points(self):
        """Return all meters that ever measured at the places of these, archived ones included."""
        points = self.mapped(lambda meter: meter.point_id or meter)
        return self.with_context(active_test=False).search(
            ["|", ("id", "in", points.ids), ("point_id", "in", points.ids)]
        )
