"""What had paid bills pays what is billed again in their stead."""

from collections import defaultdict
from decimal import Decimal

from odoo import models

from ..tools.rounding import to_decimal


class PropertyRerate(models.Model):
    _inherit = "property.rerate"

    def _settle_again(self, charges, paid):
        """Settle new bills with what had paid the old ones; keep the rest as prepayments.

        :param charges: posted property.charge that were billed again
        :param paid: as from ``property.charge._paid_by_fee``, before the old ones were undone
        """
        # sudo: settling what is billed again was approved with it
        charges_sudo = charges.sudo()
        bills_sudo = charges_sudo.move_id
        self._reconcile_again(charges_sudo, paid)
        used = defaultdict(Decimal)
        for partial_sudo in bills_sudo.line_ids.matched_credit_ids:
            used[partial_sudo.credit_move_id] += to_decimal(partial_sudo.amount)
        for fee, credits_sudo in paid.items():
            left_sudo = self.env["account.move.line"].sudo()
            for line_sudo, amount in credits_sudo.items():
                taken = min(amount, used[line_sudo])
                used[line_sudo] -= taken
                if taken < amount:
                    left_sudo |= line_sudo
            self.env["property.prepayment"]._keep(left_sudo, fee.unit_id, self.reason)
        bills_sudo._property_apply_prepayments()

    def _reconcile_again(self, charges_sudo, paid):
        """Reconcile each new bill with what its payer had paid the old ones of the fee with."""
        plan = []
        for charge_sudo in charges_sudo.sorted(lambda charge: (charge.date_from, charge.id)):
            bill_sudo = charge_sudo.move_id
            owed_sudo = bill_sudo._property_receivable_lines()
            plan += [
                line_sudo + owed_sudo
                for line_sudo in paid.get(charge_sudo.fee_id, ())
                if line_sudo.account_id == owed_sudo.account_id
                and not line_sudo.reconciled
                and line_sudo.partner_id.commercial_partner_id == bill_sudo.commercial_partner_id
            ]
        if plan:
            self.env["account.move.line"].sudo()._reconcile_plan(plan)
