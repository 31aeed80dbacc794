from odoo import fields, models

from .incident_words import WATCHERS


class PropertyGateOpening(models.Model):
    """A picture of every opening by hand, where the lane has a camera."""

    _inherit = "property.gate.opening"

    snapshot_ids = fields.One2many(
        "property.camera.snapshot",
        "opening_id",
        string="Pictures",
        readonly=True,
        groups=WATCHERS,
    )

    def _act(self):
        """Override: the barrier waits for no camera, so the picture is ordered, not fetched."""
        result = super()._act()
        for opening in self.filtered("lane_id.camera_id"):
            opening.lane_id.camera_id._snapshot_for(opening, opening.at)
        return result
