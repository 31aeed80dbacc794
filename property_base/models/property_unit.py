from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.natural import unit_key
from ..tools.timeline import payer_on, payer_segments


class PropertyUnit(models.Model):
    _name = "property.unit"
    _description = "Unit"
    _inherit = ["property.scoped", "mail.thread", "mail.activity.mixin"]
    _order = "site_id, sort_key, id"
    _rec_name = "code"

    site_id = fields.Many2one(
        "property.site", required=True, index=True, ondelete="restrict", tracking=True
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    building_id = fields.Many2one(
        "property.building",
        index=True,
        ondelete="restrict",
        domain="[('site_id', '=', site_id)]",
    )
    entrance = fields.Char(default="0", help="Entrance (单元) within the building; 0 for none.")
    floor = fields.Integer(help="Floor number, negative below ground.", aggregator=False)
    room = fields.Char(help="Room number within the entrance, such as 1502.")
    code = fields.Char(
        compute="_compute_code",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        index="trigram",
        tracking=True,
        help="Building-entrance-room such as 3-1-1502, or the number of a parking space.",
    )
    type_id = fields.Many2one(
        "property.unit.type", required=True, ondelete="restrict", tracking=True
    )
    kind = fields.Selection(related="type_id.kind", store=True, index=True)
    layout = fields.Char(help="Rooms and halls, such as 3室2厅.")
    area_gross = fields.Float(
        string="Gross Area", digits=(16, 2), tracking=True, help="Built area in m²."
    )
    area_net = fields.Float(string="Net Area", digits=(16, 2), help="Area inside the walls in m².")
    area_billable = fields.Float(
        string="Billable Area",
        digits=(16, 2),
        compute="_compute_area_billable",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Area in m² that charges are computed on; the gross area unless changed.",
    )
    handover_date = fields.Date(
        tracking=True, help="Day the unit was handed over; the management fee starts then."
    )
    state = fields.Selection(
        [
            ("unsold", "Unsold"),
            ("delivered", "Delivered"),
            ("vacant", "Vacant"),
            ("occupied", "Occupied"),
            ("decorating", "Decorating"),
            ("leased", "Leased"),
            ("closed", "Closed"),
        ],
        required=True,
        default="delivered",
        tracking=True,
        index=True,
    )
    parent_id = fields.Many2one(
        "property.unit",
        string="Belongs to",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('site_id', '=', site_id), ('kind', 'not in', ('parking', 'storage'))]",
        help="The household a parking space or storage room belongs to; its owner pays.",
    )
    child_ids = fields.One2many("property.unit", "parent_id", string="Parking and Storage")
    billing_date_from = fields.Date(
        string="Billing Starts", tracking=True, help="First day a parking space is charged."
    )
    billing_date_to = fields.Date(
        string="Billing Ends", tracking=True, help="Last day a parking space is charged."
    )
    occupancy_ids = fields.One2many("property.occupancy", "unit_id", string="People")
    owner_id = fields.Many2one(
        "res.partner", compute="_compute_current_people", search="_search_owner_id"
    )
    tenant_id = fields.Many2one(
        "res.partner", compute="_compute_current_people", search="_search_tenant_id"
    )
    owner_phone_masked = fields.Char(related="owner_id.phone_masked", string="Owner's Phone")
    resident_count = fields.Integer(compute="_compute_current_people", string="Number of People")
    vehicle_ids = fields.One2many("property.vehicle", "unit_id", string="Vehicles")
    space_vehicle_ids = fields.One2many(
        "property.vehicle", "space_id", string="Vehicles on this Space"
    )
    sort_key = fields.Char(compute="_compute_sort_key", store=True, precompute=True, index=True)
    active = fields.Boolean(default=True)
    import_id = fields.Many2one(
        "property.import", index="btree_not_null", ondelete="set null", copy=False, readonly=True
    )
    note = fields.Text(string="Notes", groups="base.group_user")

    _code_unique = models.Constraint(
        "UNIQUE(site_id, code)",
        "This site already has a unit with this code. Open that unit or change the code.",
    )
    _areas_not_negative = models.Constraint(
        "CHECK(area_gross >= 0 AND area_net >= 0 AND area_billable >= 0)",
        "An area cannot be negative. Enter the area in m².",
    )
    _billing_dates_ordered = models.Constraint(
        "CHECK(billing_date_to IS NULL OR billing_date_from IS NULL"
        " OR billing_date_to >= billing_date_from)",
        "Billing cannot end before it starts. Correct one of the two dates.",
    )

    @api.depends("building_id.code", "entrance", "room")
    def _compute_code(self):
        for unit in self:
            if unit.building_id and unit.room:
                unit.code = f"{unit.building_id.code}-{unit.entrance or '0'}-{unit.room}"
            else:
                unit.code = unit.code or False

    @api.depends("building_id.code", "entrance", "floor", "room", "code")
    def _compute_sort_key(self):
        for unit in self:
            unit.sort_key = unit_key(
                unit.building_id.code or "", unit.entrance, unit.floor, unit.room, unit.code
            )

    @api.depends("area_gross")
    def _compute_area_billable(self):
        for unit in self:
            unit.area_billable = unit.area_gross

    @api.depends("code", "site_id.name")
    @api.depends_context("property_show_site")
    def _compute_display_name(self):
        show_site = self.env.context.get("property_show_site")
        for unit in self:
            unit.display_name = f"{unit.site_id.name} {unit.code}" if show_site else unit.code

    @api.depends(
        "occupancy_ids.partner_id",
        "occupancy_ids.role",
        "occupancy_ids.is_primary",
        "occupancy_ids.date_from",
        "occupancy_ids.date_to",
        "parent_id.occupancy_ids.partner_id",
    )
    def _compute_current_people(self):
        current = self.env["property.occupancy"].search(
            Domain("unit_id", "in", (self._origin | self._origin.parent_id).ids)
            & self.env["property.occupancy"]._domain_current()
        )
        by_unit = current.grouped("unit_id")
        none = current.browse()
        for unit in self:
            rows = by_unit.get(unit._origin, none)
            unit.resident_count = len(rows.partner_id)
            if not rows and unit.parent_id:
                rows = by_unit.get(unit.parent_id._origin, none)
            unit.owner_id = rows.filtered(lambda row: row.role == "owner")[:1].partner_id
            unit.tenant_id = rows.filtered(lambda row: row.role == "tenant" and row.is_primary)[
                :1
            ].partner_id

    @api.model
    def _search_owner_id(self, operator, value):
        return self._search_current_person("owner", operator, value)

    @api.model
    def _search_tenant_id(self, operator, value):
        return self._search_current_person("tenant", operator, value)

    @api.model
    def _search_current_person(self, role, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        current = self.env["property.occupancy"]._domain_current() & Domain("role", "=", role)
        if role == "tenant":
            current &= Domain("is_primary", "=", True)
        values = list(value) if operator == "in" else [value]
        result = Domain.FALSE
        if operator == "in" and False in values:
            values.remove(False)
            result = ~Domain("occupancy_ids", "any", current)
        if operator == "in":
            return result | Domain(
                "occupancy_ids", "any", current & Domain("partner_id", "in", values)
            )
        return Domain("occupancy_ids", "any", current & Domain("partner_id", operator, value))

    @api.constrains("building_id", "site_id", "parent_id")
    def _check_same_site(self):
        for unit in self:
            for other in (unit.building_id, unit.parent_id):
                if other and other.site_id != unit.site_id:
                    raise ValidationError(
                        self.env._(
                            "%(other)s belongs to another site than unit %(unit)s. "
                            "Choose one of the same site.",
                            other=other.display_name,
                            unit=unit.code,
                        )
                    )

    @api.constrains("parent_id")
    def _check_parent(self):
        for unit in self:
            if unit.parent_id and (unit.parent_id == unit or unit.parent_id.parent_id):
                raise ValidationError(
                    self.env._(
                        "Unit %(unit)s can only belong to a household, not to itself or to "
                        "another parking space. Choose the household.",
                        unit=unit.code,
                    )
                )

    def _property_timeline(self, role, date_from, date_to):
        """Return who pays for each unit of the recordset in a span of days.

        :param str role: ``owner`` or ``tenant`` (the primary tenant, else the owner)
        :param date date_from: first day, inclusive
        :param date date_to: last day, inclusive
        :return: dict unit id -> list of (partner record, date_from, date_to)
        """
        rows = self._property_payer_rows(role)
        return {
            unit_id: payer_segments(owners, tenants, date_from, date_to)
            for unit_id, (owners, tenants) in rows.items()
        }

    def _property_payer_on(self, role, day):
        """Return who pays for each unit of the recordset on one day.

        :param str role: ``owner`` or ``tenant``
        :param date day: the day
        :return: dict unit id -> partner record, empty when nobody is known
        """
        none = self.env["res.partner"]
        return {
            unit_id: payer_on(owners, tenants, day) or none
            for unit_id, (owners, tenants) in self._property_payer_rows(role).items()
        }

    def _property_payer_rows(self, role):
        """Return dict unit id -> (owner rows, tenant rows), in one query for all units.

        A parking space or storage room without owner or tenant of its own takes those of the
        household it belongs to.
        """
        domain = Domain("unit_id", "in", (self | self.parent_id).ids) & (
            Domain("role", "=", "owner")
            | (Domain("role", "=", "tenant") & Domain("is_primary", "=", True))
        )
        rows = {}
        occupancies = self.env["property.occupancy"].search_fetch(
            domain, ["unit_id", "role", "partner_id", "date_from", "date_to"], order="date_from, id"
        )
        for occupancy in occupancies:
            kinds = rows.setdefault(occupancy.unit_id.id, {"owner": [], "tenant": []})
            kinds[occupancy.role].append(
                (occupancy.partner_id, occupancy.date_from, occupancy.date_to or None)
            )
        empty = {"owner": [], "tenant": []}
        result = {}
        for unit in self:
            own = rows.get(unit.id, empty)
            of_parent = rows.get(unit.parent_id.id, empty)
            owners = own["owner"] or of_parent["owner"]
            tenants = own["tenant"] if own["owner"] or own["tenant"] else of_parent["tenant"]
            result[unit.id] = (owners, tenants if role == "tenant" else [])
        return result

    def action_transfer(self):
        """Open the wizard for a transfer, a move-in or a move-out of this unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_base.property_transfer_action"
        )
        action["context"] = {
            "default_unit_id": self.id,
            "default_kind": self.env.context.get("property_transfer_kind", "transfer"),
        }
        return action
