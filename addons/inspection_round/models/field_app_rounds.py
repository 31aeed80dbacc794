from odoo import models


class FieldApp(models.AbstractModel):
    """Rounds in the field app."""

    _inherit = "field.app"

    def _field_handlers(self):
        """Override of `field.app`: check-ins, and rounds that begin and end."""
        return {
            **super()._field_handlers(),
            "checkin": "inspection.checkin",
            "round": "inspection.round",
        }

    def _field_screens(self, employee):
        """Override of `field.app`: today's rounds, for those who walk any."""
        if not self.env["inspection.round"].has_access("read"):
            return super()._field_screens(employee)
        screen = {
            "key": "rounds",
            "model": "inspection.round",
            "title": self.env._("Rounds"),
            "sequence": 10,
        }
        return [*super()._field_screens(employee), screen]
