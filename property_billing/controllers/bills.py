from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.http import request

from odoo.addons.account.controllers.portal import PortalAccount
from odoo.addons.payment.controllers.portal import PaymentPortal

from ..tools.document_ids import is_document_id, parse_document_ids_text
from .bill_values import BILL_FIELDS, bill_groups

FLOWS = ("redirect", "direct", "token")


class PropertyPortalAccount(PortalAccount):
    def _get_overdue_invoices_domain(self, partner_id=None):
        """Override of `account` to leave the households' bills to their own page, which knows
        units, periods and who may pay for whom.
        """
        return [
            *super()._get_overdue_invoices_domain(partner_id=partner_id),
            ("unit_id", "=", False),
        ]


class PropertyBills(PaymentPortal):
    """What a household owes, and paying some or all of it in one transaction."""

    def _prepare_home_portal_values(self, counters):
        """Override of `portal` to count the open bills."""
        values = super()._prepare_home_portal_values(counters)
        if "property_bill_count" in counters:
            partner = request.env.user.partner_id
            bills_sudo = request.env["account.move"].sudo()
            visible = bills_sudo._property_portal_open_domain(partner)
            own = Domain("commercial_partner_id", "=", partner.commercial_partner_id.id)
            # as the page itself: one's own bills, for relatives those of the household
            values["property_bill_count"] = bills_sudo.search_count(
                visible & own
            ) or bills_sudo.search_count(visible)
        return values

    def _property_problem(self, message, status=400):
        """Show in one sentence why something is not possible, and the way back.

        :param str message: the sentence
        :param int status: HTTP status
        """
        values = {**self._prepare_portal_layout_values(), "message": message}
        values["page_name"] = "property_bills"
        return request.render("property_billing.portal_problem", values, status=status)

    # === Open bills ===

    def _property_fresh(self, template, values):
        """Render a page that "back" asks for again: what was paid meanwhile is not offered."""
        response = request.render(template, values)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @http.route("/my/bills", type="http", auth="user", website=True, methods=["GET"], sitemap=False)
    def my_bills(self, **kwargs):
        """Show the open bills by unit and period, all of them chosen."""
        partner = request.env.user.partner_id
        # sudo: the domain says what this person may see
        bills_sudo = request.env["account.move"].sudo()
        bills_sudo = bills_sudo.search_fetch(
            bills_sudo._property_portal_open_domain(partner), BILL_FIELDS
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="property_bills",
            tab="open",
            groups=bill_groups(bills_sudo, partner),
            can_pay=bills_sudo._property_online_payment_enabled(),
            **self._property_bills_values(),
        )
        return self._property_fresh("property_billing.portal_my_bills", values)

    def _property_bills_values(self):
        """Return what else the page of open bills shows."""
        return {}

    # === Paying ===

    @http.route(
        "/my/bills/pay", type="http", auth="user", website=True, methods=["GET"], sitemap=False
    )
    def my_bills_pay(self, **kwargs):
        """Show the sum of the chosen bills and the ways to pay it."""
        partner = request.env.user.partner_id
        try:
            ids = parse_document_ids_text(request.httprequest.args.getlist("invoice_ids"))
        except ValueError:
            ids = None
        try:
            bills_sudo = request.env["account.move"]._property_payable_sudo(ids, partner)
        except UserError as error:
            return self._property_problem(str(error))
        values = self._prepare_portal_layout_values()
        values.update(self._property_payment_values(bills_sudo, partner))
        return self._property_fresh("property_billing.portal_pay_bills", values)

    def _property_payment_values(self, bills_sudo, partner):
        """Return what the payment page and the stock payment form need.

        :param bills_sudo: bills that may be paid together
        :param partner: `res.partner` of the user
        """
        company = bills_sudo.company_id
        currency = bills_sudo.currency_id
        terms = bills_sudo._property_payment_terms()
        amount = currency.round(float(sum(one["payable"] for one in terms.values())))
        report = {}
        providers_sudo = self._property_providers_sudo(bills_sudo, partner, amount, report)
        # sudo: as in stock payment pages, to read the fields of providers and tokens
        methods_sudo = (
            request.env["payment.method"]
            .sudo()
            ._get_compatible_payment_methods(
                providers_sudo.ids, partner.id, currency_id=currency.id, report=report
            )
        )
        tokens_sudo = (
            request.env["payment.token"]
            .sudo()
            ._get_available_tokens(providers_sudo.ids, partner.id)
        )
        return {
            "page_name": "property_pay",
            "groups": bill_groups(bills_sudo, partner),
            "bill_count": len(bills_sudo),
            "invoice_ids": ",".join(map(str, bills_sudo.ids)),
            "expected_company": company,
            "company_mismatch": not self._can_partner_pay_in_company(partner, company),
            "res_company": company,
            # the stock payment form
            "amount": amount,
            "currency": currency,
            "partner_id": partner.id,
            "providers_sudo": providers_sudo,
            "payment_methods_sudo": methods_sudo,
            "tokens_sudo": tokens_sudo,
            "availability_report": report,
            "show_tokenize_input_mapping": self._compute_show_tokenize_input_mapping(
                providers_sudo
            ),
            "transaction_route": "/my/bills/transaction",
            "landing_route": "/my/bills",
            "default_token_id": tokens_sudo[:1].id,
            "submit_button_label": request.env._("Pay %(amount)s", amount=currency.format(amount)),
        }

    def _property_providers_sudo(self, bills_sudo, partner, amount, report=None):
        # sudo: as in stock payment pages, to read the fields of providers
        return (
            request.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(
                bills_sudo.company_id.id,
                partner.id,
                amount,
                currency_id=bills_sudo.currency_id.id,
                report=report,
            )
        )

    @http.route("/my/bills/transaction", type="jsonrpc", auth="user")
    def my_bills_transaction(self, invoice_ids=None, access_token=None, **kwargs):
        """Start paying the chosen bills.

        The client names bills and a way to pay; every amount is computed here. The amount that
        the form showed is only compared, so that nobody pays a sum he has not seen.

        :param list invoice_ids: ids of the bills
        :param str access_token: sent by the stock form, of no use here
        :param dict kwargs: what the stock payment form sends
        :return: the processing values of the transaction
        :raise UserError: when these bills cannot be paid together, now, by this user, this way
        """
        self._validate_transaction_kwargs(kwargs)
        partner = request.env.user.partner_id
        bills_sudo = request.env["account.move"]._property_lock_payable_sudo(invoice_ids, partner)
        currency = bills_sudo.currency_id
        terms = bills_sudo._property_payment_terms()
        amounts = {
            str(bill.id): currency.round(float(terms[bill.id]["payable"])) for bill in bills_sudo
        }
        amount = currency.round(sum(amounts.values()))
        self._property_check_shown_amount(kwargs.get("amount"), amount, currency)
        if not self._can_partner_pay_in_company(partner, bills_sudo.company_id):
            raise UserError(
                request.env._(
                    "Pay these bills at the property service centre: this account "
                    "belongs to another company."
                )
            )
        transaction_sudo = self._create_transaction(
            amount=amount,
            currency_id=currency.id,
            partner_id=partner.id,
            landing_route="/my/bills",
            reference_prefix=self._property_reference_prefix(partner),
            custom_create_values={
                "invoice_ids": [Command.set(bills_sudo.ids)],
                "property_amounts": amounts,
                "property_terms": bills_sudo._property_frozen_terms(terms),
            },
            **self._property_payment_option(kwargs, bills_sudo, partner, amount),
        )
        transaction_sudo.landing_route = f"/my/bills/result/{transaction_sudo.id}"
        return transaction_sudo._get_processing_values()

    def _property_check_shown_amount(self, shown, amount, currency):
        if shown is None:
            return
        is_number = isinstance(shown, (int, float)) and not isinstance(shown, bool)
        if not is_number or currency.compare_amounts(shown, amount):
            raise UserError(
                request.env._(
                    "The amount to pay is now %(amount)s. Open your bills again and check it "
                    "before you pay.",
                    amount=currency.format(amount),
                )
            )

    def _property_reference_prefix(self, partner):
        """Return a short reference that every provider takes: the names of sixty invoices, as
        stock would join them, fit none.
        """
        now = request.env.cr.now()
        return f"PB{now:%y%m%d%H%M%S}{partner.id}"

    def _property_payment_option(self, values, bills_sudo, partner, amount):
        """Return the way to pay, checked against what is on offer for these bills.

        :param dict values: what the client sent
        :param bills_sudo: the bills
        :param partner: `res.partner` of the user
        :param float amount: amount to pay
        :raise UserError: when that way to pay is not on offer
        """
        flow = values.get("flow")
        provider_id, method_id, token_id = (
            values.get(key) for key in ("provider_id", "payment_method_id", "token_id")
        )
        providers_sudo = self._property_providers_sudo(bills_sudo, partner, amount)
        is_offered = (
            flow in FLOWS and is_document_id(provider_id) and provider_id in providers_sudo.ids
        )
        # sudo: as in stock payment pages, to read the fields of providers and tokens
        if is_offered and flow == "token":
            tokens_sudo = request.env["payment.token"].sudo()
            is_offered = is_document_id(token_id) and (
                token_id
                in tokens_sudo._get_available_tokens(providers_sudo.ids, partner.id)
                .filtered(lambda token: token.provider_id.id == provider_id)
                .ids
            )
        elif is_offered:
            methods_sudo = request.env["payment.method"].sudo()
            is_offered = is_document_id(method_id) and (
                method_id
                in methods_sudo._get_compatible_payment_methods(
                    [provider_id], partner.id, currency_id=bills_sudo.currency_id.id
                ).ids
            )
        if not is_offered:
            raise UserError(request.env._("This way to pay is not available. Choose another one."))
        return {
            "provider_id": provider_id,
            "payment_method_id": method_id,
            "token_id": token_id if flow == "token" else None,
            "flow": flow,
            "tokenization_requested": values.get("tokenization_requested") is True,
        }

    @http.route(
        "/my/bills/result/<int:transaction_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_bills_result(self, transaction_id, **kwargs):
        """Show how a payment went; the receipt when it went well."""
        partner = request.env.user.partner_id
        # sudo: a portal user may not read transactions; its own are found by its partner
        transaction_sudo = request.env["payment.transaction"].sudo()
        if is_document_id(transaction_id):
            transaction_sudo = transaction_sudo.search(
                [
                    ("id", "=", transaction_id),
                    ("partner_id", "=", partner.id),
                    ("property_amounts", "!=", False),
                ]
            )
        if not transaction_sudo:
            return self._property_problem(
                request.env._("This payment was not found among yours."), status=404
            )
        payment_sudo = transaction_sudo.payment_id
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="property_result",
            state=transaction_sudo.state,
            amount=transaction_sudo.amount,
            currency=transaction_sudo.currency_id,
            reference=transaction_sudo.reference,
            state_message=transaction_sudo.state_message or "",
            receipt=payment_sudo._property_receipt(partner) if payment_sudo else None,
        )
        return request.render("property_billing.portal_payment_result", values)
