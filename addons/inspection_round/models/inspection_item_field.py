from odoo import models


class InspectionItem(models.Model):
    """What the field app reads of checklists."""

    _inherit = "inspection.item"

    def _field_item(self):
        """Describe an item to a phone."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "type": self.item_type,
            "unit": self.unit or "",
            "low": self.limit_low if self.has_low else None,
            "high": self.limit_high if self.has_high else None,
            "good": self.good_answer,
            "is_required": self.is_required,
            "needs_photo": self.needs_photo or self.item_type == "photo",
            "choices": [
                {"id": choice.id, "name": choice.name, "is_bad": choice.is_bad}
                for choice in self.choice_ids
            ],
        }
