from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `account` to scope payments, and their entries, by the bills they settle."""
        partials = super().create(vals_list)
        for partial in partials.sudo():
            debit, credit = partial.debit_move_id.move_id, partial.credit_move_id.move_id
            for bill, other in ((debit, credit), (credit, debit)):
                if not bill.site_id or other.site_id or other.is_invoice():
                    continue
                other.write({"site_id": bill.site_id.id})
                if other.origin_payment_id:
                    other.origin_payment_id._property_scope_from(bill)
        return partials
