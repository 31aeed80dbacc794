"""What a driver gets who has paid: receipt, state of a refund, and a VAT invoice if he asks.

Whoever has the link has paid. It is 192 bits long and stands nowhere but where he paid.
"""

import re
from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from odoo.addons.property_base.controllers.limits import allowed, is_over
from odoo.addons.property_base.tools.cipher import mask_phone

from ..tools.fee_lines import fee_lines
from ..tools.invoice_title import mask_email
from . import limits
from .parking_pay import private

TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
CONTENT_TYPES = {"pdf": "application/pdf", "ofd": "application/ofd", "xml": "application/xml"}
FORM = ("kind", "title", "tax_number", "email", "phone")


class PropertyParkingReceipt(http.Controller):
    @http.route(
        "/parking/paid/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def parking_paid(self, token, **kwargs):
        """Show what was paid, what was given back, and the VAT invoice or the form for it."""
        payment_sudo, refusal = self._payment_sudo(token)
        return refusal or self._page(self._values(payment_sudo))

    @http.route(
        "/parking/paid/<string:token>/invoice",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def parking_invoice_ask(self, token, **typed):
        """Ask for a VAT invoice."""
        payment_sudo, refusal = self._payment_sudo(token)
        if refusal:
            return refusal
        if not allowed(limits.INVOICES):
            return self._step("blocked", 429)
        typed = {name: typed.get(name, "") for name in FORM}
        try:
            _asked, wrong = request.env["property.parking.invoice.request"]._ask(
                payment_sudo, typed
            )
        except UserError as error:
            return self._page({**self._values(payment_sudo), "problem": str(error)}, 400)
        if wrong:
            values = {**self._values(payment_sudo), "typed": typed, "wrong": wrong}
            return self._page(values, 400)
        return request.redirect(payment_sudo._receipt_path(), code=303)

    @http.route(
        "/parking/paid/<string:token>/invoice/file",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def parking_invoice_file(self, token, **kwargs):
        """Download the VAT invoice of a payment."""
        payment_sudo, refusal = self._payment_sudo(token)
        if refusal:
            return refusal
        issued_sudo = payment_sudo.invoice_request_ids.filtered(lambda one: one.state == "issued")
        content, kind = issued_sudo._file_content() if issued_sudo else (b"", "")
        if not kind:
            return self._step("over", 404)
        name = f"{issued_sudo.number}.{kind}"
        return self._download(content, name, CONTENT_TYPES[kind])

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
        payment_sudo, refusal = self._payment_sudo(token)
        if refusal:
            return refusal
        if not allowed((limits.PAPERS, token)):
            return self._step("blocked", 429)
        # sudo: as in _payment_sudo; the report reads what the token's payment shows
        reports_sudo = request.env["ir.actions.report"].sudo()
        try:
            content, _kind = reports_sudo._render_qweb_pdf(
                "property_security_billing.action_report_parking_receipt", payment_sudo.ids
            )
        except UserError:
            return self._step("busy", 503)
        return self._download(content, f"{payment_sudo.name}.pdf", "application/pdf")

    def _payment_sudo(self, token):
        """Return the payment of a link, or the page that refuses it."""
        # sudo: whoever knows the token has paid; only what he paid for is shown
        payments_sudo = request.env["property.parking.payment"].sudo()
        if is_over(limits.MISSES):
            return payments_sudo, self._step("blocked", 429)
        if TOKEN.fullmatch(token):
            payments_sudo = payments_sudo.search([("access_token", "=", token)], limit=1)
        if not payments_sudo:
            allowed(limits.MISSES)
            return payments_sudo, self._step("over", 404)
        request.update_context(lang=payments_sudo.company_id._billing_lang())
        return payments_sudo.with_env(request.env(su=True)), None

    def _values(self, payment_sudo):
        """Return what the page shows of a payment: plain values."""
        zone = ZoneInfo(payment_sudo.site_id.tz or "UTC")
        paid_at = payment_sudo.paid_at.replace(tzinfo=UTC).astimezone(zone)
        methods = dict(payment_sudo._fields["method"]._description_selection(request.env))
        path = payment_sudo._receipt_path()
        return {
            "step": "receipt",
            "site": payment_sudo.site_id.name,
            "area": payment_sudo.area_id.name,
            "plate": payment_sudo.plate_display,
            "number": payment_sudo.name,
            "paid_at": f"{paid_at:%Y-%m-%d %H:%M}",
            "method": methods[payment_sudo.method],
            "amount": payment_sudo.amount_received,
            "currency": payment_sudo.currency_id,
            "lines": fee_lines(payment_sudo.explanation),
            "refunds": [
                {"amount": one.amount, "is_done": one.payout_state == "done"}
                for one in payment_sudo.refund_ids
                if one.approval_state == "approved"
            ],
            "pdf_url": path.replace("/paid/", "/receipt/"),
            "invoice_url": f"{path}/invoice",
            "invoice": self._invoice_values(payment_sudo),
            "may_ask": payment_sudo.currency_id.compare_amounts(payment_sudo.amount_net, 0) > 0,
            "amount_to_invoice": payment_sudo.amount_net,
            "typed": {"kind": "company"},
            "wrong": [],
            "problem": "",
        }

    def _invoice_values(self, payment_sudo):
        last_sudo = payment_sudo.invoice_request_ids.sorted("id")[-1:]
        if not last_sudo:
            return None
        return {
            "state": last_sudo.state,
            "title": last_sudo.title,
            "tax_number": last_sudo.tax_number,
            "contact": " ".join(
                filter(None, (mask_email(last_sudo.email), mask_phone(last_sudo.phone)))
            ),
            "number": last_sudo.number,
            "issued_on": last_sudo.issued_on,
            "amount": last_sudo.amount_issued,
            "reason": last_sudo.reason,
            "has_file": bool(last_sudo._file_content()[1]),
        }

    def _download(self, content, name, content_type):
        headers = [
            ("Content-Type", content_type),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return private(request.make_response(content, headers=headers))

    def _step(self, step, status):
        return self._page({"step": step, "site": "", "area": ""}, status)

    def _page(self, values, status=200):
        values = {"base_url": "/parking/pay", **values}
        return private(
            request.render("property_security_billing.parking_pay", values, status=status)
        )
