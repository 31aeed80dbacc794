import secrets
from collections import Counter

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import ValidationError


def new_label_token():
    """Return what a new QR label holds: short, and not to be guessed."""
    return secrets.token_urlsafe(9)


class MaintenanceEquipment(models.Model):
    """Equipment with a site is equipment of the property (设备台账)."""

    _name = "maintenance.equipment"
    _inherit = ["maintenance.equipment", "property.scoped"]
    _rec_names_search = ["name", "code", "serial_no"]

    code = fields.Char(
        string="Asset Code",
        copy=False,
        index="trigram",
        tracking=True,
        help="Given by the site's numbering when left empty.",
    )
    site_id = fields.Many2one(
        "property.site",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    building_id = fields.Many2one(
        "property.building",
        compute="_compute_building_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('site_id', '=?', site_id)]",
    )
    unit_id = fields.Many2one(
        "property.unit",
        string="Unit or Public Space",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('site_id', '=?', site_id)]",
        tracking=True,
    )
    place = fields.Char(string="Exact Place", help="Where exactly: lift shaft 2, pump room B1.")
    place_shown = fields.Char(string="Location", compute="_compute_place_shown")
    class_id = fields.Many2one(
        "property.equipment.class", index="btree_not_null", ondelete="restrict", tracking=True
    )
    class_icon = fields.Char(string="Class Icon", related="class_id.icon")
    brand = fields.Char()
    life_years = fields.Integer(
        string="Life (years)",
        compute="_compute_life_years",
        store=True,
        readonly=False,
        precompute=True,
        help="Years of use from the day of commissioning; 0: unknown.",
    )
    end_of_life_date = fields.Date(
        string="End of Life", compute="_compute_end_of_life_date", store=True
    )
    parent_id = fields.Many2one(
        "maintenance.equipment",
        string="Part of Equipment",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('site_id', '=', site_id), ('id', '!=', id)]",
    )
    child_ids = fields.One2many("maintenance.equipment", "parent_id", string="Parts")
    child_count = fields.Integer(compute="_compute_child_count")
    document_ids = fields.Many2many(
        "ir.attachment",
        "maintenance_equipment_document_rel",
        string="Documents",
        copy=False,
        help="Manuals, drawings, acceptance papers.",
    )
    image_128 = fields.Image(string="Photo", max_width=512, max_height=512)
    label_token = fields.Char(
        string="Label", default=lambda self: new_label_token(), copy=False, readonly=True
    )
    name = fields.Char(tracking=True)
    cost = fields.Float(tracking=True)
    effective_date = fields.Date(tracking=True)

    _code_unique = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL",
        "Other equipment already has this asset code. Leave it empty to get the next number.",
    )
    _label_token_unique = models.UniqueIndex(
        "(label_token)", "Two pieces of equipment cannot share a label. Save once more."
    )
    _life_not_negative = models.Constraint(
        "CHECK(life_years >= 0)", "The life cannot be negative. Enter years, or 0 for unknown."
    )

    # Computes ---------------------------------------------------------------------------------

    @api.depends("unit_id", "building_id", "parent_id")
    def _compute_site_id(self):
        for equipment in self:
            origin = equipment.unit_id or equipment.building_id or equipment.parent_id
            equipment.site_id = origin.site_id or equipment.site_id

    @api.depends("unit_id")
    def _compute_building_id(self):
        for equipment in self:
            equipment.building_id = equipment.unit_id.building_id or equipment.building_id

    @api.depends("building_id.name", "unit_id.code", "place")
    def _compute_place_shown(self):
        for equipment in self:
            where = equipment.unit_id.code or equipment.building_id.name
            equipment.place_shown = " ".join(part for part in (where, equipment.place) if part)

    @api.depends("class_id")
    def _compute_life_years(self):
        for equipment in self:
            equipment.life_years = equipment.class_id.life_years or equipment.life_years

    @api.depends("effective_date", "life_years")
    def _compute_end_of_life_date(self):
        for equipment in self:
            start, years = equipment.effective_date, equipment.life_years
            equipment.end_of_life_date = start and years and start + relativedelta(years=years)

    @api.depends("child_ids")
    def _compute_child_count(self):
        counts = dict(self._read_group([("parent_id", "in", self.ids)], ["parent_id"], ["__count"]))
        for equipment in self:
            equipment.child_count = counts.get(equipment._origin, 0)

    @api.depends("name", "code", "serial_no", "site_id")
    def _compute_display_name(self):
        """Override of `maintenance` to call equipment of a site by its asset code."""
        ours = self.filtered("site_id")
        for equipment in ours:
            equipment.display_name = f"{equipment.name or ''} {equipment.code or ''}".strip()
        return super(MaintenanceEquipment, self - ours)._compute_display_name()

    # Constraints and CRUD ---------------------------------------------------------------------

    @api.constrains("site_id", "unit_id", "building_id", "parent_id")
    def _check_place(self):
        for equipment in self:
            linked = (equipment.unit_id, equipment.building_id, equipment.parent_id)
            if any(one and one.site_id != equipment.site_id for one in linked):
                raise ValidationError(
                    self.env._(
                        "The unit, the building and the equipment above %(equipment)s must be on "
                        "its own site. Choose others, or change the site.",
                        equipment=equipment.name,
                    )
                )
        if self._has_cycle():
            raise ValidationError(
                self.env._("Equipment cannot be part of itself. Choose another one above it.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Number new equipment of sites, and give it the company of its site."""
        sites = self.env["property.site"]
        for vals in vals_list:
            if vals.get("site_id") and "company_id" not in vals:
                vals["company_id"] = sites.browse(vals["site_id"]).company_id.id
        equipment = super().create(vals_list)
        equipment._number()
        return equipment

    def write(self, vals):
        """Number equipment that comes to a site."""
        result = super().write(vals)
        if {"site_id", "building_id", "unit_id", "parent_id"} & vals.keys():
            self._number()
        return result

    def copy_data(self, default=None):
        """Tell a copy from its original by its name."""
        vals_list = super().copy_data(default)
        if "name" not in (default or {}):
            for equipment, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%(name)s (copy)", name=equipment.name)
        return vals_list

    def _number(self):
        """Give asset codes to equipment of sites that has none."""
        new = self.filtered(lambda one: one.site_id and not one.code)
        counts = Counter(equipment.site_id.id for equipment in new)
        numbers = {
            site.id: iter(site._next_equipment_numbers(counts[site.id])) for site in new.site_id
        }
        for equipment in new:
            site = equipment.site_id
            kind = equipment.class_id.code or "EQ"
            equipment.code = f"{site.code}-{kind}-{next(numbers[site.id])}"

    # Actions ----------------------------------------------------------------------------------

    def action_view_children(self):
        """Open the equipment that is part of this one."""
        self.ensure_one()
        return self._action_open(
            "property_maintenance.maintenance_equipment_action",
            [("parent_id", "=", self.id)],
            {"default_parent_id": self.id, "default_site_id": self.site_id.id},
        )

    def action_view_requests(self):
        """Open the requests about this equipment."""
        self.ensure_one()
        return self._action_open(
            "property_maintenance.equipment_request_action",
            [("equipment_id", "=", self.id)],
            {"default_equipment_id": self.id, "default_site_id": self.site_id.id},
        )

    def _action_open(self, xmlid, domain, context):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {**action, "domain": domain, "context": context}

    # Labels -----------------------------------------------------------------------------------

    def _label_url(self):
        """Return the address a scanned label opens."""
        self.ensure_one()
        return f"{self.get_base_url()}/equipment/{self.label_token}"
