from odoo import api, fields, models

from ..tools import turnover


class PropertyLeaseTurnoverTier(models.Model):
    """A per cent of the turnover above a breakpoint: of all goods, or of a kind of them."""

    _name = "property.lease.turnover.tier"
    _description = "Percentage of the Turnover"
    _inherit = ["property.lease.term"]
    _order = "term_id, change_id, goods_id, above"

    lease_id = fields.Many2one(
        related="term_id.lease_id", store=True, precompute=True, required=False
    )
    term_id = fields.Many2one(
        "property.lease.turnover.term",
        required=True,
        index=True,
        ondelete="cascade",
        compute="_compute_term_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    change_id = fields.Many2one(
        "property.lease.turnover.change",
        string="Later Percentages",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: from the first day on.",
    )
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

    _breakpoint_once = models.UniqueIndex(
        "(term_id, COALESCE(change_id, 0), COALESCE(goods_id, 0), COALESCE(above, 0))",
        "Two percentages begin at the same turnover. Join them.",
    )
    _values_range = models.Constraint(
        "CHECK(above >= 0 AND percent > 0 AND percent <= 100)",
        "A percentage is above 0 and at most 100, of a turnover that is not negative.",
    )

    @api.depends("change_id")
    def _compute_term_id(self):
        for tier in self:
            tier.term_id = tier.change_id.term_id or tier.term_id

    @api.depends("above", "percent", "goods_id.name")
    def _compute_display_name(self):
        for tier in self:
            text = (
                self.env._(
                    "%(percent)s %% above %(above)s a month",
                    percent=f"{tier.percent:g}",
                    above=f"{tier.above:,.2f}",
                )
                if tier.above
                else self.env._("%(percent)s %% of the turnover", percent=f"{tier.percent:g}")
            )
            tier.display_name = f"{tier.goods_id.name}: {text}" if tier.goods_id else text

    def _sentence(self, mode):
        """Say what the percentages are: the mode, then one after another."""
        field = self.env["property.lease.turnover.term"]._fields["mode"]
        modes = dict(field._description_selection(self.env))
        ordered = self.sorted(lambda tier: (tier.goods_id.name or "", tier.above))
        return f"{modes.get(mode, '')}: {'; '.join(ordered.mapped('display_name'))}"

    def _kinds(self, decimal):
        """Return the percentages by kinds of goods, as the kernel takes them.

        :param decimal: function that reads a number the way a person wrote it
        """
        return tuple(
            (
                goods.id or None,
                tuple(turnover.Tier(decimal(one.above), decimal(one.percent)) for one in own),
            )
            for goods, own in self.sorted(lambda one: one.goods_id.id or 0)
            .grouped("goods_id")
            .items()
        )
