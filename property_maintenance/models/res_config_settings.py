from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    request_confirm_days = fields.Integer(related="company_id.request_confirm_days", readonly=False)
