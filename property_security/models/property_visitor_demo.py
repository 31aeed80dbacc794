from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..demo import visitors


class PropertyVisitorDemo(models.AbstractModel):
    _name = "property.visitor.demo"
    _description = "Visitor Demo Data"

    @api.model
    def _build(self):
        """Let visitors come to the demo sites; only while demo data is loaded."""
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
        for site in sites:
            visitors.build(env, site, fields.Datetime.now())
