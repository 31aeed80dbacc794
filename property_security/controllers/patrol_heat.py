from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request
from werkzeug.exceptions import BadRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class PatrolHeat(http.Controller):
    """The workbook of the heat table."""

    @http.route("/property/patrol/heat.xlsx", type="http", auth="user", methods=["GET"])
    def property_patrol_heat(
        self, site="", route="", date_from="", date_to="", measure="", **kwargs
    ):
        """Send the table that is on the screen to whoever may see it."""
        try:
            name, content = request.env["property.patrol.heat"]._workbook(
                _number(site), _number(route), date_from, date_to, measure
            )
        except AccessError as fault:
            raise request.not_found(str(fault)) from fault
        except UserError as fault:
            raise BadRequest(str(fault)) from fault
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )


def _number(text):
    """Read the id of a record; 0, which none has, when it is no such number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
