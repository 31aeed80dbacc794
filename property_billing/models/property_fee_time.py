"""What a single fee says differently from its item: cycle, heads, shares of the payers."""

from odoo import api, fields, models

from .property_charge_item_time import ANCHORS, TIMINGS


class PropertyFee(models.Model):
    _inherit = "property.fee"

    base = fields.Selection(related="item_id.base")
    cycle_months = fields.Integer(
        string="Months per Cycle", tracking=True, aggregator=False, help="0: as the item says."
    )
    cycle_anchor = fields.Selection(ANCHORS, string="Cycle Begins", tracking=True)
    cycle_timing = fields.Selection(TIMINGS, string="Billed When", tracking=True)
    count_own = fields.Integer(
        string="Own Number",
        tracking=True,
        aggregator=False,
        help="Number of people, spaces or vehicles to charge; 0 counts the registered ones.",
    )
    share_ids = fields.One2many("property.fee.share", "fee_id", string="Shares of the Payers")

    _cycle_months_range = models.Constraint(
        "CHECK(cycle_months IS NULL OR cycle_months BETWEEN 0 AND 120)",
        "A cycle has 1 to 120 months; 0 takes that of the item.",
    )
    _count_own_range = models.Constraint(
        "CHECK(count_own IS NULL OR count_own BETWEEN 0 AND 1000)",
        "The number of people, spaces or vehicles lies between 0 and 1000.",
    )

    @api.constrains("payer_role", "share_ids", "item_id")
    def _check_shares(self):
        for fee in self.filtered(lambda fee: fee.payer_role == "split"):
            shares = fee.share_ids or fee.item_id.share_ids
            shares._check_sum(fee, fee.item_id.method)
