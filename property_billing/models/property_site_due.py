from odoo import fields, models


class PropertySite(models.Model):
    _inherit = "property.site"

    days_to_pay = fields.Integer(
        string="Days to Pay",
        help="From the date of a bill until it is due, proposed for every billing run of the "
        "site; 0 when bills are due on their date.",
    )

    _days_to_pay_in_a_year = models.Constraint(
        "CHECK(days_to_pay BETWEEN 0 AND 365)",
        "Between 0 and 365 days to pay can be given.",
    )
