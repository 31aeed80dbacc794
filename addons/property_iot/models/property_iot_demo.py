from odoo import api, models

from odoo.addons.property_base.models.property_demo_loader import QUIET

from ..demo import builder


class PropertyIotDemo(models.AbstractModel):
    _name = "property.iot.demo"
    _inherit = "property.demo.loader"
    _description = "Property Devices Demo Data"

    @api.model
    def _build(self):
        """Connect the demo's devices to its sites; only while demo data is loaded."""
        builder.build(self._demo_env(**QUIET))
