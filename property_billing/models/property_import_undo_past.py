from odoo import models


class PropertyImport(models.Model):
    _inherit = "property.import"

    def _undo_prepare(self):
        """Override of `property_base` to take the past payments back before their bills."""
        created = self.created_records or {}
        payments = self.env["account.payment"].browse(created.get("account.payment", [])).exists()
        payments = payments.filtered(lambda payment: payment.state in ("in_process", "paid"))
        payments.action_draft()
        payments.action_cancel()
        return super()._undo_prepare()

    def _undo_kept(self, model, ids):
        """Override of `property_base`: payments and receipts stay, cancelled and void."""
        if model in ("account.payment", "property.receipt"):
            return set(ids)
        return super()._undo_kept(model, ids)
