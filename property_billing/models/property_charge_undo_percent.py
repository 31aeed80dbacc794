from odoo import models

from ..tools import shares


class PropertyCharge(models.Model):
    _inherit = "property.charge"

    def _undo(self):
        """Override: with a charge goes what was billed as a percentage of it."""
        return super(PropertyCharge, self | self._percentages())._undo()

    def _percentages(self):
        """Return the posted percentages of the charges, and those of these in turn."""
        posted = self.filtered(lambda charge: charge.state == "posted")
        items = self.env["property.charge.item"].search(
            [("method", "=", "percent"), ("percent_base_ids", "in", posted.item_id.ids)]
        )
        if not items:
            return self.browse()
        keys = {
            (shares.key_of(charge.fee_id.id, charge.share), charge.date_from, charge.date_to)
            for charge in posted
        }
        found = self.search(
            [
                ("item_id", "in", items.ids),
                ("unit_id", "in", posted.unit_id.ids),
                ("state", "=", "posted"),
            ]
        ).filtered(lambda charge: (charge.share, charge.date_from, charge.date_to) in keys)
        return found | (found._percentages() if found else found)
