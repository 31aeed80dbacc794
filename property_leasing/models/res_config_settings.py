from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lease_approval_amount = fields.Monetary(
        related="company_id.lease_approval_amount",
        readonly=False,
        currency_field="currency_id",
    )
    lease_reminder_days = fields.Char(related="company_id.lease_reminder_days", readonly=False)
