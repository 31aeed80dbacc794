from odoo import api, fields, models

from ..demo import desk


class PropertyDeskDemo(models.AbstractModel):
    _name = "property.desk.demo"
    _inherit = "property.demo.loader"
    _description = "Demo Data of the Resident's Requests"

    @api.model
    def _build(self):
        """Give the resident of the demo requests of each kind; only while demo data loads."""
        users = self.env["res.users"]
        resident = users.search([("login", "=", "owner"), ("share", "=", True)], limit=1)
        engineer = users.search([("login", "=", "engineer")], limit=1)
        if resident and engineer:
            env = self._demo_env()
            desk.build(env, resident, engineer, fields.Datetime.now())
