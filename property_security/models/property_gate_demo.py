from odoo import api, models
from odoo.exceptions import AccessError

from ..demo import gates


class PropertyGateDemo(models.AbstractModel):
    _name = "property.gate.demo"
    _description = "Gate Demo Data"

    @api.model
    def _build(self):
        """Build the gates of the demo sites; only while demo data is loaded."""
        if not (self.env.su and self.env.context.get("property_demo_loading")):
            raise AccessError(
                self.env._("Demo data is loaded with the module: install it with --with-demo.")
            )
        company = self.env.ref("property_base.demo_company")
        env = self.with_context(
            allowed_company_ids=company.ids,
            lang="zh_CN",
            tz="Asia/Shanghai",
            tracking_disable=True,
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
        ).env
        sites = env["property.site"].search([("company_id", "=", company.id)], order="id")
        gates.build(env, sites)
