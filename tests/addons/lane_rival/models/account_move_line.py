from odoo import api, fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    lane_rival_made = fields.Integer(readonly=True, copy=False)
    lane_rival_written = fields.Integer(readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `account` to count lines made."""
        return super().create([{**vals, "lane_rival_made": 1} for vals in vals_list])

    def write(self, vals):
        """Override of `account` to count lines written."""
        return super().write({**vals, "lane_rival_written": 1})
