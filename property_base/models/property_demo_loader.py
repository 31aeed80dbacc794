from odoo import api, models
from odoo.exceptions import AccessError

#: Context of what is made in bulk: nobody wants a mail or a line in the log of each.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_notrack": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
}


class PropertyDemoLoader(models.AbstractModel):
    """What every builder of demo data begins with; a builder inherits it and has a ``_build``."""

    _name = "property.demo.loader"
    _description = "Loader of Demo Data"

    @api.model
    def _demo_env(self, **context):
        """Open the environment in which demo data is built: its company, in Chinese.

        :param context: keys to add to the context
        :return: the environment
        :raise AccessError: unless demo data is being loaded
        """
        if not (self.env.su and self.env.context.get("property_demo_loading")):
            raise AccessError(
                self.env._("Demo data is loaded with the module: install it with --with-demo.")
            )
        company = self.env.ref("property_base.demo_company")
        # Odoo loads the translations of a module after its demo data: without them what is frozen
        # in texts, such as the log, would name documents and states in English for good.
        modules = ["property_base", self._original_module]
        self.env["ir.module.module"]._load_module_terms(modules, ["zh_CN"])
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        return self.with_context(
            **{
                "allowed_company_ids": company.ids,
                "lang": "zh_CN",
                "tz": "Asia/Shanghai",
                **context,
            }
        ).env

    @api.model
    def _demo_sites(self, env):
        """Return the sites of the demo's company, the first made first."""
        return env["property.site"].search([("company_id", "=", env.company.id)], order="id")
