from odoo import fields, models


class InspectionItem(models.Model):
    _inherit = "inspection.item"

    site_id = fields.Many2one(related="checkpoint_id.site_id")


class InspectionChoice(models.Model):
    _inherit = "inspection.choice"

    site_id = fields.Many2one(related="item_id.site_id")
