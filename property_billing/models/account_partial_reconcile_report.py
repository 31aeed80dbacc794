from odoo import models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    # A balance as of a past day undoes what was settled later.
    _property_max_date_index = models.Index("(max_date)")
