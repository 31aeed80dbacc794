from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.checkin import Point
from ..tools.codes import code_of, new_code, normalise_nfc
from ..tools.qr import data_uri


class InspectionCheckpoint(models.Model):
    """A place that a round visits, with its label, its tag and its checklist."""

    _name = "inspection.checkpoint"
    _description = "Inspection Checkpoint"
    _order = "route_id, sequence, id"
    _rec_names_search = ["name", "code", "place"]

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    route_id = fields.Many2one(
        "inspection.route", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="route_id.company_id", store=True, index=True)
    place = fields.Char(translate=True, help="Where it is, in words that find it.")
    instructions = fields.Text(translate=True, help="What to do there.")
    code = fields.Char(
        required=True,
        copy=False,
        default=lambda self: new_code(),
        help="What the QR label of the place holds.",
    )
    nfc_uid = fields.Char(
        string="NFC Tag", copy=False, help="Number of the tag at the place, in hexadecimal digits."
    )
    has_position = fields.Boolean(
        string="Check the Position",
        help="A check-in from farther away than the radius is flagged.",
    )
    latitude = fields.Float(digits=(10, 7), help="Degrees, north is positive (WGS 84).")
    longitude = fields.Float(digits=(10, 7), help="Degrees, east is positive (WGS 84).")
    radius = fields.Integer(default=50, help="Metres around the position.")
    minutes = fields.Integer(
        string="Expected Minutes",
        help="Minutes from the checkpoint before to this one; 0: as the route says.",
    )
    item_ids = fields.One2many("inspection.item", "checkpoint_id", string="Checklist", copy=True)
    item_count = fields.Integer(compute="_compute_item_count", string="Items")

    _code_unique = models.UniqueIndex("(code)", "Another checkpoint has this code.")
    _nfc_uid_unique = models.UniqueIndex(
        "(nfc_uid) WHERE nfc_uid IS NOT NULL", "Another checkpoint has this NFC tag."
    )
    _position_valid = models.Constraint(
        "CHECK (NOT has_position OR (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180"
        " AND radius > 0))",
        "A position has a latitude from -90 to 90, a longitude from -180 to 180 and a radius.",
    )
    _minutes_positive = models.Constraint(
        "CHECK (minutes >= 0)", "The expected minutes cannot be negative."
    )

    @api.depends("item_ids")
    def _compute_item_count(self):
        for checkpoint in self:
            checkpoint.item_count = len(checkpoint.item_ids)

    @api.model_create_multi
    def create(self, vals_list):
        """Bring codes and tags into one spelling; rounds not begun need one point more."""
        checkpoints = super().create([self._normalised(vals) for vals in vals_list])
        checkpoints.route_id._count_required()
        return checkpoints

    def write(self, vals):
        """Bring codes and tags into one spelling; rounds not begun need other points."""
        before = self.route_id
        result = super().write(self._normalised(vals))
        if {"active", "route_id"} & vals.keys():
            (before | self.route_id)._count_required()
        return result

    def unlink(self):
        """Let rounds that are not begun need one point less."""
        routes = self.route_id
        result = super().unlink()
        routes._count_required()
        return result

    @api.model
    def _normalised(self, vals):
        vals = dict(vals)
        if vals.get("code"):
            vals["code"] = code_of(vals["code"])
        if vals.get("nfc_uid"):
            try:
                vals["nfc_uid"] = normalise_nfc(vals["nfc_uid"]) or False
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "%(uid)s is no number of an NFC tag: write its hexadecimal digits, as in"
                        " 04A22B1C6D5E80.",
                        uid=error.args[0],
                    )
                ) from None
        return vals

    def action_new_code(self):
        """Give these places new codes: the labels that hang there are void."""
        self.check_access("write")
        for checkpoint in self:
            checkpoint.code = new_code()
        return True

    def _label_url(self):
        """Return what the label holds: an address that any camera opens in the field app."""
        self.ensure_one()
        return f"{self.get_base_url()}/field/?{urlencode({'c': self.code})}"

    def _labels(self):
        """Return what is printed on the labels of these places, one dict each."""
        return [
            {
                "route": point.route_id.name,
                "name": point.name,
                "place": point.place or "",
                "code": point.code,
                "qr": data_uri(point._label_url()),
            }
            for point in self
        ]

    def _point(self):
        """Return the place as the kernel judges it, None without a position."""
        self.ensure_one()
        if not self.has_position:
            return None
        return Point(self.latitude, self.longitude, self.radius)

    def _minutes(self):
        """Return the expected minutes to get there; 0: any time will do."""
        self.ensure_one()
        return self.minutes or self.route_id.minutes
