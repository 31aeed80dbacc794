from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _property_create_payments(self, amounts, extra_create_values):
        """Override: what the chosen bills no longer owed is kept as the payer's prepayment."""
        first = super()._property_create_payments(amounts, extra_create_values)
        # sudo: transactions are processed on behalf of the payer
        payments_sudo = (
            self.env["account.payment"].sudo().search([("payment_transaction_id", "=", self.id)])
        )
        lines_sudo = payments_sudo.move_id.line_ids.filtered(
            lambda line: (
                line.account_type == "asset_receivable"
                and line.company_currency_id.compare_amounts(line.amount_residual, 0) < 0
            )
        )
        bills_sudo = self.env["account.move"].sudo().browse(amounts).exists()
        for line_sudo in lines_sudo:
            own_sudo = bills_sudo.filtered(
                lambda bill, line=line_sudo: (
                    bill.commercial_partner_id == line.partner_id.commercial_partner_id
                )
            )
            units_sudo = (own_sudo or bills_sudo).unit_id
            homes_sudo = units_sudo.filtered(lambda unit: not unit.parent_id)
            home_sudo = homes_sudo[:1] or units_sudo[:1].parent_id or units_sudo[:1]
            if home_sudo:
                self.env["property.prepayment"]._keep(line_sudo, home_sudo, self.reference)
        return first
