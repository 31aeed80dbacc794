from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HrJob(models.Model):
    _inherit = "hr.job"

    property_group_ids = fields.Many2many(
        "res.groups",
        "hr_job_property_group_rel",
        "job_id",
        "group_id",
        string="Property Roles",
        domain=lambda self: [
            ("privilege_id", "=", self.env.ref("property_base.privilege_property").id)
        ],
        groups="hr.group_hr_user,property_base.group_director",
        help="Whoever holds this job today has these roles in the property application.",
    )

    @api.constrains("property_group_ids")
    def _check_property_groups(self):
        privilege = self.env.ref("property_base.privilege_property")
        for job in self:
            if job.property_group_ids.privilege_id - privilege or job.property_group_ids.filtered(
                lambda group: not group.privilege_id
            ):
                raise ValidationError(
                    self.env._("A job can only give roles of the property application.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Let only HR managers and directors give roles to a job."""
        if any(vals.get("property_group_ids") for vals in vals_list):
            self.env["res.users"]._property_check_may_grant()
        return super().create(vals_list)

    def write(self, vals):
        """Pass a change of roles on to the users who hold the job, and log it."""
        if "property_group_ids" not in vals:
            return super().write(vals)
        self.env["res.users"]._property_check_may_grant()
        jobs_sudo = self.sudo()
        before = {job: job.property_group_ids for job in jobs_sudo}
        result = super().write(vals)
        for job in jobs_sudo:
            if job.property_group_ids != before[job]:
                self.env["property.audit"]._log(
                    "role",
                    job,
                    before=before[job].mapped("name"),
                    after=job.property_group_ids.mapped("name"),
                )
        employees_sudo = (
            self.env["hr.employee"].sudo().search([("current_version_id.job_id", "in", self.ids)])
        )
        employees_sudo.user_id._property_sync_roles()
        return result
