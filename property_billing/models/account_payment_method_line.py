from odoo import api, models


class AccountPaymentMethodLine(models.Model):
    _inherit = "account.payment.method.line"

    @api.depends("name", "payment_method_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Extend `account`: a name nobody changed is shown in the reader's language.

        The name is stored in the language of whoever made the journal: mostly that of set-up.
        """
        result = super()._compute_display_name()
        for line in self:
            method = line.payment_method_id
            if line.name and line.name == method.with_context(lang="en_US").name != method.name:
                line.display_name = line.display_name.replace(line.name, method.name, 1)
        return result
