from odoo import fields, models


class PropertyLeaseGoods(models.Model):
    """A kind of goods that pays a percentage of its own (品类), such as jewellery."""

    _name = "property.lease.goods"
    _description = "Kind of Goods"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)

    _name_once = models.UniqueIndex(
        "(company_id, name)", "There is a kind of goods of this name already. Use that one."
    )
