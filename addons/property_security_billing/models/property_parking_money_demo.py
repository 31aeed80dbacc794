from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..demo import parking_cards, parking_money


class PropertyParkingMoneyDemo(models.AbstractModel):
    _name = "property.parking.money.demo"
    _description = "Parking Money Demo Data"

    @api.model
    def _build(self):
        """Let the cars of the demo pay; only while demo data is loaded."""
        if not (self.env.su and self.env.context.get("property_demo_loading")):
            raise AccessError(
                self.env._("Demo data is loaded with the module: install it with --with-demo.")
            )
        company = self.env.ref("property_base.demo_company")
        env = self.with_context(
            allowed_company_ids=company.ids, lang="zh_CN", tz="Asia/Shanghai"
        ).env
        if env["property.parking.payment"].search_count([], limit=1):
            return
        # Odoo loads the translations of a module after its demo data.
        env["ir.module.module"]._load_module_terms(["property_security_billing"], ["zh_CN"])
        env.invalidate_all()
        env.registry.clear_cache()
        sites = env["property.site"].search([("company_id", "=", company.id)], order="id")
        today = fields.Date.today()
        parking_money.collect(env, sites, today)
        parking_cards.bill(env, sites, today)
