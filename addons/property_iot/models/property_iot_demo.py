from odoo import api, models
from odoo.exceptions import AccessError

from ..demo import builder


class PropertyIotDemo(models.AbstractModel):
    _name = "property.iot.demo"
    _description = "Property Devices Demo Data"

    @api.model
    def _build(self):
        """Connect the demo's devices to its sites; only while demo data is loaded."""
        if not (self.env.su and self.env.context.get("property_iot_demo_loading")):
            raise AccessError(
                self.env._("Demo data is loaded with the module: install it with --with-demo.")
            )
        builder.build(self.env)
