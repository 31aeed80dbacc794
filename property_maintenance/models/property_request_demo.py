from odoo import api, fields, models

from ..demo import builder


class PropertyRequestDemo(models.AbstractModel):
    _name = "property.request.demo"
    _inherit = "property.demo.loader"
    _description = "Demo Data of Requests"

    @api.model
    def _build(self):
        """Fill the sites of the demo company that have no requests; only while demo data loads."""
        env = self._demo_env()
        sites = self._demo_sites(env)
        used = env["maintenance.request"].search([("site_id", "in", sites.ids)]).site_id
        fresh = (sites - used).filtered("unit_ids")
        if fresh:
            builder.build(env, fresh, fields.Datetime.now())
