from odoo import fields, models


class InspectionPlan(models.Model):
    _name = "inspection.plan"
    _inherit = ["inspection.plan", "property.scoped"]

    site_id = fields.Many2one(
        related="route_id.site_id", store=True, precompute=True, index="btree_not_null"
    )

    def write(self, vals):
        """Override of `inspection_round` to keep a plan from moving to a foreign site."""
        result = super().write(vals)
        if "route_id" in vals:
            self.check_access("write")
        return result
