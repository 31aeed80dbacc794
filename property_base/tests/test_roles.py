from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PropertyCommon


@tagged("post_install", "-at_install")
class TestRoles(PropertyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service_job = cls.new_job("service")
        cls.guard_job = cls.new_job("guard")
        cls.plain_job = cls.new_job()
        cls.user = cls.new_staff("roles.user", cls.service_job, cls.site)
        cls.employee = cls.user.employee_id

    def assert_roles(self, *roles, user=None):
        user = user or self.user
        privilege = self.env.ref("property_base.privilege_property")
        explicit = user.group_ids.filtered(lambda group: group.privilege_id == privilege)
        wanted = [self.env.ref(f"property_base.group_{role}") for role in roles]
        self.assertEqual(set(explicit), set(wanted))

    def entries(self, event):
        return self.env["property.audit"].search([("event", "=", event)], limit=1)

    def test_a_job_gives_its_roles(self):
        self.assert_roles("service")
        self.assertTrue(self.user.has_group("property_base.group_staff"))

    def test_another_job_takes_the_old_roles_away_and_is_logged(self):
        self.employee.job_id = self.guard_job
        self.assert_roles("guard")
        entry = self.entries("role")
        self.assertEqual((entry.model, entry.res_id), ("res.users", self.user.id))
        self.assertEqual(entry.before, ["Customer service"])
        self.assertEqual(entry.after, ["Guard"])

    def test_a_dated_version_gives_its_roles_when_the_cron_makes_it_current(self):
        with freeze_time("2026-06-01"):
            self.employee.create_version(
                {"date_version": date(2026, 7, 1), "job_id": self.guard_job.id}
            )
            self.env["hr.employee"]._cron_update_current_version_id()
            self.assert_roles("service")
        with freeze_time("2026-07-01"):
            self.env["hr.employee"]._cron_update_current_version_id()
        self.assert_roles("guard")

    def test_a_version_dated_back_gives_its_roles_at_once(self):
        self.employee.create_version(
            {"date_version": date(2025, 6, 1), "job_id": self.guard_job.id}
        )
        self.assert_roles("guard")
        self.employee.version_ids.filtered(lambda v: v.job_id == self.guard_job).unlink()
        self.assert_roles("service")

    def test_changing_the_roles_of_a_job_reaches_its_holders(self):
        self.service_job.property_group_ids = [
            Command.link(self.env.ref("property_base.group_cashier").id)
        ]
        self.assert_roles("service", "cashier")
        self.service_job.property_group_ids = [Command.clear()]
        self.assert_roles()

    def test_linking_and_unlinking_a_user(self):
        other = self.env["res.users"].create(
            {
                "name": "Other",
                "login": "roles.other",
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        self.employee.user_id = other
        self.assert_roles(user=self.user)
        self.assert_roles("service", user=other)
        self.employee.user_id = False
        self.assert_roles(user=other)

    def test_archiving_the_employee_takes_the_roles_away(self):
        self.employee.active = False
        self.assert_roles()
        self.employee.active = True
        self.assert_roles("service")

    def test_archiving_through_the_resource_takes_the_roles_away(self):
        self.employee.resource_id.active = False
        self.assert_roles()

    def test_roles_given_by_hand_stay(self):
        self.user.group_ids = [Command.link(self.env.ref("property_base.group_finance").id)]
        self.employee.job_id = self.guard_job
        self.assert_roles("guard", "finance")
        self.employee.job_id = self.plain_job
        self.assert_roles("finance")

    def test_roles_given_by_hand_are_logged_too(self):
        self.user.group_ids = [Command.link(self.env.ref("property_base.group_finance").id)]
        entry = self.entries("role")
        self.assertEqual(entry.before, ["Customer service"])
        self.assertEqual(entry.after, ["Customer service", "Finance"])
        self.env.ref("property_base.group_cashier").user_ids = [Command.link(self.user.id)]
        entry = self.entries("role")
        self.assertEqual(entry.model, "res.groups")
        self.assertIn("roles.user", entry.after["users"])
        self.assertNotIn("roles.user", entry.before["users"])

    def test_two_employees_of_one_user_add_up(self):
        company = self.env["res.company"].create({"name": "Second Property Co"})
        self.user.company_ids = [Command.link(company.id)]
        job = self.new_job("guard", company_id=company.id)
        self.env["hr.employee"].create(
            {
                "name": "Second post",
                "user_id": self.user.id,
                "company_id": company.id,
                "job_id": job.id,
            }
        )
        self.assert_roles("service", "guard")

    def test_a_portal_user_never_gets_staff_roles(self):
        portal = self.new_portal_user(self.owner, "roles.portal")
        self.employee.user_id = portal
        self.assert_roles(user=portal)
        self.assertTrue(portal.share)

    def test_a_job_cannot_give_groups_of_other_applications(self):
        with self.assertRaises(ValidationError):
            self.service_job.property_group_ids = [
                Command.link(self.env.ref("base.group_system").id)
            ]

    def test_an_hr_officer_cannot_change_roles_or_sites(self):
        officer = self.new_staff("roles.officer", self.plain_job)
        officer.group_ids = [Command.link(self.env.ref("hr.group_hr_user").id)]
        employee = self.employee.with_user(officer)
        with self.assertRaises(AccessError):
            employee.site_ids = [Command.link(self.other_site.id)]
        with self.assertRaises(AccessError):
            officer.employee_id.with_user(officer).job_id = self.guard_job
        with self.assertRaises(AccessError):
            employee.user_id = officer
        with self.assertRaises(AccessError):
            employee.create_version({"date_version": date(2030, 1, 1), "job_id": self.guard_job.id})
        with self.assertRaises(AccessError):
            self.plain_job.with_user(officer).property_group_ids = [
                Command.link(self.env.ref("property_base.group_director").id)
            ]
        with self.assertRaises(AccessError):
            self.env["hr.employee"].with_user(officer).create(
                {"name": "Me again", "job_id": self.guard_job.id, "user_id": officer.id}
            )
        self.assert_roles(user=officer)

    def test_an_hr_manager_and_a_director_can(self):
        manager = self.new_staff("roles.hr", self.plain_job)
        manager.group_ids = [Command.link(self.env.ref("hr.group_hr_manager").id)]
        director = self.new_staff("roles.director", self.new_job("director"))
        self.employee.with_user(manager).job_id = self.guard_job
        self.assert_roles("guard")
        self.employee.with_user(director).job_id = self.service_job
        self.assert_roles("service")
        self.employee.with_user(director).site_ids = [Command.link(self.other_site.id)]
        self.assertEqual(self.user.property_site_ids, self.site | self.other_site)

    def test_an_hr_officer_still_does_ordinary_work(self):
        officer = self.new_staff("roles.officer2", self.plain_job)
        officer.group_ids = [Command.link(self.env.ref("hr.group_hr_user").id)]
        employee = self.employee.with_user(officer)
        employee.write({"name": "Renamed", "work_phone": "123"})
        self.env["hr.employee"].with_user(officer).create({"name": "Newcomer"})
        self.assert_roles("service")
