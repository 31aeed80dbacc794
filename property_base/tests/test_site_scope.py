from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import PropertyCommon, PropertyStaffCommon

SCOPED = (
    "property.site",
    "property.building",
    "property.unit",
    "property.occupancy",
    "property.vehicle",
    "property.audit",
)


@tagged("post_install", "-at_install")
class TestSiteScope(PropertyStaffCommon):
    def visible_units(self, user):
        return (
            self.env["property.unit"]
            .with_user(user)
            .search([("site_id", "in", (self.site | self.other_site).ids)])
        )

    def test_every_model_with_a_site_has_the_global_rule(self):
        self.assert_site_scoped(*SCOPED)

    def test_staff_see_the_units_of_their_sites_only(self):
        mine = self.unit | self.unit_2 | self.space
        for role, user in self.users.items():
            with self.subTest(role):
                wanted = mine | self.other_unit if role == "director" else mine
                self.assertEqual(self.visible_units(user), wanted)

    def test_a_foreign_record_is_refused_by_id(self):
        unit = self.other_unit.with_user(self.users["manager"])
        with self.assertRaises(AccessError):
            unit.read(["code"])
        with self.assertRaises(AccessError):
            unit.write({"layout": "x"})

    def test_a_record_cannot_be_moved_to_a_foreign_site(self):
        service = self.users["service"]
        moves = (
            (self.space, {"site_id": self.other_site.id, "parent_id": False}),
            (self.child_row, {"unit_id": self.other_unit.id}),
            (self.vehicle, {"unit_id": self.other_unit.id, "site_id": self.other_site.id}),
        )
        for record, vals in moves:
            with self.subTest(record._name), self.assertRaises(AccessError):
                record.with_user(service).write(vals)
        self.assertEqual(self.space.site_id, self.site)

    def test_a_record_cannot_be_created_on_a_foreign_site(self):
        with self.assertRaises(AccessError):
            self.env["property.unit"].with_user(self.users["service"]).create(
                {
                    "site_id": self.other_site.id,
                    "code": "X-1",
                    "type_id": self.type_parking.id,
                }
            )

    def test_a_change_of_sites_counts_from_the_next_access(self):
        user = self.users["service"]
        self.assertNotIn(self.other_unit, self.visible_units(user))
        user.employee_id.site_ids = [Command.link(self.other_site.id)]
        self.assertIn(self.other_unit, self.visible_units(user))
        user.employee_id.site_ids = [Command.set(self.other_site.ids)]
        self.assertEqual(self.visible_units(user), self.other_unit)
        user.employee_id.active = False
        with self.assertRaises(AccessError):
            self.visible_units(user)

    def test_a_change_of_sites_is_logged_with_before_and_after(self):
        self.users["service"].employee_id.site_ids = [Command.set(self.other_site.ids)]
        entry = self.env["property.audit"].search([("event", "=", "site")], limit=1)
        self.assertEqual((entry.before, entry.after), (["Test Garden"], ["Other Garden"]))

    def test_staff_without_a_site_see_nothing(self):
        user = self.new_staff("scope.none", self.new_job("manager"))
        self.assertFalse(self.visible_units(user))

    def test_an_internal_user_without_a_role_has_no_access(self):
        user = new_test_user(self.env, "scope.plain", "base.group_user")
        with self.assertRaises(AccessError):
            self.visible_units(user)

    def test_companies_are_strict(self):
        company = self.env["res.company"].create({"name": "Another Property Co"})
        site = self.env["property.site"].create(
            {"name": "Abroad", "code": "ABR", "company_id": company.id}
        )
        director = self.users["director"]
        self.assertNotIn(site, self.env["property.site"].with_user(director).search([]))
        director.company_ids = [Command.link(company.id)]
        sites = self.env["property.site"].with_user(director)
        self.assertNotIn(site, sites.with_company(self.company).search([]))
        both = sites.with_context(allowed_company_ids=[self.company.id, company.id])
        self.assertIn(site, both.search([]))

    def test_the_people_of_foreign_sites_are_hidden_too(self):
        partners = self.env["res.partner"].with_user(self.users["guard"])
        found = partners.search([("id", "in", (self.owner | self.other_owner | self.buyer).ids)])
        self.assertEqual(found, self.owner | self.buyer)
        with self.assertRaises(AccessError):
            partners.browse(self.other_owner.id).read(["name", "phone"])

    def test_an_internal_user_without_a_role_still_uses_contacts(self):
        user = new_test_user(self.env, "scope.contacts", "base.group_user")
        partners = self.env["res.partner"].with_user(user)
        found = partners.search([("id", "in", (self.owner | self.buyer).ids)])
        self.assertEqual(found, self.buyer)
        shown = found.read(["name", "phone_shown", "is_phone_hidden", "is_resident"])[0]
        self.assertEqual(shown["phone_shown"], "13800003333")
        self.assertFalse(shown["is_phone_hidden"])
        self.assertIn(
            self.users["service"].partner_id,
            partners.search([("name", "=", "staff.service")]),
        )

    def test_portal_users_see_what_they_live_in(self):
        env = self.env(user=self.portal_user)
        self.assertEqual(env["property.unit"].search([]), self.unit | self.space)
        self.assertEqual(env["property.site"].search([]), self.site)
        self.assertEqual(env["property.building"].search([]), self.building)
        self.assertEqual(env["property.occupancy"].search([]), self.owner_row)
        self.assertEqual(env["property.vehicle"].search([]), self.vehicle)
        with self.assertRaises(AccessError):
            env["property.audit"].search([])

    def test_a_portal_user_who_left_sees_nothing_more(self):
        self.owner_row.date_to = "2026-01-31"
        self.env.flush_all()
        env = self.env(user=self.portal_user)
        self.assertFalse(env["property.unit"].search([]))
        self.assertFalse(env["property.occupancy"].search([]))

    def test_people_of_another_site_are_not_tied_to_a_unit_to_read_them(self):
        for role in ("service", "leasing", "manager"):
            user = self.users[role]
            with self.subTest(role), self.assertRaises(AccessError):
                self.env["property.occupancy"].with_user(user).create(
                    {
                        "unit_id": self.unit.id,
                        "partner_id": self.other_owner.id,
                        "role": "family",
                        "date_from": "2026-01-01",
                    }
                )
            with self.subTest(f"{role} write"), self.assertRaises(AccessError):
                self.child_row.with_user(user).write({"partner_id": self.other_owner.id})


@tagged("post_install", "-at_install")
class TestSiteScopeHttp(HttpCase, PropertyCommon):
    def test_a_change_of_sites_counts_at_the_next_request(self):
        user = self.new_staff("scope.http", self.new_job("service"), self.site)
        self.authenticate("scope.http", "scope.http")
        self.assertEqual(self.codes(), {"Test Garden"})
        user.employee_id.site_ids = [Command.set(self.other_site.ids)]
        self.assertEqual(self.codes(), {"Other Garden"})
        user.employee_id.site_ids = [Command.clear()]
        self.assertEqual(self.codes(), set())

    def codes(self):
        result = self.make_jsonrpc_request(
            "/web/dataset/call_kw",
            {
                "model": "property.site",
                "method": "search_read",
                "args": [[], ["name"]],
                "kwargs": {},
            },
        )
        return {site["name"] for site in result}
