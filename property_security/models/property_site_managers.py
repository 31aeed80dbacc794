from odoo import models


class PropertySite(models.Model):
    _inherit = "property.site"

    def _managers_to_tell(self):
        """Return the users who look after the security of a site.

        :return: the site's manager, or all managers of the site, or the directors
        """
        self.ensure_one()
        # sudo: roles and sites of others, to find whom to tell
        site_sudo = self.sudo()
        managers = site_sudo.env.ref("property_base.group_manager").all_user_ids
        directors = site_sudo.env.ref("property_base.group_director").all_user_ids
        for users in (site_sudo.manager_id.user_id, managers - directors, directors):
            found = users.filtered(
                lambda user: (
                    user.active
                    and not user.share
                    and site_sudo.company_id in user.company_ids
                    and site_sudo in user.property_site_ids
                )
            )
            if found:
                return found.with_env(self.env)
        return self.env["res.users"]
