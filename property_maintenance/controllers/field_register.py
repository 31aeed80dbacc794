"""What phones ask for while they have a network: the register, and a telephone number."""

from functools import partial

from odoo.http import request, route

from odoo.addons.inspection_round.controllers.field_sync import FieldSyncController
from odoo.addons.inspection_round.tools import field_payload
from odoo.addons.inspection_round.tools.field_error import FieldRefused
from odoo.addons.property_base.controllers.portal import is_record_id


class FieldRegister(FieldSyncController):
    @route("/field/register", type="http", auth="public", methods=["GET"])
    def register(self, text="", **_ignored):
        """Find homes and people; telephone numbers are masked."""
        # the database takes no NUL, and there is none in a name
        return self._answered(partial(self._register, text.replace("\0", "")))

    @route("/field/phone", type="http", auth="public", methods=["POST"], csrf=False)
    def phone(self):
        """Give the telephone number of an order's contact or of a resident; this is logged."""
        return self._answered(self._phone)

    def _register(self, text):
        self._employee()
        return 200, {"homes": request.env["property.request.field.new"]._lookup(text)}

    def _phone(self):
        self._employee()
        body = self._parsed(field_payload.parse)
        order_id, partner_id = body.get("request"), body.get("partner")
        if is_record_id(order_id):
            order = request.env["maintenance.request"]._field_find(order_id)
            order.action_show_phone()
            return 200, {"phone": order.contact_phone or ""}
        if not is_record_id(partner_id):
            raise FieldRefused(400, request.env._("Say whose number you need."))
        person = request.env["res.partner"].search([("id", "=", partner_id)])
        if not person:
            raise FieldRefused(404, request.env._("This person is not registered with you."))
        person.action_reveal_phone()
        return 200, {"phone": person.phone or ""}
