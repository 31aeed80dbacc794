from odoo import fields, models


class InspectionResult(models.Model):
    _inherit = "inspection.result"

    site_id = fields.Many2one(
        related="round_id.site_id", store=True, precompute=True, index="btree_not_null"
    )
