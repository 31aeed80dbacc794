from odoo import models


class FieldApp(models.AbstractModel):
    """Incidents and hand-overs in the field app."""

    _inherit = "field.app"

    def _field_handlers(self):
        """Override of `inspection_round`: incidents, what is done about them, and hand-overs."""
        return {
            **super()._field_handlers(),
            "incident": "property.incident",
            "handover": "property.handover",
        }

    def _field_screens(self, employee):
        """Override of `inspection_round`: incidents are for guards and customer service."""
        screens = super()._field_screens(employee)
        if not self.env["property.incident"].has_access("create"):
            return screens
        incidents = {
            "key": "incidents",
            "model": "property.incident",
            "title": self.env._("Incidents"),
            "sequence": 16,
        }
        if not self.env["property.handover"].has_access("create"):
            return [*screens, incidents]
        handovers = {
            "key": "handover",
            "model": "property.handover",
            "title": self.env._("Hand-over"),
            "sequence": 18,
        }
        return [*screens, incidents, handovers]
