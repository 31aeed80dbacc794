from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.schedule import Step, ladder


class PropertyLeaseStep(models.Model):
    """The rent changes on a day, or every so many months (递增)."""

    _name = "property.lease.step"
    _description = "Step of the Rent"
    _inherit = ["property.lease.term"]
    _order = "lease_id, date, id"

    repeat_months = fields.Integer(
        string="Every … Months",
        default=12,
        aggregator=False,
        help="From the first day of the lease on; 0 for once, on the day.",
    )
    date = fields.Date(string="Day", help="Of a step that happens once.")
    kind = fields.Selection(
        [
            ("percent", "Per cent, compounding"),
            ("percent_of_base", "Per cent of the first price"),
            ("amount", "Amount on the price"),
        ],
        required=True,
        default="percent",
    )
    value = fields.Float(required=True, digits=(16, 4), aggregator=False)

    _months_range = models.Constraint(
        "CHECK(repeat_months BETWEEN 0 AND 240)", "A step repeats every 1 to 240 months, or not."
    )

    @api.constrains("repeat_months", "date", "kind", "value")
    def _check_values(self):
        for step in self:
            if not step.repeat_months and not step.date:
                raise ValidationError(
                    self.env._("Say on which day the rent steps, or every how many months.")
                )
            if step.kind != "amount" and not -100 < step.value <= 1000:
                raise ValidationError(
                    self.env._("A step changes the rent by −99 to 1,000 per cent.")
                )

    @api.depends("repeat_months", "date", "kind", "value")
    def _compute_display_name(self):
        for step in self:
            value = f"{step.value:g}" if step.kind == "amount" else f"{step.value:g} %"
            when = (
                self.env._("every %(months)s months", months=step.repeat_months)
                if step.repeat_months
                else self.env._("from %(day)s", day=step.date)
            )
            step.display_name = f"{when} {'+' if step.value >= 0 else ''}{value}"

    def _kernel(self, start, end):
        """Return the steps of a term as the kernel takes them."""
        found = []
        for row in self:
            value = row.lease_id._decimal(row.value)
            if row.repeat_months:
                found += ladder(start, end, row.repeat_months, row.kind, value)
            else:
                found.append(Step(row.date, row.kind, value))
        return tuple(sorted(found, key=lambda step: step.day))


class PropertyLeaseRentFree(models.Model):
    """Days of the term that cost no rent (免租期)."""

    _name = "property.lease.rent.free"
    _description = "Rent-free Days"
    _inherit = ["property.lease.term"]
    _order = "lease_id, date_from, id"

    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="Until", required=True, help="Last day, inclusive.")
    reason = fields.Char(help="Such as fitting out.")

    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (lease_id WITH =, daterange(date_from, date_to, '[]') WITH &&)",
        "These rent-free days overlap others of the lease. Join the two rows.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_to >= date_from)",
        "Rent-free days cannot end before they start. Correct one of the two dates.",
    )
