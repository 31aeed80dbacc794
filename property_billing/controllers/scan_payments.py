import re

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.payment.controllers.portal import PaymentPortal
from odoo.addons.property_base.controllers.limits import allowed, is_over
from odoo.addons.property_base.tools.limit import Limit

from ..tools.document_ids import is_document_id
from ..tools.receipt_numbers import mask_name

TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
#: Wrong codes a client may send a minute; right ones are not limited.
MISSES = Limit("scan_misses", 20, 60)


class PropertyScanPayments(PaymentPortal):
    """The page a payer's phone opens from the code on the screen of the counter."""

    @http.route(
        "/property/pay/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def property_scan_payment(self, token, **kwargs):
        """Show what is to be paid and the provider's form, or how the payment went."""
        if is_over(MISSES):
            return self._scan_page({"step": "blocked"}, 429)
        scan_sudo = self._scan_sudo(token)
        if not scan_sudo:
            allowed(MISSES)
            return self._scan_page({"step": "unknown"}, 404)
        request.update_context(lang=scan_sudo.company_id._billing_lang())
        scan_sudo = scan_sudo.with_env(request.env(su=True))
        scan_sudo._catch_up()
        return self._scan_page(self._scan_page_values(scan_sudo), 200)

    def _scan_sudo(self, token):
        # sudo: whoever knows the token stands at the counter; the page shows what the code is for
        scans_sudo = request.env["property.scan.payment"].sudo()
        if not TOKEN.fullmatch(token):
            return scans_sudo
        return scans_sudo.search([("access_token", "=", token)], limit=1)

    def _scan_page_values(self, scan_sudo):
        """Return what the page shows, as plain values, and what the stock form needs.

        :param scan_sudo: property.scan.payment
        """
        last_sudo = scan_sudo.transaction_ids.sorted("id")[-1:]
        step = {"waiting": "pay", "done": "paid", "kept": "paid"}.get(scan_sudo.state, "over")
        if scan_sudo._on_the_way_sudo():
            step = "processing"
        elif step == "pay" and not scan_sudo._is_payable():
            step = "over"
        until = fields.Datetime.context_timestamp(
            scan_sudo.with_context(tz=scan_sudo.user_id.tz or "Asia/Shanghai"),
            scan_sudo.expires_at,
        )
        values = {
            "step": step,
            "company": scan_sudo.company_id.name,
            "site": scan_sudo.site_id.name,
            "unit": self._mask_code(scan_sudo.unit_id.code),
            "payer": mask_name(scan_sudo.partner_id.name),
            "amount": scan_sudo.amount,
            "currency": scan_sudo.currency_id,
            "until": until.strftime("%H:%M"),
            "number": scan_sudo.name,
            "problem": last_sudo.state in ("error", "cancel") and step == "pay",
            "rows": self._scan_rows(scan_sudo),
        }
        return {**values, **self._scan_form_values(scan_sudo)} if step == "pay" else values

    def _scan_rows(self, scan_sudo):
        """Return list of (what, amount): the charge items that are paid, the rest in advance."""
        sums = {}
        for line_sudo in scan_sudo.line_ids.filtered("amount"):
            bill_sudo = line_sudo.move_id
            name = bill_sudo.charge_item_id.name or bill_sudo.ref or bill_sudo.name
            sums[name] = sums.get(name, 0.0) + line_sudo.amount
        rest = scan_sudo.currency_id.round(scan_sudo.amount - sum(sums.values()))
        if not scan_sudo.currency_id.is_zero(rest):
            sums[request.env._("Paid in advance")] = rest
        return list(sums.items())

    def _mask_code(self, code):
        """Return the number of a household that its people know and others do not."""
        code = code or ""
        return code[:-2] + "**" if len(code) > 2 else "**"

    def _scan_form_values(self, scan_sudo):
        partner_sudo, currency = scan_sudo.partner_id, scan_sudo.currency_id
        providers_sudo = scan_sudo.provider_id
        return {
            "res_company": scan_sudo.company_id,
            "partner_id": partner_sudo.id,
            "providers_sudo": providers_sudo,
            "payment_methods_sudo": scan_sudo.method_id._scan_methods_sudo(partner_sudo, currency),
            "tokens_sudo": request.env["payment.token"].sudo(),
            "availability_report": {},
            "show_tokenize_input_mapping": dict.fromkeys(providers_sudo.ids, False),
            "transaction_route": f"/property/pay/{scan_sudo.access_token}/transaction",
            "landing_route": f"/property/pay/{scan_sudo.access_token}",
            "submit_button_label": request.env._(
                "Pay %(amount)s", amount=currency.format(scan_sudo.amount)
            ),
        }

    @http.route("/property/pay/<string:token>/transaction", type="jsonrpc", auth="public")
    def property_scan_payment_transaction(self, token, access_token=None, **kwargs):
        """Start the payment a code is for; the amount is the one that was asked for.

        :param str token: the secret of the code
        :param str access_token: sent by the stock form, of no use here
        :param dict kwargs: what the stock payment form sends
        :return: the processing values of the transaction
        :raise UserError: when the code cannot be paid any more
        """
        self._validate_transaction_kwargs(kwargs)
        scan_sudo = self._scan_sudo(token)
        if scan_sudo:
            request.update_context(lang=scan_sudo.company_id._billing_lang())
            scan_sudo = scan_sudo.with_env(request.env(su=True))
            scan_sudo._lock_row()
        if not scan_sudo or not scan_sudo._is_payable():
            raise UserError(
                request.env._("This code cannot be paid any more. Ask the cashier for a new one.")
            )
        flow, method_id = kwargs.get("flow"), kwargs.get("payment_method_id")
        methods_sudo = scan_sudo.method_id._scan_methods_sudo(
            scan_sudo.partner_id, scan_sudo.currency_id
        )
        if (
            flow not in ("redirect", "direct")
            or kwargs.get("provider_id") != scan_sudo.provider_id.id
            or not is_document_id(method_id)
            or method_id not in methods_sudo.ids
        ):
            raise UserError(request.env._("This way to pay is not available. Choose another one."))
        transaction_sudo = self._create_transaction(
            provider_id=scan_sudo.provider_id.id,
            payment_method_id=method_id,
            token_id=None,
            amount=scan_sudo.amount,
            currency_id=scan_sudo.currency_id.id,
            partner_id=scan_sudo.partner_id.id,
            flow=flow,
            tokenization_requested=False,
            landing_route=f"/property/pay/{scan_sudo.access_token}",
            reference_prefix=scan_sudo.name,
            custom_create_values=scan_sudo._transaction_vals(),
        )
        scan_sudo._tell()
        return transaction_sudo._get_processing_values()

    def _scan_page(self, values, status):
        response = request.render("property_billing.scan_payment", values, status=status)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
