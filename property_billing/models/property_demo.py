from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..demo import (
    advance,
    arrears,
    balances,
    bank,
    builder,
    charging,
    collectors,
    counter,
    decisions,
    metering,
)


class PropertyDemo(models.AbstractModel):
    _name = "property.demo"
    _description = "Property Demo Data"

    @api.model
    def _build(self):
        """Build the demo sites, their bills and payments; only while demo data is loaded.

        Sites that exist already are left alone.
        """
        if not (self.env.su and self.env.context.get("property_demo_loading")):
            raise AccessError(
                self.env._("Demo data is loaded with the module: install it with --with-demo.")
            )
        company = self.env.ref("property_base.demo_company")
        today = fields.Date.today()
        env = self.with_context(
            allowed_company_ids=company.ids, lang="zh_CN", tz="Asia/Shanghai"
        ).env
        company = company.with_env(env)
        # Odoo loads the translations of a module after its demo data: without them the messages
        # in the chatter would name documents and states in English for good.
        modules = ["property_base", "property_billing"]
        env["ir.module.module"]._load_module_terms(modules, ["zh_CN"])
        env.invalidate_all()
        env.registry.clear_cache()
        builder.enable_payments(env, company)
        sites = builder.build(env, company, builder.demo_sites(today), today)
        builder.assign_staff(env, sites)
        collectors.assign_collectors(env, sites)
        balances.keep(env, sites, today)
        charging.build(env, sites[:1], today)
        metering.install(env, sites, today)
        advance.bill_quarter(env, sites[1:], today)
        counter.open_desk(env, sites[:1], today)
        arrears.chase(env, sites[:1], today)
        bank.withhold(env, sites[:1], today)
        arrears.promise(env, sites[:1], today)
        decisions.decide(env, sites[:1], today)
