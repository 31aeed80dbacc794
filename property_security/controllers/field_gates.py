"""What a guard's phone asks about gates. It is done at once or not at all: a car is waiting."""

import base64
import binascii

from odoo.http import request, route

from odoo.addons.inspection_round.controllers.field_sync import FieldSyncController
from odoo.addons.inspection_round.tools import field_payload
from odoo.addons.inspection_round.tools.field_error import FieldRefused
from odoo.addons.property_base.controllers.portal import is_record_id

from ..tools.visitor_photo import PhotoError, clean_photo

POST = {"type": "http", "auth": "public", "methods": ["POST"], "csrf": False}


class FieldGates(FieldSyncController):
    @route("/field/gates", type="http", auth="public", methods=["GET"])
    def gates(self, **_ignored):
        """Tell which cars wait for the guard, and which passed last."""
        return self._answered(self._gates)

    @route("/field/gates/confirm", **POST)
    def confirm_plate(self):
        """Let a car through under the plate that the guard sees, where that plate may pass."""
        return self._answered(self._confirm_plate)

    @route("/field/gates/open", **POST)
    def open_gate(self):
        """Open a gate by hand, with a reason."""
        return self._answered(self._open_gate)

    def _guard(self):
        employee = self._employee()
        if not request.env.user.has_group("property_base.group_guard"):
            raise FieldRefused(403, request.env._("Gates are looked after by guards."))
        return employee

    def _gates(self):
        self._guard()
        return 200, request.env["property.gate.field"]._now()

    def _confirm_plate(self):
        self._guard()
        body = self._parsed(field_payload.parse)
        plate = body.get("plate")
        if not isinstance(plate, str) or not 1 <= len(plate.strip()) <= 16 or "\0" in plate:
            raise FieldRefused(422, request.env._("Enter the plate that you see on the car."))
        passage = self._found("property.parking.passage", body.get("passage"))
        passage.action_confirm(plate.strip())
        gates = request.env["property.gate.field"]
        return 200, {**gates._now(), "confirmed": gates._row(passage)}

    def _open_gate(self):
        self._guard()
        body = self._parsed(field_payload.parse)
        texts = {name: body.get(name) or "" for name in ("kind", "reason", "plate")}
        if not all(isinstance(t, str) and len(t) <= 200 and "\0" not in t for t in texts.values()):
            raise FieldRefused(422, request.env._("Say why you open the gate."))
        gate = self._found("property.gate", body.get("gate"))
        lane = request.env["property.parking.lane"]
        if body.get("lane"):
            lane = self._found(lane._name, body["lane"])
        opening = request.env["property.gate.opening"]._open(
            gate, lane, texts["kind"], texts["reason"], texts["plate"], self._photo(body)
        )
        return 200, {"opening": opening.id}

    @staticmethod
    def _photo(body):
        """Return the photo that the guard has taken, or nothing.

        :raise FieldRefused: 422 when it is none
        """
        sent = body.get("photo")
        if not sent:
            return None
        try:
            return clean_photo(base64.b64decode(sent, validate=True))
        except (PhotoError, TypeError, binascii.Error, ValueError):
            raise FieldRefused(
                422, request.env._("The photo cannot be read. Take it again, or leave it out.")
            ) from None

    @staticmethod
    def _found(model, number):
        """Return a record that the guard may read.

        :raise FieldRefused: 404 for any other
        """
        found = request.env[model]
        if is_record_id(number):
            found = found.search([("id", "=", number)])
        if not found:
            raise FieldRefused(404, request.env._("This is not one of your gates. Load it anew."))
        return found
