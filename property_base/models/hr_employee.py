from odoo import api, fields, models

SCOPE_FIELDS = {"site_ids", "user_id", "active", "company_id"}


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    site_ids = fields.Many2many(
        "property.site",
        "hr_employee_property_site_rel",
        "employee_id",
        "site_id",
        string="Sites",
        groups="hr.group_hr_user,property_base.group_director",
        help="The sites whose records this employee sees and works on.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Give the user of a new employee its roles and sites."""
        if any(vals.get("site_ids") for vals in vals_list):
            self.env["res.users"]._property_check_may_grant()
        employees = super().create(vals_list)
        employees_sudo = employees.sudo()
        if employees_sudo.user_id:
            employees._property_check_linked()
            employees_sudo.user_id._property_sync_roles()
        employees_sudo.filtered("site_ids")._property_log_sites({})
        self.env.registry.clear_cache()
        return employees

    def write(self, vals):
        """Follow a change of user, sites or activity with roles and the cached site rules."""
        if not SCOPE_FIELDS & vals.keys():
            return super().write(vals)
        if "site_ids" in vals:
            self.env["res.users"]._property_check_may_grant()
        employees_sudo = self.sudo()
        if "user_id" in vals:
            self._property_check_linked()
        users_sudo = employees_sudo.user_id
        before = {employee: employee.site_ids for employee in employees_sudo}
        result = super().write(vals)
        if "site_ids" in vals:
            employees_sudo._property_log_sites(before)
        (users_sudo | employees_sudo.user_id)._property_sync_roles()
        # Record rules are cached per user with the list of sites inside.
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        """Take the roles back from the users of deleted employees."""
        users_sudo = self.sudo().user_id
        result = super().unlink()
        users_sudo._property_sync_roles()
        self.env.registry.clear_cache()
        return result

    def _cron_update_current_version_id(self):
        """Override of `hr` to give the roles of versions that became current."""
        result = super()._cron_update_current_version_id()
        employees_sudo = self.sudo().search([("user_id", "!=", False)])
        employees_sudo.user_id._property_sync_roles()
        return result

    def _property_check_linked(self):
        """Let only HR managers and directors link users to employees with roles or sites."""
        employees_sudo = self.sudo()
        if employees_sudo.site_ids or employees_sudo.job_id.property_group_ids:
            self.env["res.users"]._property_check_may_grant()

    def _property_log_sites(self, before):
        for employee in self:
            old = before.get(employee, employee.site_ids.browse())
            if old != employee.site_ids:
                self.env["property.audit"]._log(
                    "site",
                    employee,
                    before=old.mapped("name"),
                    after=employee.site_ids.mapped("name"),
                )
