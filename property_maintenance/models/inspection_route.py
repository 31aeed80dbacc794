from odoo import fields, models


class InspectionRoute(models.Model):
    """Routes past equipment, whose checkpoints are made of it."""

    _inherit = "inspection.route"

    kind = fields.Selection(
        selection_add=[("equipment", "Equipment Inspection")], ondelete={"equipment": "set default"}
    )

    def action_fill(self):
        """Open the screen that makes checkpoints of equipment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Equipment"),
            "res_model": "property.route.fill",
            "view_mode": "form",
            "target": "new",
            "context": {"default_route_id": self.id},
        }
