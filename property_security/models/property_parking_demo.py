from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..demo import parking


class PropertyParkingDemo(models.AbstractModel):
    _name = "property.parking.demo"
    _description = "Parking Demo Data"

    @api.model
    def _build(self):
        """Build the car parks of the demo sites; only while demo data is loaded."""
        if not (self.env.su and self.env.context.get("property_demo_loading")):
            raise AccessError(
                self.env._("Demo data is loaded with the module: install it with --with-demo.")
            )
        company = self.env.ref("property_base.demo_company")
        env = self.with_context(
            allowed_company_ids=company.ids, lang="zh_CN", tz="Asia/Shanghai"
        ).env
        # Odoo loads the translations of a module after its demo data.
        env["ir.module.module"]._load_module_terms(["property_security"], ["zh_CN"])
        env.invalidate_all()
        env.registry.clear_cache()
        sites = env["property.site"].search([("company_id", "=", company.id)], order="id")
        parking.build(env, sites, fields.Date.today())
