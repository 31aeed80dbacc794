from odoo import models


class AccountAccount(models.Model):
    _inherit = "account.account"

    def write(self, vals):
        """Override of `account`: the type of its accounts says whether an entry is money."""
        changed = self.filtered(
            lambda account: vals.get("account_type", account.account_type) != account.account_type
        )
        result = super().write(vals)
        if changed:
            # sudo: what settled a bill is a fact of the ledger
            self.env["account.partial.reconcile"].sudo()._settle_anew(changed)
        return result
