from odoo import fields, models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    scan_payment_id = fields.Many2one(
        "property.scan.payment",
        string="Payment by Scan",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _create_payment(self, **extra_create_values):
        """Override of `account_payment`: what was asked for at the counter becomes a taking."""
        if self.scan_payment_id:
            return self.scan_payment_id._receive_money(self, extra_create_values)
        return super()._create_payment(**extra_create_values)

    def _update_state(self, allowed_states, target_state, state_message):
        """Override of `payment`: money that arrives for bills after the payment was given up is
        money all the same; and the counter learns of every step.
        """
        for_bills = self.filtered(lambda tx: tx.scan_payment_id or tx.property_amounts)
        if target_state == "done" and for_bills and for_bills == self:
            allowed_states = (*allowed_states, "cancel")
        changed = super()._update_state(allowed_states, target_state, state_message)
        changed.scan_payment_id._tell()
        return changed
