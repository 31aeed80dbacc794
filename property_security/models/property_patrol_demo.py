from odoo import api, fields, models

from ..demo import patrol


class PropertyPatrolDemo(models.AbstractModel):
    _name = "property.patrol.demo"
    _inherit = "property.demo.loader"
    _description = "Patrol Demo Data"

    @api.model
    def _build(self):
        """Build the patrols of the demo sites; only while demo data is loaded."""
        env = self._demo_env()
        sites = self._demo_sites(env)[:2]
        patrol.build(env, sites, fields.Date.context_today(sites))
