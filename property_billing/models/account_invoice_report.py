from odoo import api, fields, models
from odoo.tools import SQL


class AccountInvoiceReport(models.Model):
    _inherit = "account.invoice.report"

    site_id = fields.Many2one("property.site", readonly=True)
    unit_id = fields.Many2one("property.unit", string="Property Unit", readonly=True)
    charge_item_id = fields.Many2one("property.charge.item", readonly=True)
    period_to = fields.Date(string="Period Until", readonly=True)
    is_opening = fields.Boolean(string="Opening Arrears", readonly=True)

    @api.model
    def _select(self):
        """Override of `account` to analyse bills by site, unit, item and period."""
        return SQL(
            "%s, move.site_id, move.unit_id, move.charge_item_id, move.period_to, move.is_opening",
            super()._select(),
        )
