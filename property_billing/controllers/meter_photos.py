from odoo import http
from odoo.fields import Domain
from odoo.http import request

from ..tools.document_ids import is_document_id


class PropertyMeterPhotos(http.Controller):
    """The photos of the counters, for those who may see the bill that stands on them."""

    @http.route(
        "/my/bills/<int:bill_id>/photo/<int:reading_id>",
        type="http",
        auth="user",
        methods=["GET"],
        sitemap=False,
    )
    def my_bills_photo(self, bill_id, reading_id, **kwargs):
        """Send one photo of a reading that a bill in sight of this person stands on."""
        partner = request.env.user.partner_id
        if not (is_document_id(bill_id) and is_document_id(reading_id)):
            return request.not_found()
        # sudo: the domain says which bills this person may see
        bills_sudo = request.env["account.move"].sudo()
        bill_sudo = bills_sudo.search(
            bills_sudo._property_portal_domain(partner) & Domain("id", "=", bill_id)
        )
        charge_sudo = bill_sudo.property_charge_id
        readings_sudo = charge_sudo._meter_photos().get(charge_sudo)
        reading_sudo = readings_sudo and readings_sudo.filtered(lambda row: row.id == reading_id)
        if not reading_sudo:
            return request.not_found()
        stream = request.env["ir.binary"]._get_image_stream_from(reading_sudo, "photo")
        response = stream.get_response(as_attachment=False)
        response.headers["Cache-Control"] = "private, no-store"
        return response
