from odoo import api, fields, models


class PropertyLeaseTurnoverTier(models.Model):
    """A percentage of what a lease says about turnover rent."""

    _name = "property.lease.turnover.tier"
    _description = "Percentage of the Turnover"
    _inherit = ["property.lease.term", "property.lease.percentage"]
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

    _breakpoint_once = models.UniqueIndex(
        "(term_id, COALESCE(change_id, 0), COALESCE(goods_id, 0), COALESCE(above, 0))",
        "Two percentages begin at the same turnover. Join them.",
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
            tier.display_name = (
                self.env._("%(goods)s: %(percent)s", goods=tier.goods_id.name, percent=text)
                if tier.goods_id
                else text
            )

    def _sentence(self, mode):
        """Say what the percentages are: the mode, then one after another."""
        field = self.env["property.lease.turnover.term"]._fields["mode"]
        modes = dict(field._description_selection(self.env))
        ordered = self.sorted(lambda tier: (tier.goods_id.name or "", tier.above))
        percents = self.env._("; ").join(ordered.mapped("display_name"))
        return self.env._("%(goods)s: %(percent)s", goods=modes.get(mode, ""), percent=percents)
