from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessDenied, AccessError
from odoo.fields import Command


class ResUsers(models.Model):
    _inherit = "res.users"

    property_site_ids = fields.Many2many(
        "property.site",
        string="Allowed Sites",
        compute="_compute_property_site_ids",
        compute_sudo=True,
        help="The sites of this user's employees; all sites of its companies for a director.",
    )
    property_granted_group_ids = fields.Many2many(
        "res.groups",
        "res_users_property_granted_rel",
        "user_id",
        "group_id",
        string="Roles from Job",
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Roles this user has because of the job; they go when the job changes.",
    )

    @api.depends("employee_ids.site_ids", "employee_ids.active", "group_ids", "company_ids")
    def _compute_property_site_ids(self):
        director = self.env.ref("property_base.group_director", raise_if_not_found=False)
        sites = self.env["property.site"]
        for user in self:
            if director and director in user.all_group_ids:
                user.property_site_ids = sites.search([("company_id", "in", user.company_ids.ids)])
            else:
                user.property_site_ids = user.employee_ids.site_ids

    @api.model
    def _property_check_may_grant(self):
        """Refuse a change of roles or sites by anyone but HR managers and directors.

        :raise AccessError: when the user is neither
        """
        if self.env.su or self.env.user.has_groups(
            "hr.group_hr_manager,property_base.group_director,base.group_system"
        ):
            return
        raise AccessError(
            self.env._(
                "Only an HR administrator or a director can change roles and sites. "
                "Ask one of them to make this change."
            )
        )

    def _property_sync_roles(self):
        """Give each user the role groups of its employees' current jobs, and log each change.

        Only groups given here are taken away again; roles granted by hand stay.
        """
        users_sudo = self.sudo().with_context(active_test=False).exists()
        if not users_sudo:
            return
        self.env.flush_all()
        wanted = self._property_wanted_groups(users_sudo)
        changed = self.browse()
        for user in users_sudo:
            target = wanted.get(user.id, self.env["res.groups"].sudo())
            if user.share:
                target = target.browse()
            granted = user.property_granted_group_ids
            lost = (granted - target) & user.group_ids
            won = target - user.group_ids
            if not (lost or won or granted - target):
                continue
            user.write(
                {
                    "group_ids": [
                        *(Command.unlink(group.id) for group in lost),
                        *(Command.link(group.id) for group in won),
                    ],
                    "property_granted_group_ids": [Command.set(((granted & target) | won).ids)],
                }
            )
            changed |= user
        if changed:
            self.env.registry.clear_cache()

    @api.model
    def _property_wanted_groups(self, users_sudo):
        """Return dict user id -> groups that the current jobs of its employees give."""
        employees_sudo = (
            self.env["hr.employee"]
            .sudo()
            .with_context(active_test=True)
            .search([("user_id", "in", users_sudo.ids), ("current_version_id", "!=", False)])
        )
        wanted = {}
        none = self.env["res.groups"].sudo()
        for employee in employees_sudo:
            groups = employee.current_version_id.job_id.property_group_ids
            wanted[employee.user_id.id] = wanted.get(employee.user_id.id, none) | groups
        return wanted

    @api.model_create_multi
    def create(self, vals_list):
        """Log the property roles a user is created with."""
        users = super().create(vals_list)
        users._property_log_roles({})
        return users

    def write(self, vals):
        """Log each change of property roles, whoever makes it."""
        if not {"group_ids", "role"} & vals.keys():
            return super().write(vals)
        before = {user: user._property_role_names() for user in self}
        result = super().write(vals)
        self._property_log_roles(before)
        return result

    def _property_log_roles(self, before):
        for user in self:
            old, new = before.get(user, []), user._property_role_names()
            if old != new:
                self.env["property.audit"]._log("role", user, before=old, after=new)

    def _property_role_names(self):
        """Return the names of the property roles a user has in its own right."""
        privilege = self.env.ref("property_base.privilege_property", raise_if_not_found=False)
        groups_sudo = self.sudo().group_ids.filtered(
            lambda group: privilege and group.privilege_id == privilege
        )
        return sorted(groups_sudo.mapped("name"))

    def _login(self, credential, user_agent_env):
        """Override of `base` to log successful and failed logins."""
        try:
            auth_info = super()._login(credential, user_agent_env)
        except AccessDenied:
            self._property_log_failed_login(credential.get("login"))
            raise
        user = self.browse(auth_info["uid"])
        user._property_log_login()
        return auth_info

    @api.model
    def _check_uid_passwd(self, uid, passwd):
        """Override of `base` to log failed logins of remote callers."""
        try:
            return super()._check_uid_passwd(uid, passwd)
        except AccessDenied:
            self._property_log_failed_login(self.sudo().browse(uid).exists().login)
            raise

    def _property_log_login(self):
        user_sudo = self.sudo()
        self.env["property.audit"]._log(
            "login",
            user_sudo,
            after={"result": "success"},
            user_id=user_sudo.id,
            user_login=user_sudo.login,
            company_id=user_sudo.company_id.id,
        )

    @api.model
    def _property_log_failed_login(self, login):
        """Log in a transaction of its own: the one of the attempt is rolled back."""
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
            user_sudo = env["res.users"].search(
                env["res.users"]._get_login_domain(login or ""), limit=1
            )
            env["property.audit"]._log(
                "login",
                user_sudo or None,
                after={"result": "failed"},
                user_id=user_sudo.id,
                user_login=(login or "")[:128],
                company_id=user_sudo.company_id.id,
            )
