from odoo import fields, models


class PropertyBillingProblem(models.Model):
    _inherit = "property.billing.problem"

    kind = fields.Selection(
        selection_add=[
            ("held", "Reading held for review"),
            ("estimated", "Estimate too high"),
            ("source", "Source of a shared cost"),
        ],
        ondelete={"held": "cascade", "estimated": "cascade", "source": "cascade"},
    )
