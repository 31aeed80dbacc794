from odoo import models


class ResourceResource(models.Model):
    _inherit = "resource.resource"

    def write(self, vals):
        """Follow a change of user or activity that did not come through the employee."""
        if not {"user_id", "active"} & vals.keys():
            return super().write(vals)
        employees_sudo = (
            self.env["hr.employee"]
            .sudo()
            .with_context(active_test=False)
            .search([("resource_id", "in", self.ids)])
        )
        if "user_id" in vals:
            employees_sudo.sudo(self.env.su)._property_check_linked()
        users_sudo = employees_sudo.user_id
        result = super().write(vals)
        (users_sudo | employees_sudo.user_id)._property_sync_roles()
        self.env.registry.clear_cache()
        return result
