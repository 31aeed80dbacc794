from odoo import fields, http
from odoo.fields import Domain
from odoo.http import request

from ..tools.document_ids import is_document_id
from .statements import PropertyStatements

SHOWN = 3  # the newest notices above the bills


class PropertyNotices(PropertyStatements):
    """Notices that were sent to the payer."""

    def _property_bills_values(self):
        """Override to show the newest notices whose bills are still open."""
        return {**super()._property_bills_values(), "notices": self._property_notices()}

    def _property_notices(self):
        partner = request.env.user.partner_id
        # sudo: the domain says what this person may see
        notices_sudo = request.env["property.dunning.notice"].sudo()
        notices_sudo = notices_sudo.search(notices_sudo._portal_domain(partner), limit=SHOWN)
        return [
            {
                "id": notice.id,
                "title": notice._text("title"),
                "unit": notice.unit_id.code,
                "deadline": notice.deadline,
            }
            for notice in notices_sudo
            if notice.amount_open > 0
        ]

    @http.route(
        "/my/notices/<int:notice_id>/pdf",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_notice_pdf(self, notice_id, **kwargs):
        """Download a notice; that it was opened is written down."""
        partner = request.env.user.partner_id
        # sudo: the domain says what this person may see
        notices_sudo = request.env["property.dunning.notice"].sudo()
        notice_sudo = notices_sudo
        if is_document_id(notice_id):
            notice_sudo = notices_sudo.search(
                notices_sudo._portal_domain(partner) & Domain("id", "=", notice_id)
            )
        if not notice_sudo:
            return self._property_problem(
                request.env._("This notice was not found among yours."), status=404
            )
        notice_sudo._log_read()
        title = f"{notice_sudo._text('title')} {fields.Date.to_string(notice_sudo.date)}"
        return self._property_pdf(
            "property_billing.action_report_dunning_notice", notice_sudo, title
        )
