from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..demo.equipment import Demo
from ..demo.equipment_rounds import build_rounds
from ..demo.equipment_work import build_work


class PropertyEquipmentDemo(models.AbstractModel):
    _name = "property.equipment.demo"
    _description = "Demo Data of Equipment"

    @api.model
    def _build(self):
        """Fill the sites of the demo company that have no equipment; only while demo data loads."""
        if not (self.env.su and self.env.context.get("property_demo_loading")):
            raise AccessError(
                self.env._("Demo data is loaded with the module: install it with --with-demo.")
            )
        company = self.env.ref("property_base.demo_company")
        env = self.with_context(
            allowed_company_ids=company.ids, lang="zh_CN", tz="Asia/Shanghai"
        ).env
        sites = env["property.site"].search([("company_id", "=", company.id)])
        used = env["maintenance.equipment"].search([("site_id", "in", sites.ids)]).site_id
        fresh = (sites - used).filtered("unit_ids")
        if fresh:
            demo = Demo(env, fresh, fields.Datetime.now())
            demo.build()
            build_rounds(demo)
            build_work(demo)
