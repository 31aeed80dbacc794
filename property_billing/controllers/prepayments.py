from odoo import http
from odoo.fields import Domain
from odoo.http import request

from ..tools.document_ids import is_document_id
from .statements import PropertyStatements

KINDS = {
    "prepayment": ("property.prepayment", "property_billing.action_report_prepayment"),
    "deposit": ("property.deposit", "property_billing.action_report_deposit"),
}


class PropertyPrepayments(PropertyStatements):
    """What is kept for a person: prepayments and deposits, with what became of them."""

    def _property_bills_values(self):
        """Extend to the prepayments that open bills could be paid with."""
        kept_sudo = self._property_kept_sudo("prepayment")
        usable = kept_sudo._usable_ids()
        usable_sudo = kept_sudo.filtered(lambda one: one.id in usable)
        return {
            **super()._property_bills_values(),
            "usable_prepaid": [
                request.env._(
                    "You have %(amount)s left in advance. You can pay open bills with it.",
                    amount=currency.format(sum(own.mapped("amount_left"))),
                )
                for currency, own in usable_sudo.grouped("currency_id").items()
            ],
        }

    @http.route(
        "/my/bills/prepaid",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_bills_prepaid(self, **kwargs):
        """Show the prepayments and deposits of the user, the newest first."""
        kept_sudo = {kind: self._property_kept_sudo(kind) for kind in KINDS}
        usable = kept_sudo["prepayment"]._usable_ids()
        kept = [
            {
                **self._property_kept_values(kind, credit_sudo),
                "is_usable": kind == "prepayment" and credit_sudo.id in usable,
            }
            for kind, credits_sudo in kept_sudo.items()
            for credit_sudo in credits_sudo
        ]
        values = self._prepare_portal_layout_values()
        values.update(page_name="property_bills", tab="prepaid", kept=kept, used=kwargs.get("used"))
        return request.render("property_billing.portal_my_prepaid", values)

    @http.route(
        "/my/bills/prepaid/<int:credit_id>/use",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def my_bills_prepaid_use(self, credit_id, **kwargs):
        """Settle the open bills of a prepayment's unit with it; asked twice, it is used once."""
        prepayment_sudo = self._property_kept_sudo("prepayment", credit_id)
        if not prepayment_sudo:
            return self._property_problem(
                request.env._("This prepayment or deposit was not found among yours."), status=404
            )
        applied = prepayment_sudo._open_bills()._property_apply_prepayments()
        return request.redirect(f"/my/bills/prepaid?used={'yes' if applied else 'no'}")

    @http.route(
        "/my/bills/prepaid/<string:kind>/<int:credit_id>/pdf",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_bills_prepaid_pdf(self, kind, credit_id, **kwargs):
        """Download the statement of one of them."""
        credit_sudo = kind in KINDS and self._property_kept_sudo(kind, credit_id)
        if not credit_sudo:
            return self._property_problem(
                request.env._("This prepayment or deposit was not found among yours."), status=404
            )
        return self._property_pdf(KINDS[kind][1], credit_sudo, credit_sudo.name)

    def _property_kept_sudo(self, kind, credit_id=None):
        """Return the records of the user's own account, never those of the household.

        :param str kind: key of ``KINDS``
        :param credit_id: one of them, as the client sent it
        """
        payer = request.env.user.partner_id.commercial_partner_id
        domain = Domain("commercial_partner_id", "=", payer.id)
        # sudo: the domain says what this person may see
        credits_sudo = request.env[KINDS[kind][0]].sudo()
        if credit_id is not None:
            if not is_document_id(credit_id):
                return credits_sudo
            domain &= Domain("id", "=", credit_id)
        return credits_sudo.search(domain, order="date desc, id desc", limit=200)

    def _property_kept_values(self, kind, credit_sudo):
        """Return what is shown of a record: plain values."""
        if kind == "deposit":
            title = credit_sudo.type_id.name
        elif credit_sudo.item_id:
            title = request.env._("Prepayment for %(item)s", item=credit_sudo.item_id.name)
        else:
            title = request.env._("Prepayment")
        return {
            "id": credit_sudo.id,
            "kind": kind,
            "number": credit_sudo.name,
            "title": title,
            "unit": credit_sudo.unit_id.code,
            "site": credit_sudo.site_id.name,
            "left": credit_sudo.amount_left,
            "currency": credit_sudo.currency_id,
            "rows": credit_sudo._statement_rows(),
        }
