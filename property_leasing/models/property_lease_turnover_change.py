from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import turnover
from .property_lease_percentage import MODES


class PropertyLeaseTurnoverChange(models.Model):
    """Other percentages from a day on: agreed with the lease, or by an amendment."""

    _name = "property.lease.turnover.change"
    _description = "Later Percentages of the Turnover"
    _inherit = ["property.lease.term"]
    _order = "term_id, date_from, id"

    lease_id = fields.Many2one(
        related="term_id.lease_id", store=True, precompute=True, required=False
    )
    term_id = fields.Many2one(
        "property.lease.turnover.term", required=True, index=True, ondelete="cascade"
    )
    date_from = fields.Date(string="From", required=True)
    is_end = fields.Boolean(
        string="Ends", help="No percentages are owed, and nothing is declared, from that day on."
    )
    mode = fields.Selection(
        MODES,
        required=True,
        default=turnover.GREATER,
    )
    cap = fields.Monetary(help="Highest percentage rent a month; 0 for none.")
    tier_ids = fields.One2many(
        "property.lease.turnover.tier", "change_id", string="Percentages", copy=True
    )
    amendment_id = fields.Many2one(
        "property.lease.amendment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    _day_once = models.Constraint(
        "UNIQUE(term_id, date_from)", "Percentages change on this day already. Correct that row."
    )
    _cap_not_negative = models.Constraint("CHECK(cap >= 0)", "A cap cannot be negative.")

    @api.constrains("date_from", "is_end", "tier_ids")
    def _check_whole(self):
        for change in self:
            if not change.is_end and not change.tier_ids:
                raise ValidationError(
                    self.env._(
                        "Enter the percentages from %(day)s on, or say that turnover rent ends.",
                        day=change.date_from,
                    )
                )

    @api.depends("date_from", "mode", "is_end", "tier_ids.percent", "tier_ids.above")
    def _compute_display_name(self):
        for change in self:
            what = (
                self.env._("no turnover rent")
                if change.is_end
                else change.tier_ids._sentence(change.mode)
            )
            change.display_name = self.env._(
                "from %(day)s: %(what)s", day=change.date_from, what=what
            )
