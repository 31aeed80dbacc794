from odoo import fields, models


class PropertySite(models.Model):
    _inherit = "property.site"

    prepayment_cap_months = fields.Integer(
        string="Prepaid Months at Most",
        help="The cashier is warned when a household would leave more months of fees in advance; "
        "0 for no limit.",
    )
    prepayment_cap_basis = fields.Char(
        string="Legal Basis of the Limit",
        help="The rule that limits it, shown with the warning.",
    )
    prepayment_reminder_months = fields.Integer(
        string="Remind below Months",
        help="Payers are reminded when what they left covers fewer months of fees; 0 for never.",
    )

    _prepayment_months_not_negative = models.Constraint(
        "CHECK(prepayment_cap_months >= 0 AND prepayment_reminder_months >= 0)",
        "Months cannot be negative. Enter 0 for no limit and no reminder.",
    )
