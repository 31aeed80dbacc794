from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class PropertyZone(models.Model):
    """A named set of units that share a cost: a lift, a pump, a floor range, a courtyard."""

    _name = "property.zone"
    _description = "Zone of Units"
    _inherit = ["property.scoped"]
    _order = "site_id, name, id"

    name = fields.Char(required=True)
    site_id = fields.Many2one("property.site", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    building_ids = fields.Many2many(
        "property.building",
        string="Buildings",
        domain="[('site_id', '=', site_id)]",
        help="With the range of floors: all units there belong to the zone.",
    )
    entrance = fields.Char(help="Only this entrance of the buildings; empty: all.")
    has_floors = fields.Boolean(string="Only Some Floors")
    floor_from = fields.Integer(string="From Floor", aggregator=False)
    floor_to = fields.Integer(string="To Floor", aggregator=False)
    unit_ids = fields.Many2many(
        "property.unit",
        string="Further Units",
        domain="[('site_id', '=', site_id)]",
        help="Units that belong to the zone whatever their building and floor.",
    )
    unit_count = fields.Integer(compute="_compute_unit_count", string="Number of Units")
    active = fields.Boolean(default=True)
    note = fields.Char()

    _name_unique = models.Constraint(
        "UNIQUE(site_id, name)",
        "This site already has a zone of this name. Open that zone or change the name.",
    )
    _floors_ordered = models.Constraint(
        "CHECK(NOT has_floors OR floor_to >= floor_from)",
        "A range of floors cannot end below its start. Correct one of the two floors.",
    )

    @api.depends("building_ids", "entrance", "has_floors", "floor_from", "floor_to", "unit_ids")
    def _compute_unit_count(self):
        for zone in self:
            zone.unit_count = self.env["property.unit"].search_count(zone._unit_domain())

    @api.constrains("site_id", "building_ids", "unit_ids")
    def _check_site(self):
        for zone in self:
            if (zone.building_ids.site_id | zone.unit_ids.site_id) - zone.site_id:
                raise ValidationError(
                    self.env._(
                        "The buildings and units of zone %(zone)s must all belong to %(site)s.",
                        zone=zone.name,
                        site=zone.site_id.name,
                    )
                )

    def _unit_domain(self):
        """Return the domain of the units of the zone."""
        self.ensure_one()
        domain = Domain("id", "in", self.unit_ids._origin.ids)
        if self.building_ids:
            ruled = Domain("building_id", "in", self.building_ids._origin.ids)
            if self.entrance:
                ruled &= Domain("entrance", "=", self.entrance)
            if self.has_floors:
                ruled &= Domain("floor", ">=", self.floor_from)
                ruled &= Domain("floor", "<=", self.floor_to)
            domain |= ruled
        return domain

    def action_view_units(self):
        """Open the units of the zone."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("property_base.property_unit_action")
        return {**action, "domain": list(self._unit_domain()), "context": {}}
