from odoo import models

from ..tools import shares


class PropertyCharge(models.Model):
    _inherit = "property.charge"

    def _undo(self):
        """Override: with a charge goes what was billed as a percentage of it."""
        return super(PropertyCharge, self | self._percentages())._undo()

    def _without_credits(self):
        """Override: leave out those too of which a percentage was credited: it goes with them."""
        everything = self | self._percentages()
        kept = super(PropertyCharge, everything)._without_credits()
        left = everything - kept
        while left:
            keys = {(charge.share, charge.date_from, charge.date_to) for charge in left}
            left = kept.filtered(lambda charge, keys=keys: charge._percentage_key() in keys)
            kept -= left
        return self & kept

    def _percentage_key(self):
        """Return the share and the days of what is billed as a percentage of the charge."""
        self.ensure_one()
        return shares.key_of(self.fee_id.id, self.share), self.date_from, self.date_to

    def _percentages(self):
        """Return the posted percentages of the charges, and those of these in turn."""
        posted = self.filtered(lambda charge: charge.state == "posted")
        items = self.env["property.charge.item"].search(
            [("method", "=", "percent"), ("percent_base_ids", "in", posted.item_id.ids)]
        )
        if not items:
            return self.browse()
        keys = {charge._percentage_key() for charge in posted}
        found = self.search(
            [
                ("item_id", "in", items.ids),
                ("unit_id", "in", posted.unit_id.ids),
                ("state", "=", "posted"),
            ]
        ).filtered(lambda charge: (charge.share, charge.date_from, charge.date_to) in keys)
        return found | (found._percentages() if found else found)
