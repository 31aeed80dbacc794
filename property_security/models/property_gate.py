import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

SEEN_SECONDS = 20  # a gate that talks all the time is not written all the time
LOCK = 1919247220  # names our locks among all advisory locks of two numbers


class PropertyGate(models.Model):
    """A barrier at lanes, or a door: a device that tells us who comes and opens when told to."""

    _name = "property.gate"
    _description = "Gate"
    _inherit = ["property.scoped", "mail.thread"]
    _order = "site_id, kind, sequence, name, id"

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("barrier", "Barrier"), ("door", "Door")], required=True, default="barrier"
    )
    site_id = fields.Many2one(
        "property.site", required=True, index=True, ondelete="restrict", tracking=True
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    code = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: secrets.token_hex(6),
        help="Names the gate in the address to which its device sends.",
    )
    driver = fields.Selection(
        [("http", "HTTP, JSON"), ("simulator", "Simulator")],
        required=True,
        default="http",
        tracking=True,
        help="How the device speaks. The simulator is a screen that stands in for a camera.",
    )
    lane_ids = fields.One2many("property.parking.lane", "gate_id", string="Lanes")
    building_id = fields.Many2one(
        "property.building",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('site_id', '=', site_id)]",
        help="Of a door: whoever lives here may pass. Empty: everybody of the site.",
    )
    entrance = fields.Char(help="Of a door: entrance (单元) of the building. Empty: all of them.")
    is_for_visitors = fields.Boolean(
        string="Lets Visitors In",
        tracking=True,
        help="Of a door that reads codes: the QR code or number code of a visitor pass opens it. "
        "A door of a building opens for visitors of its own units only.",
    )
    place = fields.Char(help="Where it stands, in words.")
    last_seen_at = fields.Datetime(string="Last Message", readonly=True, copy=False)
    silent_seconds = fields.Integer(
        string="Offline After (s)",
        default=120,
        help="Seconds without a message or heartbeat after which the gate counts as offline.",
    )
    is_online = fields.Boolean(
        string="Online", compute="_compute_is_online", search="_search_is_online"
    )
    unplated_seconds = fields.Integer(
        string="Car Seen Within (s)",
        default=60,
        help="A driver without number plate opens by code only while the lane has reported a car "
        "without plate, by its camera or loop, in the last so many seconds. 0: the gate reports "
        "none, and the guard confirms each of these cars.",
    )
    command_ids = fields.One2many("property.gate.command", "gate_id", string="Commands")
    active = fields.Boolean(default=True)
    note = fields.Text(string="Notes")

    _code_unique = models.UniqueIndex("(code)")
    _seconds = models.Constraint(
        "CHECK(silent_seconds > 0 AND unplated_seconds >= 0)",
        "A gate is offline after at least one second, and no time is negative.",
    )

    @api.depends("last_seen_at", "silent_seconds", "driver")
    def _compute_is_online(self):
        now = fields.Datetime.now()
        for gate in self:
            quiet = now - gate.last_seen_at if gate.last_seen_at else None
            is_heard = bool(quiet and quiet <= timedelta(seconds=gate.silent_seconds))
            gate.is_online = is_heard or gate.driver == "simulator"  # a screen is always there

    def _search_is_online(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        wanted = (True in value) == (operator == "in")
        self.flush_model(["last_seen_at", "silent_seconds", "driver"])
        online = SQL(
            "SELECT id FROM property_gate WHERE driver = 'simulator' OR last_seen_at"
            " >= now() AT TIME ZONE 'UTC' - silent_seconds * interval '1 second'"
        )
        return [("id", "in" if wanted else "not in", online)]

    @api.constrains("site_id", "lane_ids", "building_id", "kind")
    def _check_places(self):
        for gate in self:
            if gate.lane_ids.site_id - gate.site_id or gate.building_id.site_id - gate.site_id:
                raise ValidationError(
                    self.env._(
                        "%(gate)s stands on another site than its lanes or building. Choose those "
                        "of its own site.",
                        gate=gate.name,
                    )
                )
            if gate.lane_ids and gate.kind == "door":
                raise ValidationError(
                    self.env._("A door has no lanes. Make %(gate)s a barrier.", gate=gate.name)
                )

    def _driver(self):
        """Return the model that speaks the language of the device."""
        self.ensure_one()
        return self.env[f"property.gate.driver.{self.driver}"]

    def _touch(self):
        """Note that the device has been heard of just now."""
        self.env.cr.execute(
            SQL(
                "UPDATE property_gate SET last_seen_at = now() AT TIME ZONE 'UTC' WHERE id IN %s"
                " AND (last_seen_at IS NULL"
                " OR last_seen_at < now() AT TIME ZONE 'UTC' - %s * interval '1 second')",
                tuple(self.ids),
                SEEN_SECONDS,
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_recordset(["last_seen_at", "is_online"])

    def action_view_commands(self):
        """Open what the gate was told."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_security.property_gate_command_action"
        )
        return {**action, "domain": [("gate_id", "=", self.id)], "context": {}}
