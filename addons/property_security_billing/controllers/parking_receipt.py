import re

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from .parking_pay import private

TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


class PropertyParkingReceipt(http.Controller):
    @http.route(
        "/parking/receipt/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def parking_receipt(self, token, **kwargs):
        """Download the receipt of a parking payment."""
        # sudo: whoever knows the token has paid; the paper shows what he paid for
        payments_sudo = request.env["property.parking.payment"].sudo()
        if TOKEN.fullmatch(token):
            payments_sudo = payments_sudo.search([("access_token", "=", token)], limit=1)
        if not payments_sudo:
            return self._page("over", 404)
        lang = payments_sudo.company_id._billing_lang()
        # sudo: as above; the report reads what the token's payment shows
        reports_sudo = request.env["ir.actions.report"].sudo().with_context(lang=lang)
        try:
            content, _kind = reports_sudo._render_qweb_pdf(
                "property_security_billing.action_report_parking_receipt", payments_sudo.ids
            )
        except UserError:
            return self._page("busy", 503)
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(f"{payments_sudo.name}.pdf")),
        ]
        return private(request.make_response(content, headers=headers))

    def _page(self, step, status):
        values = {"step": step, "site": "", "area": "", "base_url": "/parking/pay"}
        return private(
            request.render("property_security_billing.parking_pay", values, status=status)
        )
