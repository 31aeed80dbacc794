from odoo import models
from odoo.exceptions import UserError


class PropertyCollection(models.Model):
    """Deposits taken at the counter: kept as what they are, with a receipt of their own."""

    _inherit = "property.collection"

    def _keep_advance(self, row, advance):
        """Override for a deposit: it is owed back and pays no bills."""
        if not advance.get("deposit_type"):
            return super()._keep_advance(row, advance)
        deposits = self.env["property.deposit"].with_user(self.env.user)
        row.deposit_id = deposits._receive(
            advance["unit"],
            advance["payer"],
            float(advance["amount"]),
            advance["tender"]["method"].journal_id.with_user(self.env.user),
            advance["deposit_type"],
            date=self.date,
            note=advance.get("deposit_note") or False,
            **self._prepare_tender_vals(advance["tender"]),
        )
        return None

    def _issue_receipts(self, merged):
        """Override: the payer brings the receipt of a deposit back; it carries nothing else."""
        deposits = self.line_ids.deposit_id.payment_id
        self._issue_receipts_for(self.payment_ids - deposits, merged)
        self._issue_receipts_for(deposits, merged)

    def _check_undoable(self):
        """Extend: a deposit of which something was used or given back stays."""
        result = super()._check_undoable()
        self.line_ids.deposit_id.invalidate_recordset(["amount_left"])
        for line in self.line_ids.filtered("deposit_id"):
            if line.currency_id.compare_amounts(line.deposit_id.amount_left, line.amount):
                raise UserError(
                    self.env._(
                        "Of the deposit %(deposit)s some is used or given back already. Ask for "
                        "its refund instead of undoing this taking.",
                        deposit=line.deposit_id.display_name,
                    )
                )
        return result
