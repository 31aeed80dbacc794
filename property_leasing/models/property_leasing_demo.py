from odoo import api, models

from odoo.addons.property_base.models.property_demo_loader import QUIET

from ..demo import builder


class PropertyLeasingDemo(models.AbstractModel):
    _name = "property.leasing.demo"
    _inherit = "property.demo.loader"
    _description = "Property Leasing Demo Data"

    @api.model
    def _build(self):
        """Let the shops of the demo's mall; only while demo data is loaded."""
        builder.build(self._demo_env(**QUIET))
