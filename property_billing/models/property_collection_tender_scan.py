from odoo import fields, models


class PropertyCollectionTender(models.Model):
    _inherit = "property.collection.tender"

    transaction_id = fields.Many2one(
        "payment.transaction",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The online payment it was paid with, by scan at the counter.",
    )
