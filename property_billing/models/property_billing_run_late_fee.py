from odoo import models


class PropertyBillingRun(models.Model):
    _inherit = "property.billing.run"

    def _billed_items(self):
        """Leave out late fees: they follow from what is overdue, never from a standing fee."""
        return super()._billed_items().filtered(lambda item: item.category != "late_fee")
