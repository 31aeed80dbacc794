from odoo import api, models
from odoo.exceptions import AccessError

from ..demo import life


class PropertyLeaseLifeDemo(models.AbstractModel):
    _name = "property.lease.life.demo"
    _description = "Demo Data of the Life of Leases"

    @api.model
    def _build(self):
        """Let the leases of the demo's mall live; only while demo data is loaded."""
        if not (self.env.su and self.env.context.get("property_leasing_demo_loading")):
            raise AccessError(
                self.env._("Demo data is loaded with the module: install it with --with-demo.")
            )
        life.build(self.env)
