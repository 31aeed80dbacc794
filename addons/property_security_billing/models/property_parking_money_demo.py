from odoo import api, fields, models

from ..demo import parking_cards, parking_money


class PropertyParkingMoneyDemo(models.AbstractModel):
    _name = "property.parking.money.demo"
    _inherit = "property.demo.loader"
    _description = "Parking Money Demo Data"

    @api.model
    def _build(self):
        """Let the cars of the demo pay; only while demo data is loaded."""
        env = self._demo_env()
        if env["property.parking.payment"].search_count([], limit=1):
            return
        sites = self._demo_sites(env)
        today = fields.Date.today()
        parking_money.collect(env, sites, today)
        parking_cards.bill(env, sites, today)
