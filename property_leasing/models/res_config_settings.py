from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lease_approval_amount = fields.Monetary(
        related="company_id.lease_approval_amount",
        readonly=False,
        currency_field="currency_id",
    )
    lease_turnover_assumption = fields.Selection(
        related="company_id.lease_turnover_assumption", readonly=False
    )
    is_lease_relet = fields.Boolean(related="company_id.is_lease_relet", readonly=False)
    lease_relet_days = fields.Integer(related="company_id.lease_relet_days", readonly=False)
    lease_relet_rate = fields.Float(related="company_id.lease_relet_rate", readonly=False)
    lease_reminder_days = fields.Char(related="company_id.lease_reminder_days", readonly=False)
