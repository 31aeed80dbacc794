from odoo import models


class ResGroups(models.Model):
    _inherit = "res.groups"

    def write(self, vals):
        """Log users who get or lose a property role through the group itself."""
        if not {"user_ids", "implied_ids"} & vals.keys():
            return super().write(vals)
        privilege = self.env.ref("property_base.privilege_property", raise_if_not_found=False)
        roles_sudo = self.sudo().filtered(
            lambda group: privilege and group.privilege_id == privilege
        )
        before = {role: role._property_audit_values() for role in roles_sudo}
        result = super().write(vals)
        for role in roles_sudo:
            after = role._property_audit_values()
            if after != before[role]:
                self.env["property.audit"]._log("role", role, before=before[role], after=after)
        return result

    def _property_audit_values(self):
        return {
            "users": sorted(self.user_ids.mapped("login")),
            "implied": sorted(self.implied_ids.mapped("full_name")),
        }
