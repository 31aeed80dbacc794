from odoo import api, models
from odoo.exceptions import AccessError

from ..demo import builder


class PropertyLeasingCrmDemo(models.AbstractModel):
    _name = "property.leasing.crm.demo"
    _description = "Property Leasing CRM Demo Data"

    @api.model
    def _build(self):
        """Bring prospects to the demo's mall; only while demo data is loaded."""
        if not (self.env.su and self.env.context.get("property_leasing_demo_loading")):
            raise AccessError(
                self.env._("Demo data is loaded with the module: install it with --with-demo.")
            )
        builder.build(self.env)
