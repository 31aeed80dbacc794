"""Accounts and journals for money that is kept for households, created on first use."""

from odoo import fields, models

DEPOSIT_CODE = "2241"


class ResCompany(models.Model):
    _inherit = "res.company"

    deposit_account_id = fields.Many2one(
        "account.account",
        string="Deposits Account",
        check_company=True,
        help="Liability on which deposits of households are kept; only deposits are booked on it.",
    )
    billing_entry_journal_id = fields.Many2one(
        "account.journal",
        string="Property Transfers Journal",
        domain="[('type', '=', 'general')]",
        check_company=True,
        help="Journal of the entries that hand money over from one payer to another.",
    )

    def _billing_deposit_account(self):
        """Return the liability account of deposits, created on first use.

        It is reconcilable: what is left of a deposit is the open amount of its journal item.
        """
        self.ensure_one()
        company_sudo = self.sudo()
        account = company_sudo.deposit_account_id
        if account:
            return account
        accounts_sudo = self.env["account.account"].sudo().with_company(self)
        env = self.with_context(lang=self._billing_lang()).env
        account = accounts_sudo.create(
            {
                "code": accounts_sudo._search_new_account_code(f"{DEPOSIT_CODE}90"),
                "name": env._("Other payables - deposits"),
                "account_type": "liability_current",
                "reconcile": True,
                "company_ids": [(6, 0, self.ids)],
            }
        )
        company_sudo.deposit_account_id = account
        return account

    def _billing_entry_journal(self):
        """Return the journal of hand-overs between payers, created on first use."""
        self.ensure_one()
        company_sudo = self.sudo()
        journal = company_sudo.billing_entry_journal_id
        if journal:
            return journal
        journals_sudo = self.env["account.journal"].sudo()
        journal = journals_sudo.search(
            [("company_id", "=", self.id), ("type", "=", "general"), ("code", "=", "WYZ")], limit=1
        )
        if not journal:
            env = self.with_context(lang=self._billing_lang()).env
            journal = journals_sudo.with_company(self).create(
                {
                    "name": env._("Property Transfers"),
                    "code": "WYZ",
                    "type": "general",
                    "company_id": self.id,
                }
            )
        company_sudo.billing_entry_journal_id = journal
        return journal
