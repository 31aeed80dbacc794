from odoo import fields, models


class PropertySite(models.Model):
    _inherit = "property.site"

    settlement_order = fields.Selection(
        [
            ("law", "All late fees, then the oldest bills"),
            ("oldest", "Month by month, late fee before its bill"),
            ("principal", "Bills first, late fees last"),
        ],
        string="Part Payments Settle",
        required=True,
        default="law",
        help="In which order an amount that does not cover everything is shared out. By law "
        "(Civil Code 560, 561): costs, then interest, then the oldest principal, unless agreed "
        "otherwise.",
    )
