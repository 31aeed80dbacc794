"""Where a driver pays without an account: he types his plate, sees the fee and pays it.

Nothing is told but a fee. A plate that nobody knows, one with a pass and a free stay look alike.
"""

import binascii
import re
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools.misc import verify_hash_signed

from odoo.addons.payment.controllers.portal import PaymentPortal
from odoo.addons.property_base.controllers.limits import allowed
from odoo.addons.property_base.tools import plate as plate_tools
from odoo.addons.property_billing.tools.document_ids import is_document_id

from ..models.property_parking_session import TICKET
from ..tools.fee_lines import fee_lines
from . import limits

PLATE = re.compile(r"\w{3,12}")
CODE = re.compile(r"[A-Z0-9]{4,20}")
#: Where a browser's session keeps which payments it began.
BEGUN = "property_parking_begun"


def private(response):
    """Keep a page with a fee out of caches, search engines and other sites' logs."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


class PropertyParkingPay(PaymentPortal):
    # Which car ---------------------------------------------------------------------------------

    @http.route(
        ["/parking/pay", "/parking/pay/<int:area_id>"],
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def parking_pay(self, area_id=None, **kwargs):
        """Show the keyboard for the number plate."""
        areas_sudo = self._parking_areas_sudo(area_id)
        if not areas_sudo:
            return self._parking_page({"step": "nowhere"}, 404)
        return self._parking_page({"step": "plate", **self._parking_place(areas_sudo, area_id)})

    @http.route(
        ["/parking/pay/fee", "/parking/pay/<int:area_id>/fee"],
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def parking_pay_fee(self, area_id=None, plate="", **kwargs):
        """Lead to the fee of a car, or say that nothing is to be paid."""
        areas_sudo = self._parking_areas_sudo(area_id)
        if not areas_sudo:
            return self._parking_page({"step": "nowhere"}, 404)
        place = self._parking_place(areas_sudo, area_id)
        plate = plate_tools.normalise(plate) if isinstance(plate, str) else ""
        if not PLATE.fullmatch(plate):
            return self._parking_page({"step": "plate", "is_wrong": True, **place}, 400)
        if not allowed(limits.LOOKUPS, (limits.SAME_PLATE, plate)):
            return self._parking_page({"step": "blocked", **place}, 429)
        # sudo: nobody is logged in; only a fee is told
        stay_sudo = request.env["property.parking.session"].sudo()
        stay_sudo = stay_sudo.search(
            [("area_id", "in", areas_sudo.ids), ("plate", "=", plate), ("state", "=", "inside")],
            order="entered_at desc",
            limit=1,
        )
        if not stay_sudo or not stay_sudo._due_at(self._parking_moment(stay_sudo)):
            shown = {"plate": plate_tools.display(plate), **place}
            return self._parking_page({"step": "nothing", **shown})
        return request.redirect(f"/parking/ticket/{stay_sudo._ticket()}", code=303)

    def _parking_areas_sudo(self, area_id):
        """Return the areas in which drivers pay: one of them, or all."""
        # sudo: nobody is logged in; of an area only its name is told, which is on its sign
        areas_sudo = request.env["property.parking.area"].sudo()
        domain = [("is_paid_exit", "=", True)]
        if area_id is not None:
            domain.append(("id", "=", area_id if is_document_id(area_id) else 0))
        areas_sudo = areas_sudo.search(domain)
        if areas_sudo:
            request.update_context(lang=areas_sudo.company_id[:1]._billing_lang())
        return areas_sudo.with_env(request.env(su=True))

    def _parking_place(self, areas_sudo, area_id):
        one = areas_sudo if area_id is not None else areas_sudo.browse()
        return {
            "site": one.site_id.name or "",
            "area": one.name or "",
            "base_url": f"/parking/pay/{area_id}" if area_id is not None else "/parking/pay",
        }

    def _parking_moment(self, stay_sudo):
        return stay_sudo._fee_moment(fields.Datetime.now())

    # What it costs -----------------------------------------------------------------------------

    @http.route(
        "/parking/ticket/<string:ticket>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def parking_ticket(self, ticket, **kwargs):
        """Show the fee of a stay and the ways to pay it, or that it is paid."""
        stay_sudo = self._parking_stay_sudo(ticket)
        if not stay_sudo:
            return self._parking_page({"step": "over"}, 404)
        return self._parking_page(self._parking_ticket_values(stay_sudo, ticket))

    @http.route(
        "/parking/ticket/<string:ticket>/coupon",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def parking_ticket_coupon(self, ticket, code="", **kwargs):
        """Use a coupon for the stay."""
        stay_sudo = self._parking_stay_sudo(ticket)
        if not stay_sudo:
            return self._parking_page({"step": "over"}, 404)
        if not allowed(limits.CODES, (limits.STAY_CODES, stay_sudo.id)):
            return self._parking_page({"step": "blocked"}, 429)
        code = code.strip().upper() if isinstance(code, str) else ""
        # sudo: nobody is logged in; who knows a code may use it, once
        coupons_sudo = request.env["property.parking.coupon"].sudo()
        coupon_sudo = coupons_sudo.search([("code", "=", code)]) if CODE.fullmatch(code) else None
        try:
            if not coupon_sudo or stay_sudo._money_on_the_way():
                raise UserError(request.env._("This coupon cannot be used here."))
            with request.env.cr.savepoint():
                coupon_sudo._use(stay_sudo)
        except UserError:
            values = self._parking_ticket_values(stay_sudo, ticket)
            return self._parking_page({**values, "is_wrong_coupon": True}, 400)
        stay_sudo._follow_money()
        return request.redirect(f"/parking/ticket/{ticket}", code=303)

    def _parking_stay_sudo(self, ticket):
        """Return the stay of a ticket that was signed here and is not over."""
        # sudo: the signature is the right
        stays_sudo = request.env["property.parking.session"].sudo()
        try:
            content = verify_hash_signed(request.env(su=True), TICKET, ticket)
        except (ValueError, IndexError, OverflowError, binascii.Error, UnicodeError):
            content = None
        ids = content if isinstance(content, list) else []
        stay_sudo = stays_sudo.browse([one for one in ids if is_document_id(one)]).exists()
        if stay_sudo:
            request.update_context(lang=stay_sudo.company_id._billing_lang())
        return stay_sudo.with_env(request.env(su=True))

    def _parking_ticket_values(self, stay_sudo, ticket):
        """Return what the page shows of a stay: plain values, and what the stock form needs."""
        stay_sudo._catch_up()
        moment = self._parking_moment(stay_sudo)
        due = float(stay_sudo._due_at(moment))
        paid_sudo = stay_sudo.payment_ids.filtered("transaction_id").sorted("id")[-1:]
        result = stay_sudo._quote(moment)
        values = {
            "step": "fee",
            "ticket": ticket,
            "site": stay_sudo.site_id.name,
            "area": stay_sudo.area_id.name,
            "plate": stay_sudo.plate_display,
            "entered": self._parking_clock(stay_sudo, stay_sudo.entered_at, "%m-%d %H:%M"),
            "lines": fee_lines(stay_sudo._explain(result) if result else ""),
            "paid": stay_sudo.amount_paid,
            "amount": due,
            "currency": stay_sudo.currency_id,
            "base_url": f"/parking/pay/{stay_sudo.area_id.id}",
            "problem": stay_sudo._last_transaction().state in ("error", "cancel"),
            "is_wrong_coupon": False,
        }
        if stay_sudo._money_on_the_way():
            return {**values, "step": "processing"}
        if due:
            return {**values, **self._parking_form_values(stay_sudo, ticket, due)}
        if not paid_sudo:
            return {**values, "step": "nothing"}
        return {**values, "step": "paid", **self._parking_paid_values(stay_sudo, paid_sudo)}

    def _parking_paid_values(self, stay_sudo, paid_sudo):
        result = stay_sudo._quote(paid_sudo.quoted_at)
        until = paid_sudo.quoted_at + timedelta(
            minutes=result.tariff.leave_minutes if result else 0
        )
        return {
            "is_gone": stay_sudo.state == "left",
            "leave_before": self._parking_clock(stay_sudo, until, "%H:%M"),
            "receipt_url": self._parking_receipt_url(paid_sudo),
        }

    def _parking_receipt_url(self, paid_sudo):
        """Return the link to receipt and invoice for the telephone that paid, and no other.

        Anybody can type a plate and has a ticket of the stay then.
        """
        is_mine = paid_sudo.transaction_id.id in request.session.get(BEGUN, ())
        return paid_sudo._receipt_path() if is_mine else ""

    def _parking_clock(self, stay_sudo, moment, form):
        zone = ZoneInfo(stay_sudo.site_id.tz or "UTC")
        return moment.replace(tzinfo=UTC).astimezone(zone).strftime(form)

    def _parking_form_values(self, stay_sudo, ticket, due):
        partner, currency = stay_sudo.company_id._parking_partner(), stay_sudo.currency_id
        report = {}
        providers_sudo = self._parking_providers_sudo(stay_sudo, due, report)
        return {
            "res_company": stay_sudo.company_id,
            "partner_id": partner.id,
            "providers_sudo": providers_sudo,
            "payment_methods_sudo": self._parking_methods_sudo(stay_sudo, providers_sudo, report),
            "tokens_sudo": request.env["payment.token"].sudo(),
            "availability_report": report,
            "show_tokenize_input_mapping": dict.fromkeys(providers_sudo.ids, False),
            "transaction_route": f"/parking/ticket/{ticket}/transaction",
            "landing_route": f"/parking/ticket/{ticket}",
            "submit_button_label": request.env._("Pay %(amount)s", amount=currency.format(due)),
        }

    def _parking_providers_sudo(self, stay_sudo, due, report=None):
        # sudo: as in stock payment pages, to read the fields of providers
        providers_sudo = (
            request.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(
                stay_sudo.company_id.id,
                stay_sudo.company_id._parking_partner().id,
                due,
                currency_id=stay_sudo.currency_id.id,
                report=report,
            )
        )
        # a transfer that somebody notices days later opens no barrier
        return providers_sudo.filtered(lambda one: one.journal_id and one.code != "custom")

    def _parking_methods_sudo(self, stay_sudo, providers_sudo, report=None):
        # sudo: as in stock payment pages, to read the methods of providers
        return (
            request.env["payment.method"]
            .sudo()
            ._get_compatible_payment_methods(
                providers_sudo.ids,
                stay_sudo.company_id._parking_partner().id,
                currency_id=stay_sudo.currency_id.id,
                report=report,
            )
        )

    # Paying ------------------------------------------------------------------------------------

    @http.route("/parking/ticket/<string:ticket>/transaction", type="jsonrpc", auth="public")
    def parking_ticket_transaction(self, ticket, access_token=None, **kwargs):
        """Start the payment of a stay; the amount is what is due now.

        :param str ticket: the signed name of the stay
        :param str access_token: sent by the stock form, of no use here
        :param dict kwargs: what the stock payment form sends
        :return: the processing values of the transaction
        :raise UserError: when it cannot be paid now, or another amount was shown
        """
        self._validate_transaction_kwargs(kwargs)
        stay_sudo = self._parking_stay_sudo(ticket)
        if not stay_sudo:
            raise UserError(request.env._("This page is too old. Type your number plate again."))
        if not allowed(limits.PAYMENTS, (limits.STAY_PAYMENTS, stay_sudo.id)):
            raise UserError(request.env._("Too many tries. Wait a few minutes and try again."))
        stay_sudo._lock_and_reread("state", "left_at", "held_passage_id")
        if stay_sudo._money_on_the_way():
            raise UserError(request.env._("A payment is on its way. Do not pay again."))
        moment = self._parking_moment(stay_sudo)
        due = float(stay_sudo._due_at(moment))
        shown = kwargs.get("amount")
        is_number = isinstance(shown, (int, float)) and not isinstance(shown, bool)
        if not due or (is_number and stay_sudo.currency_id.compare_amounts(shown, due)):
            raise UserError(request.env._("The fee has changed. Load this page again."))
        provider_id, method_id = kwargs.get("provider_id"), kwargs.get("payment_method_id")
        providers_sudo = self._parking_providers_sudo(stay_sudo, due).filtered(
            lambda one: one.id == provider_id
        )
        if (
            kwargs.get("flow") not in ("redirect", "direct")
            or not providers_sudo
            or method_id not in self._parking_methods_sudo(stay_sudo, providers_sudo).ids
        ):
            raise UserError(request.env._("This way to pay is not available. Choose another one."))
        transaction_sudo = self._create_transaction(
            provider_id=providers_sudo.id,
            payment_method_id=method_id,
            token_id=None,
            amount=due,
            currency_id=stay_sudo.currency_id.id,
            partner_id=stay_sudo.company_id._parking_partner().id,
            flow=kwargs["flow"],
            tokenization_requested=False,
            landing_route=f"/parking/ticket/{ticket}",
            reference_prefix=f"PK{fields.Datetime.now():%y%m%d%H%M%S}S{stay_sudo.id}",
            custom_create_values={
                "parking_session_id": stay_sudo.id,
                "parking_quoted_at": moment,
            },
        )
        begun = [*request.session.get(BEGUN, ()), transaction_sudo.id]
        request.session[BEGUN] = begun[-20:]
        return transaction_sudo._get_processing_values()

    def _parking_page(self, values, status=200):
        values = {"site": "", "area": "", "base_url": "/parking/pay", "is_wrong": False, **values}
        return private(
            request.render("property_security_billing.parking_pay", values, status=status)
        )
