from odoo import models


class InspectionRoute(models.Model):
    """What the field app reads of routes."""

    _inherit = "inspection.route"

    def _field_points(self):
        """Describe the checkpoints to a phone."""
        self.ensure_one()
        return [point._field_point() for point in self.checkpoint_ids]
