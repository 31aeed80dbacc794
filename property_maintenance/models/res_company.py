from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    request_confirm_days = fields.Integer(
        string="Confirm Requests after (days)",
        default=3,
        help="Finished work that nobody confirms or reopens in these days counts as confirmed; 0: "
        "never.",
    )

    _request_confirm_days_not_negative = models.Constraint(
        "CHECK(request_confirm_days >= 0)",
        "The days cannot be negative. Enter 0 to leave finished work unconfirmed.",
    )
