from odoo import models


class InspectionCheckpoint(models.Model):
    """What the field app reads of checkpoints."""

    _inherit = "inspection.checkpoint"

    def _field_point(self):
        """Describe a checkpoint to a phone; other addons add to it."""
        self.ensure_one()
        return {
            "id": self.id,
            "sequence": self.sequence,
            "name": self.name,
            "place": self.place or "",
            "instructions": self.instructions or "",
            "code": self.code,
            "nfc": self.nfc_uid or "",
            "lat": self.latitude if self.has_position else None,
            "lon": self.longitude if self.has_position else None,
            "radius": self.radius if self.has_position else None,
            "minutes": self._minutes(),
            "items": [item._field_item() for item in self.item_ids],
        }
