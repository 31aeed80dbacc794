from odoo import api, models

from odoo.addons.property_base.models.property_demo_loader import QUIET

from ..demo import life


class PropertyLeaseLifeDemo(models.AbstractModel):
    _name = "property.lease.life.demo"
    _inherit = "property.demo.loader"
    _description = "Demo Data of the Life of Leases"

    @api.model
    def _build(self):
        """Let the leases of the demo's mall live; only while demo data is loaded."""
        life.build(self._demo_env(**QUIET))
