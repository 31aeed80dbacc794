"""Paying months of a card ahead."""

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.property_billing.tools.document_ids import is_document_id

from ..models.property_parking_pass_renewal import MONTHS
from .my_vehicles import PropertyMyVehicles


class PropertyMyCardRenewal(PropertyMyVehicles):
    @http.route(
        "/my/vehicles/cards/<int:card_id>/renew",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_card_renew(self, card_id, months="1", **kwargs):
        """Show what so many months of a card cost, and the ways to pay them."""
        card_sudo = self._my_cards_sudo(card_id)
        if not card_sudo or not card_sudo._is_renewable():
            message = request.env._("This card cannot be renewed here.")
            return self._my_vehicles_page(problem=message, status=404)
        offers = {str(count): {"months": count, **card_sudo._renewal(count)} for count in MONTHS}
        chosen = offers.get(months) or offers["1"]
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="property_vehicles",
            card=self._card_values(card_sudo),
            offers=[{**offer, "amount": float(offer["amount"])} for offer in offers.values()],
            chosen={**chosen, "amount": float(chosen["amount"])},
            currency=card_sudo.currency_id,
            is_on_the_way=self._renewal_on_the_way(card_sudo),
            **self._renewal_form_values(card_sudo, chosen),
        )
        return request.render("property_security_billing.my_card_renew", values)

    def _renewal_on_the_way(self, card_sudo):
        """Tell whether money for the card may still arrive by itself."""
        # sudo: the card is the user's
        transactions_sudo = request.env["payment.transaction"].sudo()
        return bool(
            transactions_sudo.search_count(
                [
                    ("parking_pass_id", "=", card_sudo.id),
                    "|",
                    ("state", "in", ("pending", "authorized")),
                    "&",
                    ("state", "=", "done"),
                    ("is_post_processed", "=", False),
                ],
                limit=1,
            )
        )

    def _renewal_providers_sudo(self, card_sudo, amount, report=None):
        # sudo: as in stock payment pages, to read the fields of providers
        providers_sudo = (
            request.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(
                card_sudo.company_id.id,
                request.env.user.partner_id.id,
                amount,
                currency_id=card_sudo.currency_id.id,
                report=report,
            )
        )
        # a card is renewed when the money comes, not when somebody notices a transfer
        return providers_sudo.filtered(lambda one: one.journal_id and one.code != "custom")

    def _renewal_methods_sudo(self, card_sudo, providers_sudo, report=None):
        # sudo: as in stock payment pages, to read the methods of providers
        return (
            request.env["payment.method"]
            .sudo()
            ._get_compatible_payment_methods(
                providers_sudo.ids,
                request.env.user.partner_id.id,
                currency_id=card_sudo.currency_id.id,
                report=report,
            )
        )

    def _renewal_form_values(self, card_sudo, chosen):
        amount, report = float(chosen["amount"]), {}
        providers_sudo = self._renewal_providers_sudo(card_sudo, amount, report)
        route = f"/my/vehicles/cards/{card_sudo.id}/transaction/{chosen['months']}"
        return {
            "amount": amount,
            "res_company": card_sudo.company_id,
            "partner_id": request.env.user.partner_id.id,
            "providers_sudo": providers_sudo,
            "payment_methods_sudo": self._renewal_methods_sudo(card_sudo, providers_sudo, report),
            "tokens_sudo": request.env["payment.token"].sudo(),
            "availability_report": report,
            "show_tokenize_input_mapping": dict.fromkeys(providers_sudo.ids, False),
            "transaction_route": route,
            "landing_route": "/my/vehicles",
            "submit_button_label": request.env._(
                "Pay %(amount)s", amount=card_sudo.currency_id.format(amount)
            ),
        }

    @http.route(
        "/my/vehicles/cards/<int:card_id>/transaction/<int:months>", type="jsonrpc", auth="user"
    )
    def my_card_transaction(self, card_id, months, access_token=None, **kwargs):
        """Start paying months of a card; the amount is what they cost now.

        :param int card_id: property.parking.pass
        :param int months: one of those on offer
        :param dict kwargs: what the stock payment form sends
        :return: the processing values of the transaction
        :raise UserError: when the card is not the user's, or it cannot be paid now
        """
        self._validate_transaction_kwargs(kwargs)
        card_sudo = self._my_cards_sudo(card_id)
        if months not in MONTHS or not card_sudo or not card_sudo._is_renewable():
            raise UserError(request.env._("This card cannot be renewed here."))
        card_sudo._lock_and_reread("date_to", "stopped_at")
        if self._renewal_on_the_way(card_sudo):
            raise UserError(request.env._("A payment is on its way. Do not pay again."))
        amount = float(card_sudo._renewal(months)["amount"])
        shown = kwargs.get("amount")
        is_number = isinstance(shown, (int, float)) and not isinstance(shown, bool)
        if is_number and card_sudo.currency_id.compare_amounts(shown, amount):
            raise UserError(request.env._("The price has changed. Load this page again."))
        provider_id, method_id = kwargs.get("provider_id"), kwargs.get("payment_method_id")
        provider_sudo = self._renewal_providers_sudo(card_sudo, amount).filtered(
            lambda one: one.id == provider_id
        )
        if (
            kwargs.get("flow") not in ("redirect", "direct")
            or not provider_sudo
            or method_id not in self._renewal_methods_sudo(card_sudo, provider_sudo).ids
        ):
            raise UserError(request.env._("This way to pay is not available. Choose another one."))
        transaction_sudo = self._create_transaction(
            provider_id=provider_sudo.id,
            payment_method_id=method_id,
            token_id=None,
            amount=amount,
            currency_id=card_sudo.currency_id.id,
            partner_id=request.env.user.partner_id.id,
            flow=kwargs["flow"],
            tokenization_requested=False,
            landing_route="/my/vehicles",
            reference_prefix=f"YK{fields.Datetime.now():%y%m%d%H%M%S}C{card_sudo.id}",
            custom_create_values={"parking_pass_id": card_sudo.id, "parking_months": months},
        )
        transaction_sudo.landing_route = f"/my/vehicles/renewed/{transaction_sudo.id}"
        return transaction_sudo._get_processing_values()

    @http.route(
        "/my/vehicles/renewed/<int:transaction_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_card_renewed(self, transaction_id, **kwargs):
        """Show how paying for a card went."""
        # sudo: a portal user may not read transactions; its own are found by its partner
        transactions_sudo = request.env["payment.transaction"].sudo()
        if is_document_id(transaction_id):
            transactions_sudo = transactions_sudo.search(
                [
                    ("id", "=", transaction_id),
                    ("partner_id", "=", request.env.user.partner_id.id),
                    ("parking_pass_id", "!=", False),
                ]
            )
        if not transactions_sudo:
            message = request.env._("This payment was not found among yours.")
            return self._my_vehicles_page(problem=message, status=404)
        if transactions_sudo.state == "done" and not transactions_sudo.is_post_processed:
            transactions_sudo._post_process()
        card_sudo = transactions_sudo.parking_pass_id
        values = self._prepare_portal_layout_values()
        payment_sudo = transactions_sudo.payment_id
        values.update(
            page_name="property_vehicles",
            state=transactions_sudo.state,
            is_renewed=bool(transactions_sudo.property_amounts),
            amount=transactions_sudo.amount,
            currency=transactions_sudo.currency_id,
            card=self._card_values(card_sudo),
            receipt_url=f"/my/bills/receipt/{payment_sudo.id}" if payment_sudo else "",
        )
        return request.render("property_security_billing.my_card_renewed", values)
