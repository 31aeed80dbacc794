from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.property_base.models.property_demo_loader import QUIET

from ..demo import cameras, handovers, incidents

#: Guards of the demo who get a user, so that one can hand over to the other.
LOGINS = ("guard.peng", "guard.luo", "guard.deng")


class PropertyIncidentDemo(models.AbstractModel):
    _name = "property.incident.demo"
    _inherit = "property.demo.loader"
    _description = "Demo Data of Incidents, Hand-overs and Cameras"

    @api.model
    def _build(self):
        """Build incidents, hand-overs and cameras; only while demo data is loaded."""
        env = self._demo_env(**QUIET, no_reset_password=True)
        now = fields.Datetime.now()
        self._give_users(env, env.company)
        sites = self._demo_sites(env)
        for number, site in enumerate(sites):
            guards = self._guards(env, site)
            cameras.build(env, site, now)
            incidents.build(env, site, guards, now, 1 if not number else 5)
            handovers.build(env, site, guards, now)
            cameras.take(env, site, now)

    @api.model
    def _guards(self, env, site):
        """Return the guards of a site, the one who signs in for the demo first."""
        found = env["hr.employee"].search([("site_ids", "in", site.ids)], order="id")
        group = env.ref("property_base.group_guard")
        guards = found.filtered(lambda one: group in one.job_id.property_group_ids)
        return guards.sorted(lambda one: (one.user_id.login != "guard", one.id))

    @api.model
    def _give_users(self, env, company):
        """Give the guards without a user one; the password is the login."""
        group = env.ref("property_base.group_guard")
        guards = env["hr.employee"].search(
            [("company_id", "=", company.id), ("user_id", "=", False)], order="id"
        )
        guards = guards.filtered(lambda one: group in one.job_id.property_group_ids)
        for guard, login in zip(guards, LOGINS, strict=False):
            guard.user_id = env["res.users"].create(
                {
                    "name": guard.name,
                    "login": login,
                    "password": login,
                    "lang": "zh_CN",
                    "tz": "Asia/Shanghai",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                }
            )
