from odoo import fields, models


class PropertyCharge(models.Model):
    _inherit = "property.charge"

    quotation_id = fields.Many2one(
        "property.request.quotation",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
        help="The accepted quotation that this bills.",
    )

    _quotation_billed_once = models.UniqueIndex(
        "(quotation_id) WHERE quotation_id IS NOT NULL AND state NOT IN ('cancelled', 'reversed')",
        "This quotation is billed already. Undo that bill first.",
    )
