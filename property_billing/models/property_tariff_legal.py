from odoo import fields, models


class PropertyTariff(models.Model):
    _inherit = "property.tariff"

    legal_basis = fields.Char(
        help="What the price rests on, as the price list shows it: the price authority's document, "
        "the contract or the vote of the owners, with its number and date."
    )
