from odoo import fields, models

from ..tools.rounding import to_decimal


class PropertySite(models.Model):
    _inherit = "property.site"

    reading_review = fields.Boolean(
        string="Hold Implausible Readings",
        default=True,
        help="Readings that fell without a turn of the counter, or are unusually high, are not "
        "billed before somebody else accepts them.",
    )
    reading_ratio = fields.Float(
        string="Unusual from",
        default=5.0,
        digits=(16, 1),
        help="How many times the usual consumption of the meter is unusual; 0: never.",
    )
    reading_periods = fields.Integer(
        string="Readings of History",
        default=3,
        help="How many earlier consumptions of a meter the judgement needs.",
    )
    reading_floor = fields.Float(
        string="Never Unusual up to",
        default=20.0,
        digits=(16, 1),
        help="Consumption up to this, in the unit of the meter, is never unusual.",
    )
    estimate_periods = fields.Integer(
        string="Estimate from",
        default=6,
        help="How many earlier consumptions an estimated reading is the average of.",
    )

    _reading_rule_positive = models.Constraint(
        "CHECK(reading_ratio >= 0 AND reading_floor >= 0 AND reading_periods > 0"
        " AND estimate_periods > 0)",
        "The rules for readings cannot be negative, and need one reading of history at least.",
    )

    def _reading_rule(self):
        """Return the parameters of the review of readings, or None when it is off."""
        self.ensure_one()
        if not self.reading_review:
            return None
        return {
            "ratio": to_decimal(self.reading_ratio),
            "periods": self.reading_periods,
            "floor": to_decimal(self.reading_floor),
        }
