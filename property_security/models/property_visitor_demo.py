from odoo import api, fields, models

from odoo.addons.property_base.models.property_demo_loader import QUIET

from ..demo import visitors


class PropertyVisitorDemo(models.AbstractModel):
    _name = "property.visitor.demo"
    _inherit = "property.demo.loader"
    _description = "Visitor Demo Data"

    @api.model
    def _build(self):
        """Let visitors come to the demo sites; only while demo data is loaded."""
        env = self._demo_env(**QUIET)
        sites = self._demo_sites(env)
        for site in sites:
            visitors.build(env, site, fields.Datetime.now())
