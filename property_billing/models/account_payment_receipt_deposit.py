"""What a payment was for when it settled no bill: a deposit."""

from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def _property_receipt_rest(self, amount):
        """Override to name a deposit on the receipt as what it is, not as an advance payment."""
        # sudo: a receipt names what was received also to those who may not open it
        deposit_sudo = self.env["property.deposit"].sudo().search([("payment_id", "=", self.id)])
        values = super()._property_receipt_rest(amount)
        if not deposit_sudo:
            return values
        unit = deposit_sudo.unit_id
        return {
            **values,
            "kind": "deposit",
            "name": deposit_sudo.type_id.name,
            "item_id": False,
            "unit_id": unit.id,
            "unit_text": unit.code or False,
        }
