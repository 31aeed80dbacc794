import re

from odoo import http
from odoo.http import request

TOKEN = re.compile(r"[\w-]{8,40}", re.ASCII)


class EquipmentLabel(http.Controller):
    @http.route("/equipment/<string:token>", type="http", auth="user", methods=["GET"])
    def open_equipment(self, token):
        """Open the equipment whose label was scanned; unknown and foreign ones are not found."""
        if not request.env.user._is_internal() or not TOKEN.fullmatch(token):
            raise request.not_found()
        equipment = request.env["maintenance.equipment"].search(
            [("label_token", "=", token)], limit=1
        )
        if not equipment:
            raise request.not_found()
        return request.redirect(f"/odoo/property-equipment/{equipment.id}")
