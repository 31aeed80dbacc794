from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..demo import desk


class PropertyDeskDemo(models.AbstractModel):
    _name = "property.desk.demo"
    _description = "Demo Data of the Resident's Requests"

    @api.model
    def _build(self):
        """Give the resident of the demo requests of each kind; only while demo data loads."""
        if not (self.env.su and self.env.context.get("property_demo_loading")):
            raise AccessError(
                self.env._("Demo data is loaded with the module: install it with --with-demo.")
            )
        users = self.env["res.users"]
        resident = users.search([("login", "=", "owner"), ("share", "=", True)], limit=1)
        engineer = users.search([("login", "=", "engineer")], limit=1)
        if resident and engineer:
            company = self.env.ref("property_base.demo_company")
            env = self.with_context(
                allowed_company_ids=company.ids, lang="zh_CN", tz="Asia/Shanghai"
            ).env
            desk.build(env, resident, engineer, fields.Datetime.now())
