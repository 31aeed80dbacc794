from odoo import fields, models


class PropertyCollectionLine(models.Model):
    """What one taking gave to one bill, or kept in advance: evidence that outlives an undo."""

    _name = "property.collection.line"
    _description = "Counter Taking: Bill Settled"
    _inherit = ["property.made.by.methods"]
    _order = "collection_id, id"

    collection_id = fields.Many2one(
        "property.collection", required=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="collection_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="collection_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("bill", "Bill"),
            ("late_fee", "Late fee"),
            ("advance", "Prepayment received"),
            ("deposit", "Deposit received"),
        ],
        required=True,
    )
    move_id = fields.Many2one(
        "account.move", string="Bill", index="btree_not_null", ondelete="restrict"
    )
    prepayment_id = fields.Many2one(
        "property.prepayment", index="btree_not_null", ondelete="restrict"
    )
    deposit_id = fields.Many2one("property.deposit", index="btree_not_null", ondelete="restrict")
    unit_id = fields.Many2one("property.unit", ondelete="restrict")
    item_id = fields.Many2one("property.charge.item", ondelete="restrict")
    partner_id = fields.Many2one("res.partner", string="Payer", ondelete="restrict")
    period_from = fields.Date()
    period_to = fields.Date(string="Period Until")
    amount = fields.Monetary(required=True)
    note = fields.Char()
