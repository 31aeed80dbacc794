from odoo import models


class FieldApp(models.AbstractModel):
    """Orders, requests raised on the way, and the register in the field app."""

    _inherit = "field.app"

    def _field_handlers(self):
        """Override of `inspection_round`: steps of orders, and new requests."""
        return {
            **super()._field_handlers(),
            "request_step": "maintenance.request",
            "request_new": "property.request.field.new",
        }

    def _field_screens(self, employee):
        """Override of `inspection_round`: orders and the register are for property staff."""
        screens = super()._field_screens(employee)
        user = self.env.user
        if not user.has_group("property_base.group_staff"):
            return screens
        # whoever opens the app sees first what he works with: guards walk rounds
        is_engineer = user.has_group("property_base.group_engineer")
        return [
            *screens,
            {
                "key": "orders",
                "model": "maintenance.request",
                "title": self.env._("Orders"),
                "sequence": 5 if is_engineer else 20,
            },
            {
                "key": "register",
                "model": "property.request.field.new",
                "title": self.env._("Register"),
                "sequence": 60,
            },
        ]
