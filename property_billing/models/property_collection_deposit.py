from odoo import models


class PropertyCollection(models.Model):
    """Deposits taken at the counter: kept as what they are, with a receipt of their own."""

    _inherit = "property.collection"

    def _keep_advance(self, row, advance):
        """Override for a deposit: it is owed back and pays no bills."""
        if not advance.get("deposit_type"):
            return super()._keep_advance(row, advance)
        row.deposit_id = self._receive(
            "property.deposit",
            advance,
            deposit_type=advance["deposit_type"],
            note=advance.get("deposit_note") or False,
        )
        return None

    def _issue_receipts(self, merged):
        """Override: the payer brings the receipt of a deposit back; it carries nothing else."""
        deposits = self.line_ids.deposit_id.payment_id
        self._issue_receipts_for(self.payment_ids - deposits, merged)
        self._issue_receipts_for(deposits, merged)
