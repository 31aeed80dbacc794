from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..demo import patrol


class PropertyPatrolDemo(models.AbstractModel):
    _name = "property.patrol.demo"
    _description = "Patrol Demo Data"

    @api.model
    def _build(self):
        """Build the patrols of the demo sites; only while demo data is loaded."""
        if not (self.env.su and self.env.context.get("property_demo_loading")):
            raise AccessError(
                self.env._("Demo data is loaded with the module: install it with --with-demo.")
            )
        company = self.env.ref("property_base.demo_company")
        env = self.with_context(
            allowed_company_ids=company.ids, lang="zh_CN", tz="Asia/Shanghai"
        ).env
        sites = env["property.site"].search([("company_id", "=", company.id)], order="id", limit=2)
        patrol.build(env, sites, fields.Date.context_today(sites))
