from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    camera_snapshot_days = fields.Integer(related="company_id.camera_snapshot_days", readonly=False)
