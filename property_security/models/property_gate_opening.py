import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

REASONS = [
    ("plate", "Plate not read"),
    ("emergency", "Ambulance, fire engine, police"),
    ("delivery", "Delivery or removal"),
    ("visitor", "Visitor"),
    ("resident", "Resident without card or plate"),
    ("fault", "Fault of the gate"),
    ("test", "Test or repair"),
    ("other", "Other"),
]


class PropertyGateOpening(models.Model):
    """A gate that a person has opened: who, why, and for whom. Nobody changes it later."""

    _name = "property.gate.opening"
    _description = "Manual Opening"
    _inherit = ["property.scoped"]
    _order = "at desc, id desc"
    _rec_name = "gate_id"

    gate_id = fields.Many2one(
        "property.gate", required=True, index=True, ondelete="restrict", readonly=True
    )
    site_id = fields.Many2one(related="gate_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="gate_id.company_id", store=True)
    lane_id = fields.Many2one("property.parking.lane", ondelete="restrict", readonly=True)
    at = fields.Datetime(
        string="Time", required=True, readonly=True, index=True, default=fields.Datetime.now
    )
    user_id = fields.Many2one(
        "res.users", string="Operator", required=True, readonly=True, ondelete="restrict"
    )
    reason_kind = fields.Selection(REASONS, string="Reason", required=True, readonly=True)
    reason = fields.Char(string="Details", required=True, readonly=True)
    plate = fields.Char(readonly=True)
    photo = fields.Binary(
        attachment=True,
        readonly=True,
        help="Taken by the guard on the spot; removed after the days set for pictures of gates.",
    )
    passage_id = fields.Many2one(
        "property.parking.passage", readonly=True, ondelete="set null", index="btree_not_null"
    )
    command_id = fields.Many2one("property.gate.command", readonly=True, ondelete="set null")
    command_state = fields.Selection(related="command_id.state", string="State of the Command")

    @api.model
    def _open(self, gate, lane, reason_kind, reason, plate=None, photo=None):
        """Open a gate by hand: command, passage where a plate is known, and a record of it.

        :param gate: property.gate
        :param lane: property.parking.lane of it, empty for a door
        :param str reason_kind: key of REASONS
        :param str reason: in words
        :param str plate: of the car, where known
        :param bytes photo: JPEG that the guard has taken
        :return: property.gate.opening
        :raise UserError: when there is no reason, or the lane is not one of the gate
        """
        if not (
            self.env.user.has_group("property_base.group_guard")
            or self.env.user.has_group("property_base.group_service")
        ):
            raise AccessError(self.env._("Only guards and customer service open gates. Call one."))
        gate.check_access("read")
        if reason_kind not in dict(REASONS) or not (reason or "").strip():
            raise UserError(self.env._("Say why you open the gate."))
        if gate.kind == "barrier" and (len(lane) != 1 or lane.gate_id != gate):
            raise UserError(
                self.env._("Choose the lane of %(gate)s that you open.", gate=gate.name)
            )
        vals = {
            "gate_id": gate.id,
            "lane_id": lane.id,
            "user_id": self.env.uid,
            "reason_kind": reason_kind,
            "reason": reason.strip(),
            "plate": self.env["property.vehicle"]._normalise_plate(plate or "") or False,
        }
        if photo:
            vals["photo"] = base64.b64encode(photo)
        opening_sudo = self.sudo().create(vals)  # nobody writes these but through here
        opening_sudo._act()
        return opening_sudo.sudo(self.env.su)

    def _act(self):
        """Give the command and record the passage."""
        self.ensure_one()
        words = dict(self._fields["reason_kind"]._description_selection(self.env))
        command = self.env["property.gate.command"]._give(
            self.gate_id,
            [
                {
                    "kind": "open",
                    "key": f"opening-{self.id}",
                    "lane_id": self.lane_id.id,
                    "reason": f"{words[self.reason_kind]}: {self.reason}",
                    "user_id": self.user_id.id,
                }
            ],
        )
        self.write({"command_id": command.id, "passage_id": self._passage().id})

    def _passage(self):
        """Take the passage of the car that is let through, where its plate is known."""
        passages = self.env["property.parking.passage"]
        if not (self.plate and self.lane_id):
            return passages
        read = {
            "key": f"{self.gate_id.id}:opening-{self.id}",
            "plate": self.plate,
            "at": self.at,
            "source": "manual",
            "gate_id": self.gate_id.id,
        }
        return passages._take(self.lane_id, [read])
