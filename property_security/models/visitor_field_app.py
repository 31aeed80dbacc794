from odoo import models


class FieldApp(models.AbstractModel):
    """Visitors and item releases in the field app."""

    _inherit = "field.app"

    def _field_handlers(self):
        """Override of `inspection_round`: who came in or left, and what was carried out."""
        return {
            **super()._field_handlers(),
            "visitor": "property.visitor.visit",
            "item_release": "property.item.release",
        }

    def _field_screens(self, employee):
        """Override of `inspection_round`: visitors are for guards."""
        screens = super()._field_screens(employee)
        if not self.env.user.has_group("property_base.group_guard"):
            return screens
        return [
            *screens,
            {
                "key": "visitors",
                "model": "property.visitor.visit",
                "title": self.env._("Visitors"),
                "sequence": 12,
            },
        ]
