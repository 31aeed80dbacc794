from datetime import timedelta

from odoo import api, fields, models

from .parking_class import WAITING_MINUTES

#: What a car is told that has to wait at the barrier.
WAITING_ACTIONS = ("confirm", "pay")


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

    def write(self, vals):
        """Open the barrier for cars that had to wait and are let through now."""
        opens = vals.get("action") == "open"
        waiting = self.filtered(lambda p: opens and p.action in WAITING_ACTIONS)
        result = super().write(vals)
        waiting._open_gates()
        return result

    def _open_gates(self):
        """Give the barriers the command to open for these cars, once for each.

        Who is let through much later, in the books only, does not stand there any more.
        """
        since = fields.Datetime.now() - timedelta(minutes=WAITING_MINUTES)
        there = self.filtered(lambda passage: passage.received_at >= since)
        for gate, passages in there.grouped(lambda p: p.gate_id or p.lane_id.gate_id).items():
            if gate:
                rows = [passage._prepare_open_vals(user_id=self.env.uid) for passage in passages]
                # commands follow from what people do, whatever else they may do at gates
                self.env["property.gate.command"]._give(gate.sudo(), rows)

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
        if self.action == "pay":
            return [plate, self.env._("Please pay the parking fee first")]
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
