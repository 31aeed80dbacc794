from odoo import fields, models

from odoo.addons.property_base.fields import CopiedMany2one


class PropertyChargeLine(models.Model):
    _name = "property.charge.line"
    _description = "Charge Line"
    # worked out, not entered: one absurd price does not stop the run of a site
    _property_own_limits = frozenset({"amount", "price", "quantity"})
    _inherit = ["property.made.by.methods"]
    _order = "charge_id, sequence, id"
    _log_access = False  # made with its charge, by whom and when is on it: two keys less a line

    charge_id = fields.Many2one("property.charge", required=True, index=True, ondelete="cascade")
    site_id = CopiedMany2one(related="charge_id.site_id", store=True, precompute=True)
    company_id = CopiedMany2one(related="charge_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="charge_id.currency_id")
    sequence = fields.Integer(default=1)
    name = fields.Char(required=True)
    quantity = fields.Float(digits=(16, 4))
    price = fields.Float(digits=(16, 6))
    amount = fields.Monetary()
