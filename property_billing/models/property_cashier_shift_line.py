from odoo import fields, models


class PropertyCashierShiftLine(models.Model):
    """Counted against expected, one row a way to pay."""

    _name = "property.cashier.shift.line"
    _description = "Cashier Shift: Count"
    _inherit = ["property.made.by.methods"]
    _order = "shift_id, id"

    shift_id = fields.Many2one(
        "property.cashier.shift", required=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="shift_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="shift_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    method_id = fields.Many2one(
        "property.tender.method", string="Way to pay", required=True, ondelete="restrict"
    )
    taking_count = fields.Integer(string="Number of Takings")
    expected = fields.Monetary(help="By the system; for cash with the float, in yuan.")
    counted = fields.Monetary(help="By the cashier, in yuan.")
    difference = fields.Monetary(help="Counted less expected, in yuan.")
    explanation = fields.Char(string="Reason of the Difference")
