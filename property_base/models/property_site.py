from odoo import api, fields, models

from odoo.addons.base.models.res_partner import _tz_get


class PropertySite(models.Model):
    _name = "property.site"
    _description = "Property Site"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(required=True, copy=False, help="Short code, unique within the company.")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        tracking=True,
    )
    kind = fields.Selection(
        [
            ("residential", "Residential"),
            ("mall", "Mall"),
            ("office", "Office"),
            ("park", "Business park"),
            ("mixed", "Mixed use"),
        ],
        required=True,
        default="residential",
    )
    street = fields.Char()
    city = fields.Char()
    phone = fields.Char(help="Service telephone of the site, as residents see it.")
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        default="Asia/Shanghai",
        required=True,
    )
    active = fields.Boolean(default=True)
    manager_id = fields.Many2one(
        "hr.employee", string="Site Manager", check_company=True, tracking=True
    )
    note = fields.Text(string="Notes", groups="base.group_user")
    building_ids = fields.One2many("property.building", "site_id", string="Buildings")
    unit_ids = fields.One2many("property.unit", "site_id", string="Units")
    building_count = fields.Integer(compute="_compute_counts")
    unit_count = fields.Integer(compute="_compute_counts")
    household_count = fields.Integer(
        compute="_compute_counts", help="Residences, shops and offices; parking is not counted."
    )
    parking_count = fields.Integer(compute="_compute_counts")
    resident_count = fields.Integer(compute="_compute_counts")

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)",
        "Another site of this company already has this code. Choose a different code.",
    )

    @api.depends("building_ids", "unit_ids.kind", "unit_ids.active")
    def _compute_counts(self):
        today = fields.Date.context_today(self)
        buildings = dict(
            self.env["property.building"]._read_group(
                [("site_id", "in", self.ids)], ["site_id"], ["__count"]
            )
        )
        units = {}
        for site, kind, count in self.env["property.unit"]._read_group(
            [("site_id", "in", self.ids)], ["site_id", "kind"], ["__count"]
        ):
            units.setdefault(site, {})[kind] = count
        residents = dict(
            self.env["property.occupancy"]._read_group(
                [
                    ("site_id", "in", self.ids),
                    ("date_from", "<=", today),
                    "|",
                    ("date_to", "=", False),
                    ("date_to", ">=", today),
                ],
                ["site_id"],
                ["partner_id:count_distinct"],
            )
        )
        for site in self:
            kinds = units.get(site._origin, {})
            site.building_count = buildings.get(site._origin, 0)
            site.unit_count = sum(kinds.values())
            site.household_count = sum(
                kinds.get(kind, 0) for kind in ("residence", "shop", "office")
            )
            site.parking_count = kinds.get("parking", 0)
            site.resident_count = residents.get(site._origin, 0)

    @api.depends("name")
    def _compute_display_name(self):
        for site in self:
            site.display_name = site.name

    def copy_data(self, default=None):
        """Give a copied site its own code."""
        default = dict(default or {})
        vals_list = super().copy_data(default)
        for site, vals in zip(self, vals_list, strict=True):
            vals.setdefault("code", self.env._("%(code)s copy", code=site.code))
        return vals_list

    def _today(self):
        """Return the day it is on the site now; without a site, where its asker is."""
        return fields.Date.context_today(self.with_context(tz=self.tz) if self else self)

    def action_view_units(self):
        """Open the units of the site."""
        return self._action_open("property_base.property_unit_action")

    def action_view_buildings(self):
        """Open the buildings of the site."""
        return self._action_open("property_base.property_building_action")

    def action_view_residents(self):
        """Open the occupancies of the site."""
        return self._action_open("property_base.property_occupancy_action")

    def _action_open(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("site_id", "=", self.id)]
        action["context"] = {"default_site_id": self.id, "search_default_site_id": self.id}
        return action
