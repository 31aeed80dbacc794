from odoo import api, fields, models

from ..demo import parking


class PropertyParkingDemo(models.AbstractModel):
    _name = "property.parking.demo"
    _inherit = "property.demo.loader"
    _description = "Parking Demo Data"

    @api.model
    def _build(self):
        """Build the car parks of the demo sites; only while demo data is loaded."""
        env = self._demo_env()
        sites = self._demo_sites(env)
        parking.build(env, sites, fields.Date.today())
