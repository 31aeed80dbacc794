from datetime import timedelta

from odoo import api, fields, models


class PropertyParkingPassage(models.Model):
    """What a gate shows and does about a passage."""

    _inherit = "property.parking.passage"

    gate_id = fields.Many2one(
        "property.gate", index="btree_not_null", ondelete="set null", readonly=True
    )
    image = fields.Binary(
        string="Picture",
        attachment=True,
        readonly=True,
        help="Of the car, as the camera sent it; removed after the days set for the company.",
    )
    command_ids = fields.One2many(
        "property.gate.command",
        "passage_id",
        string="Commands",
        groups="property_base.group_guard,property_base.group_service",
    )

    @api.model
    def _prepare_passage_vals(self, lane, read):
        """Override: passages of a gate carry its picture."""
        vals = super()._prepare_passage_vals(lane, read)
        if read.get("gate_id"):
            vals["gate_id"] = read["gate_id"]
        if read.get("image"):
            vals["image"] = read["image"]
        return vals

    def _open_gate(self):
        """Give the barrier at the lane the command to open for this car, once."""
        self.ensure_one()
        gate_sudo = (self.gate_id or self.lane_id.gate_id).sudo()  # nobody writes commands
        if gate_sudo and self.action == "open":
            vals = self._prepare_open_vals(user_id=self.env.uid)
            return self.env["property.gate.command"]._give(gate_sudo, [vals])
        return self.env["property.gate.command"]

    def _prepare_open_vals(self, **more):
        """Return the values of the command that opens for this passage."""
        self.ensure_one()
        return {
            "kind": "open",
            "key": f"passage-{self.id}",
            "lane_id": self.lane_id.id,
            "passage_id": self.id,
            **more,
        }

    def _gate_answer(self, key, command=None):
        """Return what the device is told about its message.

        :param str key: of the message
        :param command: property.gate.command to open, where the gate may
        """
        self.ensure_one()
        # a message that comes again later finds no car any more
        is_open = bool(command) and command.expires_at > fields.Datetime.now()
        lines = self._gate_lines()
        return {
            "message_id": key,
            "passage": self.id,
            "decision": self.action,
            "reason": self.reason,
            "open": is_open,
            "command": command.id if is_open else None,
            "display": lines,
            "voice": ", ".join(lines),
        }

    def _gate_lines(self):
        """Return what the display at the lane shows; extended where there is something to pay.

        The driver is told nothing about lists: who is turned away asks the guard.

        :return: list of short texts in the language of the context
        """
        self.ensure_one()
        plate = self.env["property.vehicle"]._display_plate(self.plate)
        if self.action == "confirm":
            return [plate, self.env._("Please wait for the guard")]
        if self.action == "refuse":
            return [plate, self.env._("No entry, please ask the guard")]
        if self.direction == "out":
            return [plate, self.env._("Have a safe journey")]
        words = {
            "owner_space": self.env._("Welcome home"),
            "staff": self.env._("Staff, welcome"),
            "monthly": self.env._("Monthly card, welcome"),
            "grace": self.env._("Your card has expired, please renew"),
            "visitor": self.env._("Visitor, welcome"),
        }
        return [plate, words.get(self.category) or self.env._("Welcome")]

    @api.model
    def _waiting_since(self, minutes):
        """Return the passages of the last minutes that wait for the guard."""
        since = fields.Datetime.now() - timedelta(minutes=minutes)
        return self.search([("action", "=", "confirm"), ("at", ">=", since)])
