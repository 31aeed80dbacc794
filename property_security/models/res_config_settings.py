from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    visitor_walk_in_mail = fields.Boolean(related="company_id.visitor_walk_in_mail", readonly=False)
    gate_image_days = fields.Integer(related="company_id.gate_image_days", readonly=False)
    gate_passage_days = fields.Integer(related="company_id.gate_passage_days", readonly=False)
