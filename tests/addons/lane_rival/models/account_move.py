from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    lane_rival_stamp = fields.Char(readonly=True, copy=False)

    def _post(self, soft=True):
        """Override of `account` to stamp what is posted."""
        posted = super()._post(soft=soft)
        for move in posted:
            move.lane_rival_stamp = f"posted {move.name}"
        return posted
