from odoo import fields, models

from ..tools import turnover

#: How turnover rent stands beside the base rent.
MODES = [
    (turnover.GREATER, "The greater of base and turnover rent"),
    (turnover.ADDITION, "In addition to the base rent"),
]


class PropertyLeasePercentage(models.AbstractModel):
    """A per cent of the turnover above a breakpoint: of all goods, or of a kind of them."""

    _name = "property.lease.percentage"
    _description = "Per Cent of a Turnover"

    company_id = fields.Many2one("res.company")
    currency_id = fields.Many2one(related="company_id.currency_id")
    goods_id = fields.Many2one(
        "property.lease.goods",
        string="Kind of Goods",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="Declared on its own. Empty: all goods.",
    )
    above = fields.Monetary(
        string="Turnover above", help="A month; the per cent is of what lies above it."
    )
    percent = fields.Float(
        string="Per Cent", required=True, digits=(16, 4), aggregator=False, default=8.0
    )

    _values_range = models.Constraint(
        "CHECK(above >= 0 AND percent > 0 AND percent <= 100)",
        "A percentage is above 0 and at most 100, of a turnover that is not negative.",
    )

    def _copy_commands(self):
        """Return the commands that write the same percentages elsewhere."""
        return [
            fields.Command.create(
                {"goods_id": one.goods_id.id, "above": one.above, "percent": one.percent}
            )
            for one in self
        ]

    def _kinds(self, decimal):
        """Return the percentages by kinds of goods, as the kernel takes them.

        :param decimal: function that reads a number the way a person wrote it
        """
        ordered = self.sorted(lambda one: (one.goods_id.id or 0, one.above))
        return tuple(
            (
                goods.id or None,
                tuple(turnover.Tier(decimal(one.above), decimal(one.percent)) for one in own),
            )
            for goods, own in ordered.grouped("goods_id").items()
        )
