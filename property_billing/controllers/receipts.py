from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..tools.document_ids import is_document_id
from .bills import PropertyBills

PAGE_SIZE = 20


class PropertyReceipts(PropertyBills):
    """What a household has paid, with receipts."""

    @http.route(
        ["/my/bills/history", "/my/bills/history/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_bills_history(self, page=1, **kwargs):
        """Show the payments, the newest first."""
        partner = request.env.user.partner_id
        # sudo: the domain says what this person may see
        payments_sudo = request.env["account.payment"].sudo()
        payments_sudo = payments_sudo.search(
            payments_sudo._property_portal_payment_domain(partner), order="date desc, id desc"
        )
        heads = list(
            dict.fromkeys(payment._property_receipt_head(partner) for payment in payments_sudo)
        )
        pager = portal_pager(
            url="/my/bills/history",
            total=len(heads),
            page=min(page, len(heads) // PAGE_SIZE + 1),
            step=PAGE_SIZE,
        )
        shown = heads[pager["offset"] : pager["offset"] + PAGE_SIZE]
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="property_bills",
            tab="history",
            receipts=[payment._property_receipt(partner) for payment in shown],
            pager=pager,
        )
        return request.render("property_billing.portal_my_payments", values)

    @http.route(
        "/my/bills/receipt/<int:payment_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_bills_receipt(self, payment_id, **kwargs):
        """Show one receipt."""
        partner = request.env.user.partner_id
        payment_sudo = self._property_payment_sudo(payment_id, partner)
        if not payment_sudo:
            return self._property_receipt_not_found()
        values = self._prepare_portal_layout_values()
        values.update(page_name="property_receipt", receipt=payment_sudo._property_receipt(partner))
        return request.render("property_billing.portal_receipt", values)

    @http.route(
        "/my/bills/receipt/<int:payment_id>/pdf",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_bills_receipt_pdf(self, payment_id, **kwargs):
        """Download one receipt."""
        partner = request.env.user.partner_id
        payment_sudo = self._property_payment_sudo(payment_id, partner)
        if not payment_sudo:
            return self._property_receipt_not_found()
        return self._property_pdf(
            "property_billing.action_report_receipt",
            payment_sudo.with_context(property_receipt_partner_id=partner.id),
            request.env._(
                "Receipt %(number)s", number=payment_sudo._property_receipt(partner)["number"]
            ),
        )

    def _property_payment_sudo(self, payment_id, partner):
        """Return the payment if this person may see it, else nothing.

        :param payment_id: id as the client sent it
        :param partner: `res.partner` of the user
        """
        # sudo: the domain says what this person may see
        payments_sudo = request.env["account.payment"].sudo()
        if not is_document_id(payment_id):
            return payments_sudo
        return payments_sudo.search(
            payments_sudo._property_portal_payment_domain(partner) & Domain("id", "=", payment_id)
        )

    def _property_receipt_not_found(self):
        return self._property_problem(
            request.env._("This receipt was not found among yours."), status=404
        )

    def _property_pdf(self, report, records_sudo, title):
        """Return a printed report as a download.

        :param str report: xmlid of the report action
        :param records_sudo: what to print
        :param str title: name of the file, without its ending
        """
        # sudo: the caller has checked the records; rendering reads company and layout data
        reports_sudo = request.env["ir.actions.report"].sudo()
        try:
            content, _type = reports_sudo.with_context(**records_sudo.env.context)._render_qweb_pdf(
                report, records_sudo.ids
            )
        except UserError as error:
            return self._property_problem(str(error), status=503)
        name = title.replace("/", "-") + ".pdf"
        return request.make_response(
            content,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "private, no-store"),
            ],
        )
