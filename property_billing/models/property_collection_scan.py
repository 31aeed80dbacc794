from odoo import models


class PropertyCollection(models.Model):
    _inherit = "property.collection"

    def _prepare_tender_vals(self, tender):
        """Extend: scanned money arrives in the journal of its provider."""
        values = super()._prepare_tender_vals(tender)
        transaction_sudo = tender.get("transaction")
        if not transaction_sudo:
            return values
        provider_sudo = transaction_sudo.provider_id
        journal_sudo = provider_sudo.journal_id
        lines_sudo = journal_sudo.inbound_payment_method_line_ids
        return {
            **values,
            "journal_id": journal_sudo.id,
            "payment_method_line_id": lines_sudo.filtered(
                lambda line: line.payment_provider_id == provider_sudo
            )[:1].id,
            "payment_transaction_id": transaction_sudo.id,
        }
