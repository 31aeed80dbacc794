from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _billing_past_journal(self):
        """Return the journal of payments an earlier system received, created on first use.

        Its money account is the opening account, so that such a payment moves no money.
        """
        self.ensure_one()
        # sudo: made by the first import, whoever runs it
        journals_sudo = self.env["account.journal"].sudo().with_company(self)
        journal = journals_sudo.search(
            [("company_id", "=", self.id), ("code", "=", "LSSK")], limit=1
        )
        if journal:
            return journal
        account = self._billing_opening_account()
        env = self.with_context(lang=self._billing_lang()).env
        journal = journals_sudo.create(
            {
                "name": env._("Past Payments"),
                "code": "LSSK",
                "type": "bank",
                "company_id": self.id,
                "default_account_id": account.id,
                "show_on_dashboard": False,
            }
        )
        journal.inbound_payment_method_line_ids.payment_account_id = account
        return journal
