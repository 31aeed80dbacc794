from odoo import models


class FieldApp(models.AbstractModel):
    """The gates in the field app."""

    _inherit = "field.app"

    def _field_screens(self, employee):
        """Override of `inspection_round`: guards look after the gates of their sites."""
        screens = super()._field_screens(employee)
        if not self.env.user.has_group("property_base.group_guard"):
            return screens
        screen = {
            "key": "gates",
            "model": "property.gate.field",
            "title": self.env._("Gates"),
            "sequence": 14,
        }
        return [*screens, screen]
