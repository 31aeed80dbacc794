from odoo import api, models

from odoo.addons.property_base.models.property_demo_loader import QUIET

from ..demo import builder


class PropertyLeasingCrmDemo(models.AbstractModel):
    _name = "property.leasing.crm.demo"
    _inherit = "property.demo.loader"
    _description = "Property Leasing CRM Demo Data"

    @api.model
    def _build(self):
        """Bring prospects to the demo's mall; only while demo data is loaded."""
        builder.build(self._demo_env(**QUIET))
