from odoo import api, models

from odoo.addons.property_base.models.property_demo_loader import QUIET

from ..demo import gates


class PropertyGateDemo(models.AbstractModel):
    _name = "property.gate.demo"
    _inherit = "property.demo.loader"
    _description = "Gate Demo Data"

    @api.model
    def _build(self):
        """Build the gates of the demo sites; only while demo data is loaded."""
        env = self._demo_env(**QUIET)
        sites = self._demo_sites(env)
        gates.build(env, sites)
