from odoo import api, models

ROLE_FIELDS = {"job_id", "date_version", "active", "employee_id"}


class HrVersion(models.Model):
    _inherit = "hr.version"

    @api.model_create_multi
    def create(self, vals_list):
        """Give the roles of a version that is current from the start."""
        self._property_check_jobs([vals.get("job_id") for vals in vals_list])
        versions = super().create(vals_list)
        versions._property_sync_users()
        return versions

    def write(self, vals):
        """Follow a change of job or of date with the roles."""
        if not ROLE_FIELDS & vals.keys():
            return super().write(vals)
        jobs_sudo = self.sudo().job_id
        if "job_id" in vals:
            changed = self.sudo().filtered(lambda v: v.job_id.id != (vals["job_id"] or False))
            self._property_check_jobs([vals["job_id"], *changed.job_id.ids] if changed else [])
        elif jobs_sudo.property_group_ids:
            self._property_check_jobs(jobs_sudo.ids)
        users_sudo = self.sudo().employee_id.user_id
        result = super().write(vals)
        (users_sudo | self.sudo().employee_id.user_id)._property_sync_roles()
        return result

    def unlink(self):
        """Fall back to the roles of the version that becomes current."""
        self._property_check_jobs(self.sudo().job_id.ids)
        users_sudo = self.sudo().employee_id.user_id
        result = super().unlink()
        users_sudo._property_sync_roles()
        return result

    @api.model
    def _property_check_jobs(self, job_ids):
        """Let only HR managers and directors touch versions whose job gives roles."""
        jobs_sudo = self.env["hr.job"].sudo().browse([job_id for job_id in job_ids if job_id])
        if jobs_sudo.property_group_ids:
            self.env["res.users"]._property_check_may_grant()

    def _property_sync_users(self):
        self.sudo().employee_id.user_id._property_sync_roles()
