from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.pairing import Limits
from ..tools.parking_tariff import Book


class PropertyParkingArea(models.Model):
    _name = "property.parking.area"
    _description = "Parking Area"
    _inherit = ["property.scoped", "property.audited", "mail.thread"]
    _order = "site_id, sequence, name, id"
    _parent_store = True

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    site_id = fields.Many2one("property.site", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    parent_id = fields.Many2one(
        "property.parking.area",
        string="Inside Of",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('site_id', '=', site_id)]",
        help="The area one has to drive through to get here.",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("property.parking.area", "parent_id", string="Inner Areas")
    lane_ids = fields.One2many("property.parking.lane", "area_id", string="Lanes")
    tariff_ids = fields.One2many("property.parking.tariff", "area_id", string="Tariffs")
    capacity = fields.Integer(string="Spaces", tracking=True, help="Number of parking spaces.")
    inside_count = fields.Integer(compute="_compute_inside_count", string="Cars Inside")
    free_count = fields.Integer(compute="_compute_inside_count", string="Spaces Left")
    tariff_change = fields.Selection(
        [("entry", "Tariff at entry"), ("moment", "Tariff of each moment")],
        string="Stay over a Change of Tariff",
        required=True,
        default="entry",
        tracking=True,
        help="Tariff at entry: what was posted when the driver came in and agreed to it. "
        "Tariff of each moment: a new tariff counts from its first day, also for cars inside.",
    )
    is_temporary_allowed = fields.Boolean(
        string="Temporary Parking",
        default=True,
        tracking=True,
        help="Unset: only cars with a pass or a booked visit may drive in.",
    )
    pass_grace_days = fields.Integer(
        string="Days after Expiry",
        default=5,
        tracking=True,
        help="Days after the end of a monthly card during which it still counts.",
    )
    confidence_min = fields.Integer(
        string="Sure from (%)",
        default=85,
        help="Plates read with less confidence are shown to the guard first.",
    )
    duplicate_seconds = fields.Integer(
        default=30, help="A plate read again within this many seconds is the same passage."
    )
    skew_seconds = fields.Integer(
        string="Clock Tolerance (s)",
        default=120,
        help="A camera whose clock differs from ours by more seconds is not believed.",
    )
    active = fields.Boolean(default=True)
    note = fields.Text(string="Notes")

    _numbers_not_negative = models.Constraint(
        "CHECK(capacity >= 0 AND pass_grace_days >= 0 AND duplicate_seconds >= 0"
        " AND skew_seconds >= 0 AND confidence_min BETWEEN 0 AND 100)",
        "Spaces, days and seconds cannot be negative, and a confidence lies between 0 and 100.",
    )

    @api.depends("capacity")
    def _compute_inside_count(self):
        inside = dict(
            self.env["property.parking.session"]._read_group(
                [("area_id", "in", self.ids), ("state", "=", "inside")], ["area_id"], ["__count"]
            )
        )
        for area in self:
            area.inside_count = inside.get(area._origin, 0)
            area.free_count = max(0, area.capacity - area.inside_count)

    @api.constrains("parent_id", "site_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("An area cannot lie inside itself. Choose another outer area.")
            )
        for area in self:
            if area.parent_id and area.parent_id.site_id != area.site_id:
                raise ValidationError(
                    self.env._(
                        "%(area)s lies on another site than %(outer)s. Choose areas of one site.",
                        area=area.name,
                        outer=area.parent_id.name,
                    )
                )

    @api.model
    def _audit_fields(self):
        """Override: which prices count here, and for whom."""
        return [
            "name",
            "parent_id",
            "tariff_change",
            "is_temporary_allowed",
            "pass_grace_days",
            "active",
        ]

    def write(self, vals):
        """Refuse to move an area whose lanes, prices and stays belong to its site."""
        moved = self.filtered(lambda area: area.site_id.id != vals.get("site_id", area.site_id.id))
        for area in moved:
            if area.lane_ids or area.tariff_ids:
                raise ValidationError(
                    self.env._(
                        "%(area)s is in use. Make a new area on the other site.", area=area.name
                    )
                )
        return super().write(vals)

    def action_view_inside(self):
        """Open the stays of cars that are inside."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_security.property_parking_session_action"
        )
        action["domain"] = [("area_id", "=", self.id)]
        action["context"] = {"search_default_inside": 1}
        return action

    def _local(self, moment):
        """Return a UTC time as wall-clock time of the site, without a zone.

        :param datetime moment: UTC, or False
        """
        if not moment:
            return None
        zone = ZoneInfo(self.site_id.tz or "UTC")
        return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)

    def _utc(self, moment):
        """Return a wall-clock time of the site as UTC."""
        zone = ZoneInfo(self.site_id.tz or "UTC")
        return moment.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)

    def _pairing_limits(self):
        """Return the tolerances for pairing what the cameras of the area read."""
        self.ensure_one()
        return Limits(self.duplicate_seconds, self.skew_seconds)

    def _book(self, vehicle_class):
        """Return the tariffs that charge a class of vehicle here.

        A class without a tariff of its own has that of all vehicles; an area without any has
        those of the area around it.

        :param str vehicle_class: key of VEHICLE_CLASSES
        :return: Book of the kernel
        """
        self.ensure_one()
        area = self
        while not area.tariff_ids and area.parent_id:
            area = area.parent_id
        own = area.tariff_ids.filtered(lambda tariff: tariff.vehicle_class == vehicle_class)
        tariffs = own or area.tariff_ids.filtered(lambda tariff: tariff.vehicle_class == "any")
        return Book(
            tuple(
                (datetime.combine(tariff.date_from, time()), tariff._values())
                for tariff in tariffs.sorted("date_from")
            ),
            self.env["property.parking.holiday"]._calendar(self.company_id.id),
            self.tariff_change,
        )
