from odoo import fields, models

#: Kinds that belong to no document; those that other addons add are taken on their documents.
LOOSE_KINDS = [
    ("decoration", "Decoration"),
    ("card", "Card"),
    ("key", "Key"),
    ("other", "Other"),
]


class PropertyDepositType(models.Model):
    """What a deposit is taken for, with the usual amount (押金类型)."""

    _name = "property.deposit.type"
    _description = "Deposit Type"
    _inherit = ["property.scoped"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        LOOSE_KINDS,
        required=True,
        default="other",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    site_id = fields.Many2one(
        "property.site",
        index=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="Empty: all sites of the company.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(string="Usual Amount", help="Proposed when a deposit is taken.")
    active = fields.Boolean(default=True)
    note = fields.Char(help="When it is refunded, such as after the inspection of the works.")

    _amount_not_negative = models.Constraint(
        "CHECK(amount >= 0)", "The usual amount cannot be negative. Enter 0 for none."
    )
