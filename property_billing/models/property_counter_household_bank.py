"""The counter sees which bills the bank was asked for."""

from odoo import api, models


class PropertyCounter(models.AbstractModel):
    _inherit = "property.counter"

    @api.model
    def open_household(self, unit_id):
        """Extend with the batch that a bill is in, so that nobody is asked to pay twice."""
        household = super().open_household(unit_id)
        bills = self.env["account.move"].browse([bill["id"] for bill in household["bills"]])
        batches = bills._property_with_bank()
        for bill in household["bills"]:
            bill["with_bank"] = batches.get(bill["id"], "")
        return household
