"""The page of who carries a link: a visitor, or a mover. Whoever has the link may see it."""

import re

from odoo import http
from odoo.http import request

from .visitor_words import shown, spaced

TOKEN = re.compile(r"[\w-]{22}", re.ASCII)
#: Nobody indexes the page, keeps it, or learns its address from a link on it.
PRIVATE = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


class VisitorPublic(http.Controller):
    @http.route("/v/<string:token>", type="http", auth="public", methods=["GET"], sitemap=False)
    def visitor_page(self, token, **_ignored):
        """Show the QR code, the short code and where to go; nothing about the resident."""
        ticket_sudo = None
        if TOKEN.fullmatch(token):
            found = (
                request.env[name]._of_token(token)
                for name in ("property.visitor.pass", "property.item.release")
            )
            ticket_sudo = next((one for one in found if one and one.issued_at), None)
        values = self._visitor_values(ticket_sudo) if ticket_sudo else {"shown": None}
        response = request.render(
            "property_security.visitor_page",
            {**values, "no_header": True, "no_footer": True},
            status=200 if ticket_sudo else 404,
        )
        response.headers.update(PRIVATE)
        return response

    def _visitor_values(self, ticket_sudo):
        """Return what the page shows: plain values."""
        is_pass = ticket_sudo._name == "property.visitor.pass"
        unit_sudo, site_sudo = ticket_sudo.unit_id, ticket_sudo.site_id
        shows_unit = not is_pass or ticket_sudo.show_unit
        state = ticket_sudo.state
        return {
            "shown": {
                "name": ticket_sudo.name if is_pass else ticket_sudo.carrier,
                "state": state,
                "site": site_sudo.name,
                "street": " ".join(filter(None, (site_sudo.city, site_sudo.street))),
                "phone": site_sudo.phone,
                "building": unit_sudo.building_id.name or "",
                "unit": unit_sudo.code if shows_unit else "",
                "from": shown(ticket_sudo.valid_from, site_sudo),
                "to": shown(ticket_sudo.valid_to, site_sudo),
                "is_once": is_pass and ticket_sudo.uses_max == 1,
                "plate": request.env["property.vehicle"]._display_plate(ticket_sudo.plate),
                "items": []
                if is_pass
                else [(line.name, line.quantity) for line in ticket_sudo.line_ids],
                "code": spaced(ticket_sudo.code),
                "qr": ticket_sudo._qr_image() if state in ("valid", "upcoming") else "",
            }
        }
