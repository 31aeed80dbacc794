from odoo import fields, models


class PropertyChargeItem(models.Model):
    _inherit = "property.charge.item"

    category = fields.Selection(
        selection_add=[("rent", "Rent"), ("turnover", "Turnover rent"), ("other",)],
        ondelete={"rent": "set default", "turnover": "set default"},
    )
    method = fields.Selection(
        selection_add=[("contract", "By contract"), ("one_off",)],
        ondelete={"contract": "set default"},
    )
