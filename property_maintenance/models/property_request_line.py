from odoo import api, fields, models

#: Who sees what work costs: guards and the leasing desk raise requests and settle none.
MONEY_GROUPS = ",".join(
    f"property_base.group_{role}" for role in ("engineer", "service", "cashier", "finance")
)


class PropertyRequestLine(models.Model):
    """Material or labour that went into a request."""

    _name = "property.request.line"
    _description = "Material and Labour"
    _inherit = ["property.scoped"]
    _order = "request_id, sequence, id"

    request_id = fields.Many2one(
        "maintenance.request", required=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="request_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="request_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("material", "Material"), ("labour", "Labour")], required=True, default="material"
    )
    product_id = fields.Many2one("product.product", index="btree_not_null", ondelete="restrict")
    name = fields.Char(
        string="Description",
        required=True,
        compute="_compute_from_product",
        store=True,
        readonly=False,
        precompute=True,
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit of Measure",
        compute="_compute_from_product",
        store=True,
        readonly=False,
        precompute=True,
    )
    price_unit = fields.Monetary(
        string="Price",
        compute="_compute_from_product",
        store=True,
        readonly=False,
        precompute=True,
        help="Price of one unit of measure.",
    )
    amount = fields.Monetary(compute="_compute_amount", store=True)
    is_chargeable = fields.Boolean(
        string="Chargeable",
        compute="_compute_is_chargeable",
        store=True,
        readonly=False,
        precompute=True,
        help="The resident pays this line.",
    )

    _values_sane = models.Constraint(
        "CHECK(quantity > 0 AND price_unit >= 0)",
        "A line needs a quantity above zero and a price that is not negative.",
    )

    @api.depends("product_id")
    def _compute_from_product(self):
        for line in self:
            product = line.product_id
            line.name = line.name or product.name
            if product and line.uom_id != product.uom_id:
                line.uom_id = product.uom_id
                line.price_unit = product.lst_price
                line.name = product.name

    @api.depends("quantity", "price_unit", "currency_id")
    def _compute_amount(self):
        for line in self:
            amount = line.quantity * line.price_unit
            line.amount = line.currency_id.round(amount) if line.currency_id else amount

    @api.depends("request_id.is_chargeable")
    def _compute_is_chargeable(self):
        for line in self:
            line.is_chargeable = line.request_id.is_chargeable
