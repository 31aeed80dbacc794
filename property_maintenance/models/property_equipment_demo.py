from odoo import api, fields, models

from ..demo.equipment import Demo
from ..demo.equipment_rounds import build_rounds
from ..demo.equipment_work import build_work


class PropertyEquipmentDemo(models.AbstractModel):
    _name = "property.equipment.demo"
    _inherit = "property.demo.loader"
    _description = "Demo Data of Equipment"

    @api.model
    def _build(self):
        """Fill the sites of the demo company that have no equipment; only while demo data loads."""
        env = self._demo_env()
        sites = self._demo_sites(env)
        used = env["maintenance.equipment"].search([("site_id", "in", sites.ids)]).site_id
        fresh = (sites - used).filtered("unit_ids")
        if fresh:
            demo = Demo(env, fresh, fields.Datetime.now())
            demo.build()
            build_rounds(demo)
            build_work(demo)
