from odoo import fields, models


class PropertyRequestCategory(models.Model):
    _inherit = "property.request.category"

    charge_item_id = fields.Many2one(
        "property.charge.item",
        ondelete="restrict",
        check_company=True,
        domain="[('method', '=', 'one_off')]",
        help="Item on the bill of chargeable work; empty: the company's item of paid repairs.",
    )
