from odoo import fields, models


class InspectionCheckin(models.Model):
    _inherit = "inspection.checkin"

    site_id = fields.Many2one(
        related="round_id.site_id", store=True, precompute=True, index="btree_not_null"
    )


class InspectionPhoto(models.Model):
    _inherit = "inspection.photo"

    site_id = fields.Many2one(related="checkin_id.site_id")
