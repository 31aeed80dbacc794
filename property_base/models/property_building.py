from odoo import api, fields, models

from ..tools.natural import natural_key


class PropertyBuilding(models.Model):
    _name = "property.building"
    _description = "Building"
    _inherit = ["property.scoped"]
    _order = "site_id, sort_key, id"
    _rec_names_search = ["name", "code"]

    site_id = fields.Many2one("property.site", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    code = fields.Char(required=True, help="Short code as it stands in unit codes, such as 3.")
    name = fields.Char(required=True, help="Name as people say it, such as 3栋.")
    entrance_count = fields.Integer(string="Entrances")
    floor_count = fields.Integer(string="Floors")
    units_per_floor = fields.Integer(
        string="Units per Floor", help="Number of units on one floor of one entrance."
    )
    has_lift = fields.Boolean(string="Lift")
    completion_date = fields.Date()
    sort_key = fields.Char(compute="_compute_sort_key", store=True)
    active = fields.Boolean(default=True)
    note = fields.Text(string="Notes", groups="base.group_user")
    unit_ids = fields.One2many("property.unit", "building_id", string="Units")
    unit_count = fields.Integer(compute="_compute_unit_count")

    _code_unique = models.Constraint(
        "UNIQUE(site_id, code)",
        "This site already has a building with this code. Open that building or change the code.",
    )

    @api.depends("code")
    def _compute_sort_key(self):
        for building in self:
            building.sort_key = natural_key(building.code)

    @api.depends("name", "site_id.name")
    @api.depends_context("property_show_site")
    def _compute_display_name(self):
        show_site = self.env.context.get("property_show_site")
        for building in self:
            building.display_name = (
                f"{building.site_id.name} {building.name}" if show_site else building.name
            )

    @api.depends("unit_ids")
    def _compute_unit_count(self):
        counts = dict(
            self.env["property.unit"]._read_group(
                [("building_id", "in", self.ids)], ["building_id"], ["__count"]
            )
        )
        for building in self:
            building.unit_count = counts.get(building._origin, 0)

    def action_view_units(self):
        """Open the units of the building."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("property_base.property_unit_action")
        action["domain"] = [("building_id", "=", self.id)]
        action["context"] = {
            "default_site_id": self.site_id.id,
            "default_building_id": self.id,
        }
        return action
