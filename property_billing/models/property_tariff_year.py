"""Tiers that count by the year, and larger tiers for large households (阶梯水价, 阶梯电价)."""

from odoo import fields, models

from ..tools.rounding import to_decimal


class PropertyTariff(models.Model):
    _inherit = "property.tariff"

    tier_period = fields.Selection(
        [("month", "Month"), ("year", "Year")],
        string="Tiers by",
        required=True,
        default="month",
        help="Month: the limits are per month and multiply with the months of a bill. Year: they "
        "are per year, and every bill goes on where the last one of the year ended.",
    )
    tier_reset_month = fields.Selection(
        [
            ("1", "January"),
            ("2", "February"),
            ("3", "March"),
            ("4", "April"),
            ("5", "May"),
            ("6", "June"),
            ("7", "July"),
            ("8", "August"),
            ("9", "September"),
            ("10", "October"),
            ("11", "November"),
            ("12", "December"),
        ],
        string="Year Starts in",
        required=True,
        default="1",
        help="The tiers of the year start anew on the first of this month. A bill belongs to the "
        "year of its closing reading.",
    )
    is_first_year_by_months = fields.Boolean(
        string="First Year by Months",
        default=True,
        help="Who starts within a year of the tiers gets one twelfth of every limit for each month "
        "of it, the month of the start counted. Unticked, the limits of the whole year count.",
    )
    tier_persons = fields.Integer(
        string="Persons Included",
        help="Number of persons the limits are made for; 0: persons do not matter.",
    )
    tier_extra = fields.Float(
        string="Extra per Person",
        digits=(16, 3),
        help="Every limit rises by this for each person beyond those included: per month, or per "
        "year with tiers by year.",
    )

    _tier_persons_not_negative = models.Constraint(
        "CHECK(tier_persons >= 0 AND tier_extra >= 0)",
        "Persons and extra quantity cannot be negative. Enter 0 or more.",
    )

    def _init_column(self, column_name):
        """Override: prices that were in force before the choice existed go on as they were."""
        if column_name == "is_first_year_by_months":
            self.env.cr.execute("UPDATE property_tariff SET is_first_year_by_months = FALSE")
            return
        super()._init_column(column_name)

    def _prepare_tier_copy(self):
        """Return the values that make another price count its tiers as this one does."""
        self.ensure_one()
        return {
            "tier_period": self.tier_period,
            "tier_reset_month": self.tier_reset_month,
            "is_first_year_by_months": self.is_first_year_by_months,
            "tier_persons": self.tier_persons,
            "tier_extra": self.tier_extra,
        }

    def _audit_values(self):
        """Override to log also how the tiers count."""
        values = super()._audit_values()
        if self.tier_ids and self.tier_period == "year":
            values["tiers_by"] = f"year from {self.tier_reset_month}"
            values["first_year"] = "by months" if self.is_first_year_by_months else "whole"
        if self.tier_persons:
            values["extra"] = f"{self.tier_extra:g} > {self.tier_persons}"
        return values

    def _prepare_price_facts(self):
        """Override to freeze how the tiers count."""
        facts = super()._prepare_price_facts()
        if facts["tiers"]:
            facts.update(
                tier_period=self.tier_period,
                tier_reset_month=int(self.tier_reset_month),
                tier_by_months=self.is_first_year_by_months,
                tier_persons=self.tier_persons,
                tier_extra=str(to_decimal(self.tier_extra)),
            )
        return facts
