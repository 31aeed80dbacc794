from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.property_base.tools import plate as plate_tools

from ..tools import plate_class
from .parking_class import PLATE_COLORS, VEHICLE_CLASSES

LIST_FIELDS = {"access_list", "access_list_reason", "access_list_until"}


class PropertyVehicle(models.Model):
    _name = "property.vehicle"
    _inherit = ["property.vehicle", "property.audited"]

    plate_color = fields.Selection(
        PLATE_COLORS,
        string="Plate Colour",
        compute="_compute_plate_color",
        store=True,
        readonly=False,
        precompute=True,
    )
    vehicle_class = fields.Selection(
        VEHICLE_CLASSES,
        string="Parking Class",
        compute="_compute_vehicle_class",
        store=True,
        readonly=False,
        precompute=True,
        help="Decides which parking tariff applies.",
    )
    access_list = fields.Selection(
        [("white", "White list"), ("black", "Black list")],
        string="List",
        tracking=True,
        groups="property_base.group_staff",
        help="White list: always let in, free of charge. Black list: never let in.",
    )
    access_list_reason = fields.Char(
        string="Reason", tracking=True, groups="property_base.group_staff"
    )
    access_list_until = fields.Date(
        string="Listed Until",
        tracking=True,
        groups="property_base.group_staff",
        help="Last day; empty: until it is taken off.",
    )
    is_listed = fields.Boolean(
        string="On a List Today",
        compute="_compute_is_listed",
        search="_search_is_listed",
        groups="property_base.group_staff",
    )
    pass_ids = fields.Many2many(
        "property.parking.pass",
        "property_parking_pass_vehicle_rel",
        "vehicle_id",
        "pass_id",
        string="Passes",
        groups="property_base.group_staff",
    )
    session_ids = fields.One2many(
        "property.parking.session",
        "vehicle_id",
        string="Stays",
        groups="property_base.group_staff",
    )

    _list_has_reason = models.Constraint(
        "CHECK(access_list IS NULL OR access_list_reason IS NOT NULL)",
        "Give the reason why the vehicle is on the white or black list.",
    )

    @api.depends("plate")
    def _compute_plate_color(self):
        for vehicle in self:
            plate = self._normalise_plate(vehicle.plate) if vehicle.plate else ""
            vehicle.plate_color = plate_class.plate_color(plate)

    @api.depends("plate_color", "kind")
    def _compute_vehicle_class(self):
        for vehicle in self:
            vehicle.vehicle_class = plate_class.vehicle_class(vehicle.plate_color, vehicle.kind)

    @api.depends("access_list", "access_list_until")
    def _compute_is_listed(self):
        today = fields.Date.context_today(self)
        for vehicle in self:
            vehicle.is_listed = vehicle._list_on(today) is not False

    def _search_is_listed(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        today = fields.Date.context_today(self)
        listed = Domain("access_list", "!=", False) & (
            Domain("access_list_until", "=", False) | Domain("access_list_until", ">=", today)
        )
        return listed if (True in value) == (operator == "in") else ~listed

    @api.model
    def _audit_fields(self):
        """Override: what spares it a fee, or chooses its tariff."""
        return ["vehicle_class", "access_list", "access_list_until", "pass_ids"]

    def _log_change(self, before, after):
        """Override: a car that pays as its plate says comes and goes without an entry."""
        usual = plate_class.vehicle_class(plate_class.plate_color(self.plate), self.kind)
        told = before or after
        spared = told["access_list"] or told["pass_ids"] or told["vehicle_class"] != usual
        if not spared and not (before and after):
            return self.env["property.audit"]
        return super()._log_change(before, after)

    @api.model_create_multi
    def create(self, vals_list):
        """Let only customer service and managers put a vehicle on a list, or give it a pass."""
        if any(vals.get(name) for vals in vals_list for name in LIST_FIELDS):
            self._check_may_list()
        self._check_may_give(vals_list)
        vehicles = super().create(vals_list)
        vehicles.sudo().pass_ids._check_one_site()  # sudo: whoever registers a car may not see them
        return vehicles

    def write(self, vals):
        """Let only customer service and managers change the lists, or the plates on them."""
        hides = {"plate", "active"}.intersection(vals) and any(self.sudo().mapped("access_list"))
        if hides or not LIST_FIELDS.isdisjoint(vals):
            self._check_may_list()
        self._check_may_give([vals])
        result = super().write(vals)
        if "pass_ids" in vals:
            self.pass_ids._check_one_site()
        return result

    @api.model
    def _method_fields(self):
        """Override: a default lists no vehicle, and gives it no pass, for who may not."""
        given = set() if self.env["property.parking.pass"].has_access("write") else {"pass_ids"}
        return super()._method_fields() | given | (set() if self._may_list() else {*LIST_FIELDS})

    @api.model
    def _may_list(self):
        return self.env.su or self.env.user.has_group("property_base.group_service")

    def _check_may_list(self):
        if not self._may_list():
            raise AccessError(
                self.env._(
                    "Only customer service and managers change the white and black list. "
                    "Report the vehicle to them."
                )
            )

    @api.model
    def _check_may_give(self, vals_list):
        """Refuse to change passes from the side of their vehicles to who may not change them."""
        if any("pass_ids" in vals for vals in vals_list):
            self.env["property.parking.pass"].check_access("write")

    def _list_on(self, day):
        """Return the list that counts on a day: white, black or False."""
        self.ensure_one()
        if self.access_list_until and self.access_list_until < day:
            return False
        return self.access_list or False

    @api.model
    def _of_plate(self, site, *plates):
        """Return the vehicles of a site with these normalised plates."""
        vehicles_sudo = self.sudo().search(  # a gate knows every plate of its site
            [("site_id", "=", site.id), ("plate", "in", plates)]
        )
        return vehicles_sudo.with_env(self.env)

    def _passes_in(self, area):
        """Return the passes of a car that count in an area: those of it or of one inside it.

        :return: list of records, which read ahead for all cars at the gates together
        """
        passes_sudo = self.sudo().pass_ids  # what a gate decides by, whoever may see the passes
        path = area.parent_path
        return [card for card in passes_sudo if card.area_id.parent_path.startswith(path)]

    @api.model
    def _display_plate(self, plate):
        """Return a normalised plate as it is painted."""
        return plate_tools.display(plate or "")
