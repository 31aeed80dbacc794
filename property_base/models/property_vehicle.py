from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import plate as plate_tools


class PropertyVehicle(models.Model):
    _name = "property.vehicle"
    _description = "Resident Vehicle"
    _inherit = ["property.scoped", "mail.thread"]
    _order = "plate, id"
    _rec_name = "plate_display"

    plate = fields.Char(
        required=True, index="trigram", tracking=True, help="Number plate, stored without dots."
    )
    plate_display = fields.Char(compute="_compute_plate_display", string="Number Plate")
    site_id = fields.Many2one(
        "property.site",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    unit_id = fields.Many2one(
        "property.unit",
        string="Household",
        index="btree_not_null",
        ondelete="set null",
        domain="[('site_id', '=?', site_id), ('kind', 'not in', ('parking', 'public'))]",
        tracking=True,
    )
    space_id = fields.Many2one(
        "property.unit",
        string="Parking Space",
        index="btree_not_null",
        ondelete="set null",
        domain="[('site_id', '=?', site_id), ('kind', '=', 'parking')]",
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Person", index="btree_not_null", ondelete="restrict", tracking=True
    )
    partner_phone_masked = fields.Char(related="partner_id.phone_masked", string="Phone")
    brand = fields.Char()
    color = fields.Char(string="Colour")
    kind = fields.Selection(
        [
            ("car", "Car"),
            ("truck", "Truck"),
            ("motorcycle", "Motorcycle"),
            ("other", "Other"),
        ],
        default="car",
        required=True,
    )
    is_new_energy = fields.Boolean(
        string="New Energy", compute="_compute_is_new_energy", store=True
    )
    active = fields.Boolean(default=True)
    import_id = fields.Many2one(
        "property.import", index="btree_not_null", ondelete="set null", copy=False, readonly=True
    )

    _plate_unique = models.UniqueIndex(
        "(site_id, plate) WHERE active",
        "This plate is already registered on the site. Open the existing vehicle.",
    )

    @api.depends("plate")
    def _compute_plate_display(self):
        for vehicle in self:
            vehicle.plate_display = plate_tools.display(vehicle.plate or "")

    @api.depends("plate")
    def _compute_is_new_energy(self):
        for vehicle in self:
            vehicle.is_new_energy = bool(vehicle.plate) and plate_tools.is_new_energy(vehicle.plate)

    @api.depends("unit_id.site_id", "space_id.site_id")
    def _compute_site_id(self):
        for vehicle in self:
            vehicle.site_id = vehicle.unit_id.site_id or vehicle.space_id.site_id or vehicle.site_id

    @api.model_create_multi
    def create(self, vals_list):
        """Store plates without dots, spaces and full-width characters."""
        for vals in vals_list:
            if vals.get("plate"):
                vals["plate"] = self._normalise_plate(vals["plate"])
        return super().create(vals_list)

    def write(self, vals):
        """Store plates without dots, spaces and full-width characters."""
        if vals.get("plate"):
            vals = {**vals, "plate": self._normalise_plate(vals["plate"])}
        return super().write(vals)

    @api.model
    def _search_display_name(self, operator, value):
        """Find a vehicle by plate however it is written, by person or by household."""
        if isinstance(value, str):
            plate = self._normalise_plate(value)
            domain = Domain("plate", operator, plate)
            if operator in ("ilike", "like") and value.strip():
                domain |= Domain("partner_id.name", "ilike", value.strip())
                domain |= Domain("unit_id.code", "ilike", value.strip())
            return domain
        if isinstance(value, (list, tuple, set)):
            value = [self._normalise_plate(v) if isinstance(v, str) else v for v in value]
        return Domain("plate", operator, value)

    @api.model
    def _normalise_plate(self, text):
        """Return a number plate in its stored form: half-width capitals without separators."""
        return plate_tools.normalise(text)

    def action_reveal_phone(self):
        """Show the person's telephone number to a member of staff, and log it."""
        self.ensure_one()
        self.check_access("read")
        return self.partner_id.action_reveal_phone()
