from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..demo import builder


class PropertyRequestDemo(models.AbstractModel):
    _name = "property.request.demo"
    _description = "Demo Data of Requests"

    @api.model
    def _build(self):
        """Fill the sites of the demo company that have no requests; only while demo data loads."""
        if not (self.env.su and self.env.context.get("property_demo_loading")):
            raise AccessError(
                self.env._("Demo data is loaded with the module: install it with --with-demo.")
            )
        company = self.env.ref("property_base.demo_company")
        env = self.with_context(
            allowed_company_ids=company.ids, lang="zh_CN", tz="Asia/Shanghai"
        ).env
        # Odoo loads the translations of a module after its demo data: without them the log would
        # name steps in English for good.
        env["ir.module.module"]._load_module_terms(["property_maintenance"], ["zh_CN"])
        env.invalidate_all()
        env.registry.clear_cache()
        sites = env["property.site"].search([("company_id", "=", company.id)])
        used = env["maintenance.request"].search([("site_id", "in", sites.ids)]).site_id
        fresh = (sites - used).filtered("unit_ids")
        if fresh:
            builder.build(env, fresh, fields.Datetime.now())
