from odoo import api, fields, models


class PropertyRerateLine(models.Model):
    _name = "property.rerate.line"
    _description = "Billing Again: Difference"
    _inherit = ["property.made.by.methods"]
    _order = "rerate_id, unit_sort_key, date_from, id"

    rerate_id = fields.Many2one("property.rerate", required=True, index=True, ondelete="cascade")
    site_id = fields.Many2one(related="rerate_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(related="rerate_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    unit_id = fields.Many2one("property.unit", required=True, ondelete="cascade")
    unit_sort_key = fields.Char(
        related="unit_id.sort_key", store=True, precompute=True, string="Unit Order"
    )
    item_id = fields.Many2one("property.charge.item", required=True, ondelete="cascade")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="Until", required=True)
    amount_old = fields.Monetary(string="Billed")
    amount_new = fields.Monetary(string="Would Be")
    amount_difference = fields.Monetary(
        string="Difference", compute="_compute_difference", store=True, precompute=True
    )
    amount_credited = fields.Monetary(
        string="Credited", help="What credit notes took off a bill that is left alone."
    )
    left_reason = fields.Selection(
        [
            ("credited", "Credited in part"),
            ("percentage", "A percentage of it was credited in part"),
            ("problem", "Credited in part; cannot be computed now"),
        ],
        string="Why Left Alone",
        help="Such a bill was decided on by itself: billed again, it would ask for the credited "
        "part once more. Put it right with an adjustment where needed.",
    )

    @api.depends("amount_old", "amount_new")
    def _compute_difference(self):
        for line in self:
            line.amount_difference = line.amount_new - line.amount_old
