from odoo import api, fields, models

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
    _inherit = "property.demo.loader"
    _description = "Property Demo Data"

    @api.model
    def _build(self):
        """Build the demo sites, their bills and payments; only while demo data is loaded.

        Sites that exist already are left alone.
        """
        today = fields.Date.today()
        env = self._demo_env()
        company = env.company
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
