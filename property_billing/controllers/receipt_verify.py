import re

from odoo import http
from odoo.http import request

from odoo.addons.property_base.controllers.limits import allowed, is_over
from odoo.addons.property_base.tools.limit import Limit

from ..tools.receipt_numbers import mask_name

TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
#: Wrong codes a client may send a minute; right ones are not limited.
MISSES = Limit("receipt_misses", 20, 60)


class PropertyReceiptVerify(http.Controller):
    """Tells whoever holds a receipt whether it is genuine."""

    @http.route(
        "/property/receipt/verify/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def property_receipt_verify(self, token, **kwargs):
        """Show number, day, total and state of the receipt whose code was scanned."""
        if is_over(MISSES):
            return self._page({"is_blocked": True}, 429)
        # sudo: whoever knows the token holds the paper; only what the paper says is shown
        receipts_sudo = request.env["property.receipt"].sudo()
        if TOKEN.fullmatch(token):
            receipts_sudo = receipts_sudo.search([("token", "=", token)], limit=1)
        if not receipts_sudo or receipts_sudo.is_blank:
            allowed(MISSES)
            return self._page({}, 404)
        return self._page({"receipt": self._values(receipts_sudo)}, 200)

    def _values(self, receipt_sudo):
        """Return what is shown, as plain values.

        :param receipt_sudo: the receipt
        """
        labels = dict(receipt_sudo._fields["state"]._description_selection(request.env))
        return {
            "number": receipt_sudo.name,
            "company": receipt_sudo.company_id.name,
            "site": receipt_sudo.site_id.name or "",
            "date": receipt_sudo.date,
            "total": receipt_sudo.amount_total,
            "currency": receipt_sudo.currency_id,
            "payer": mask_name(receipt_sudo.payer_name),
            "state": receipt_sudo.state,
            "state_label": labels[receipt_sudo.state],
            "void_on": receipt_sudo.void_on,
        }

    def _page(self, values, status):
        response = request.render(
            "property_billing.receipt_verify",
            {"receipt": None, "is_blocked": False, **values},
            status=status,
        )
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
