from odoo import fields, models


class PropertyCollectionTender(models.Model):
    """How one taking was paid: one row a way to pay."""

    _name = "property.collection.tender"
    _description = "Counter Taking: Tender"
    _inherit = ["property.made.by.methods"]
    _order = "collection_id, id"

    collection_id = fields.Many2one(
        "property.collection", required=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="collection_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="collection_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    method_id = fields.Many2one(
        "property.tender.method", string="Way to pay", required=True, ondelete="restrict"
    )
    kind = fields.Selection(related="method_id.kind", store=True)
    amount = fields.Monetary(required=True, help="What stays, in yuan.")
    amount_given = fields.Monetary(help="What the payer handed over, in yuan.")
    amount_change = fields.Monetary(string="Change Given", help="What was handed back, in yuan.")
    reference = fields.Char(help="Number of the slip, cheque or order.")
