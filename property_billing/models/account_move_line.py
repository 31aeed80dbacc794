from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    unit_id = fields.Many2one(
        related="move_id.unit_id",
        string="Property Unit",
        store=True,
        index="btree_not_null",
        precompute=True,
    )
    site_id = fields.Many2one(
        related="move_id.site_id", store=True, index="btree_not_null", precompute=True
    )
    charge_item_id = fields.Many2one(
        related="move_id.charge_item_id", store=True, index="btree_not_null", precompute=True
    )
    period_from = fields.Date(related="move_id.period_from", store=True, precompute=True)
    period_to = fields.Date(related="move_id.period_to", store=True, precompute=True)
