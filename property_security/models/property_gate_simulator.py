import json
import secrets
import time

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import gate_signature
from .parking_class import MONEY_GROUPS

PLATES = 12  # that are proposed


class PropertyGateSimulator(models.AbstractModel):
    """A screen that stands in for a camera: its messages are signed as a device's are."""

    _name = "property.gate.simulator"
    _description = "Gate Simulator"

    @api.model
    def start(self):
        """Return the lanes and doors of the simulated gates that the user works at.

        :return: list of dicts; `key` names one of them
        :raise AccessError: for whoever is neither guard nor manager
        """
        self._check_may()
        gates = self.env["property.gate"].search([("driver", "=", "simulator")])
        doors = gates.filtered(lambda gate: gate.kind == "door")
        lanes = [
            {
                "key": f"lane-{lane.id}",
                "id": lane.id,
                "kind": "lane",
                "name": lane.name,
                "direction": lane.direction,
                "area": lane.area_id.name,
                "gate": gate.name,
                "site": gate.site_id.name,
            }
            for gate in gates
            for lane in gate.lane_ids
        ]
        return lanes + [
            {
                "key": f"door-{door.id}",
                "id": door.id,
                "kind": "door",
                "name": door.name,
                "direction": "in",
                "area": door.place or "",
                "gate": door.name,
                "site": door.site_id.name,
            }
            for door in doors
        ]

    @api.model
    def plates(self, lane_id):
        """Return plates to drive with: of cars inside at a way out, else of registered cars.

        :param int lane_id: property.parking.lane
        """
        self._check_may()
        lane = self.env["property.parking.lane"].browse(lane_id)
        inside = self.env["property.parking.session"].search(
            [("area_id", "=", lane.area_id.id), ("state", "=", "inside")], limit=100
        )
        if lane.direction == "out":
            return inside[:PLATES].mapped("plate")
        domain = [("site_id", "=", lane.site_id.id), ("plate", "not in", inside.mapped("plate"))]
        return self.env["property.vehicle"].search(domain, limit=PLATES).mapped("plate")

    @api.model
    def message(self, lane_id, plate, confidence):
        """Return a request as a camera at the lane would send it, signed; good once.

        :param int lane_id: property.parking.lane of a simulated gate
        :param str plate: as the camera reads it; empty for a car without one
        :param float confidence: percent
        :return: dict with path, headers and body
        """
        lane = self.env["property.parking.lane"].browse(lane_id)
        gate = self._gate_of(lane)
        body = {
            "message_id": secrets.token_hex(8),
            "lane": lane.channel or None,
            "plate": plate or "",
            "confidence": confidence,
            "time": fields.Datetime.now().isoformat(timespec="seconds") + "Z",
        }
        return self._signed(gate, "POST", "passages", json.dumps(body, ensure_ascii=False))

    @api.model
    def swipe(self, gate_id, text, is_card):
        """Return a request as the reader at a door would send it, signed; good once.

        :param int gate_id: property.gate of kind door with this driver
        :param str text: number of a card, or what a code says
        :param bool is_card: whether it is a card
        """
        self._check_may()
        gate = self.env["property.gate"].browse(gate_id)
        gate.check_access("read")
        self._check_simulated(gate)
        body = {"message_id": secrets.token_hex(8), "card" if is_card else "token": text}
        return self._signed(gate, "POST", "events", json.dumps(body, ensure_ascii=False))

    @api.model
    def poll(self, lane_id):
        """Return the request by which the device of a lane asks for its commands, signed."""
        gate = self._gate_of(self.env["property.parking.lane"].browse(lane_id))
        return self._signed(gate, "GET", "commands")

    @api.model
    def answer(self, lane_id, command_id):
        """Return the request by which the device confirms a command, signed."""
        gate = self._gate_of(self.env["property.parking.lane"].browse(lane_id))
        return self._signed(gate, "POST", f"commands/{int(command_id)}", '{"result": "done"}')

    @api.model
    def stay(self, passage_id):
        """Return what the screen tells of a passage: the fee only to whoever may see it.

        :param int passage_id: property.parking.passage
        """
        self._check_may()
        passage = self.env["property.parking.passage"].browse(passage_id)
        stay = passage.session_id
        told = {"state": stay.state or "", "category": passage.category or ""}
        if stay and passage.direction == "out" and self.env.user.has_groups(MONEY_GROUPS):
            told.update(amount=stay.amount, explanation=stay.explanation or "")
        return told

    def _gate_of(self, lane):
        """Return the simulated gate of a lane, for whoever may use it."""
        self._check_may()
        lane.check_access("read")
        self._check_simulated(lane.gate_id)
        return lane.gate_id

    def _check_simulated(self, gate):
        if gate.driver != "simulator":
            raise UserError(
                self.env._("This is a real gate. Choose one whose driver is the simulator.")
            )

    def _check_may(self):
        if not self.env.user.has_group("property_base.group_guard"):
            raise AccessError(self.env._("Only guards and managers drive the simulator."))

    @api.model
    def _signed(self, gate, method, what, body=""):
        if not gate.sudo().secret:  # the secret stays here: only what it signs goes out
            gate._make_secret()
        path, nonce, now = f"/gate/v1/{gate.code}/{what}", secrets.token_urlsafe(16), time.time()
        parts = (method, path, str(int(now)), nonce, body.encode())
        signature = gate_signature.sign(gate.sudo().secret, *parts)
        values = (str(int(now)), nonce, signature)
        headers = dict(zip(gate_signature.HEADERS, values, strict=True))
        return {"method": method, "path": path, "headers": headers, "body": body}
