from odoo import fields, models


class PropertyFee(models.Model):
    _inherit = "property.fee"

    tier_persons = fields.Integer(
        string="Persons for Tiers",
        aggregator=False,
        tracking=True,
        help="Registered persons of the household where the tiers depend on them; 0 counts the "
        "people on file on the day of the reading.",
    )

    _tier_persons_not_negative = models.Constraint(
        "CHECK(tier_persons >= 0)", "The number of persons cannot be negative."
    )
