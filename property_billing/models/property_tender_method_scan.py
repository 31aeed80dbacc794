from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: Payment methods of providers by kind: a code for WeChat offers WeChat alone, where possible.
METHOD_CODES = {
    "wechat": ("wechat_pay", "wechat"),
    "alipay": ("alipay", "alipay_plus", "alipay_hk"),
}
SCAN_KINDS = ("wechat", "alipay", "online")


class PropertyTenderMethod(models.Model):
    _inherit = "property.tender.method"

    kind = fields.Selection(
        selection_add=[("online", "Online payment")], ondelete={"online": "cascade"}
    )
    provider_id = fields.Many2one(
        "payment.provider",
        string="Paid by Scan through",
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('state', '!=', 'disabled')]",
        help="The counter shows a code the payer scans; the money is booked when the provider "
        "confirms it. Empty: the cashier types in what was received.",
    )
    is_scan = fields.Boolean(
        compute="_compute_is_scan", help="Whether a payment provider confirms the money."
    )

    @api.depends("provider_id.state")
    def _compute_is_scan(self):
        for method in self:
            # sudo: cashiers need not see how a provider is set up
            provider_sudo = method.sudo().provider_id
            method.is_scan = bool(provider_sudo) and provider_sudo.state != "disabled"

    @api.constrains("provider_id", "kind", "company_id")
    def _check_provider(self):
        for method in self.filtered("provider_id"):
            provider_sudo = method.provider_id.sudo()
            if method.kind not in SCAN_KINDS:
                raise ValidationError(
                    self.env._(
                        "%(method)s cannot be paid by scan: choose the kind WeChat Pay, Alipay or "
                        "online payment.",
                        method=method.name,
                    )
                )
            if provider_sudo.company_id != method.company_id:
                raise ValidationError(
                    self.env._(
                        "%(provider)s belongs to another company. Choose one of %(company)s.",
                        provider=provider_sudo.name,
                        company=method.company_id.name,
                    )
                )
            if provider_sudo.capture_manually:
                raise ValidationError(
                    self.env._(
                        "%(provider)s captures money by hand. Switch that off: at the counter the "
                        "payer waits.",
                        provider=provider_sudo.name,
                    )
                )

    def _check_scan(self, partner, amount, currency):
        """Raise unless the provider takes this amount right now.

        :raise UserError: with what to do instead
        """
        self.ensure_one()
        provider_sudo = self.sudo().provider_id
        if not self._scan_methods_sudo(partner, currency) or not provider_sudo.journal_id:
            raise UserError(
                self.env._(
                    "%(provider)s offers no way to pay. Ask accounting to check its payment "
                    "methods and its journal, and take the money another way.",
                    provider=provider_sudo.name,
                )
            )
        fitting_sudo = provider_sudo._get_compatible_providers(
            self.company_id.id, partner.id, amount, currency_id=currency.id
        )
        if provider_sudo not in fitting_sudo:
            raise UserError(
                self.env._(
                    "%(provider)s does not take %(amount)s. Take less by scan, or the money "
                    "another way.",
                    provider=provider_sudo.name,
                    amount=currency.format(amount),
                )
            )

    def _scan_methods_sudo(self, partner, currency):
        """Return the payment methods of the provider a payer is offered."""
        self.ensure_one()
        # sudo: as in stock payment pages, to read the methods of the provider
        methods_sudo = (
            self.env["payment.method"]
            .sudo()
            ._get_compatible_payment_methods(
                self.sudo().provider_id.ids, partner.id, currency_id=currency.id
            )
        )
        codes = METHOD_CODES.get(self.kind, ())
        return methods_sudo.filtered(lambda one: one.code in codes) or methods_sudo
