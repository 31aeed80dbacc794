from odoo import fields, models


class InspectionRound(models.Model):
    _inherit = "inspection.round"

    site_id = fields.Many2one(
        related="route_id.site_id", store=True, precompute=True, index="btree_not_null"
    )


class InspectionReading(models.Model):
    _inherit = "inspection.reading"

    site_id = fields.Many2one(related="route_id.site_id")
