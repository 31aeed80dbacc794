from odoo import models
from odoo.exceptions import UserError


class PropertyCollection(models.Model):
    _inherit = "property.collection"

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
