import logging

from odoo import fields, models

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    _inherit = "res.company"

    billing_journal_id = fields.Many2one(
        "account.journal",
        string="Property Bills Journal",
        domain="[('type', '=', 'sale')]",
        check_company=True,
        help="Journal of the invoices that billing runs post; created with the code WY.",
    )
    opening_account_id = fields.Many2one(
        "account.account",
        string="Opening Arrears Account",
        check_company=True,
        help="Counterpart of arrears taken over from an earlier ledger; never income.",
    )

    def _billing_prepare_accounting(self):
        """Give companies without journal items China, yuan and the Chinese chart of accounts.

        A company with entries keeps whatever chart it has.
        """
        china, yuan = self.env.ref("base.cn"), self.env.ref("base.CNY")
        fresh = self.filtered(lambda company: not company._existing_accounting())
        for company in fresh.filtered(lambda company: company.country_id != china):
            company.country_id = china
        pending = fresh.filtered(lambda company: company.chart_template != "cn")
        if not pending:
            return
        yuan.active = True
        pending.currency_id = yuan
        registry = self.env.registry
        if registry.loaded:
            pending._billing_load_chart()
        else:
            # While modules install, Odoo loads one pending chart once the registry is complete.
            registry._auto_install_template = lambda env: (
                env["res.company"].browse(pending.ids)._billing_load_chart()
            )

    def _billing_load_chart(self):
        """Load the Chinese chart of accounts where it is not loaded yet."""
        for company in self.filtered(lambda company: company.chart_template != "cn"):
            _logger.info("company %s: loading the Chinese chart of accounts", company.id)
            self.env["account.chart.template"].try_loading("cn", company, install_demo=False)

    def _billing_country(self):
        """Return the country of the company's taxes; China is entered where none is known."""
        self.ensure_one()
        company_sudo = self.sudo()
        if not company_sudo.account_fiscal_country_id:
            company_sudo.account_fiscal_country_id = self.country_id or self.env.ref("base.cn")
        return self.account_fiscal_country_id

    def _billing_lang(self):
        """Return the language bills are written in: Chinese in China where it is installed."""
        self.ensure_one()
        installed = dict(self.env["res.lang"].get_installed())
        if self.country_id.code == "CN" and "zh_CN" in installed:
            return "zh_CN"
        lang = self.partner_id.lang
        return lang if lang in installed else self.env.lang or "en_US"

    def _billing_journal(self):
        """Return the journal of the company's property bills, created on first use."""
        self.ensure_one()
        company_sudo = self.sudo()
        journal = company_sudo.billing_journal_id
        if journal:
            return journal
        journals_sudo = self.env["account.journal"].sudo()
        journal = journals_sudo.search(
            [("company_id", "=", self.id), ("type", "=", "sale"), ("code", "=", "WY")], limit=1
        )
        if not journal:
            env = self.with_context(lang=self._billing_lang()).env
            journal = journals_sudo.with_company(self).create(
                {
                    "name": env._("Property Bills"),
                    "code": "WY",
                    "type": "sale",
                    "company_id": self.id,
                }
            )
        company_sudo.billing_journal_id = journal
        return journal

    def _billing_opening_account(self):
        """Return the counterpart account of opening arrears, created on first use."""
        self.ensure_one()
        company_sudo = self.sudo()
        account = company_sudo.opening_account_id
        if account:
            return account
        accounts_sudo = self.env["account.account"].sudo().with_company(self)
        code = "3999"
        account = accounts_sudo.search(
            [("code", "=like", f"{code}%"), ("account_type", "=", "equity")], limit=1
        )
        if not account:
            env = self.with_context(lang=self._billing_lang()).env
            account = accounts_sudo.create(
                {
                    "code": accounts_sudo._search_new_account_code(f"{code}00"),
                    "name": env._("Opening Arrears"),
                    "account_type": "equity",
                    "company_ids": [(6, 0, self.ids)],
                }
            )
        company_sudo.opening_account_id = account
        return account
