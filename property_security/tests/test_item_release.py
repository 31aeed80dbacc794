from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .visitor_common import VisitorCommon


@tagged("post_install", "-at_install")
class TestItemRelease(VisitorCommon):
    def out(self, release, counts, minutes=0):
        counted = dict(zip(release.line_ids.ids, counts, strict=True))
        guard = self.users["guard"].employee_id
        return release._check_out(self.now + timedelta(minutes=minutes), guard, counted)

    def test_the_owners_things_leave_without_asking_anybody(self):
        release = self.new_release()
        self.assertEqual((release.state, release.owner_approval), ("valid", "none"))
        self.assertTrue(self.out(release, (2, 1)))
        self.assertEqual((release.state, release.problem), ("done", False))
        self.assertIn("Carried out", release.message_ids[0].body)

    def test_service_agrees_where_the_site_wants_that_and_the_owner_as_well(self):
        self.env["property.visitor.rule"].create(
            {"site_id": self.site.id, "kind": "item", "needs_approval": True}
        )
        release = self.new_release(partner_id=self.tenant.id)
        release.with_user(self.users["service"]).action_approve()
        self.assertEqual(release.state, "waiting")
        release._owner_decides(self.owner, "approved")
        self.assertEqual(release.state, "valid")

    def test_only_an_owner_of_today_decides(self):
        release = self.new_release(partner_id=self.tenant.id)
        for person in (self.tenant, self.child, self.other_owner):
            with self.subTest(person.name), self.assertRaises(AccessError):
                release._owner_decides(person, "approved")
        release._owner_decides(self.owner, "refused")
        self.assertEqual(release.state, "refused")

    def test_the_family_in_a_unit_that_is_let_asks_the_owner_as_well(self):
        self.assertEqual(self.new_release(partner_id=self.child.id).owner_approval, "waiting")
        self.tenant_row.unlink()
        self.assertEqual(self.new_release(partner_id=self.child.id).owner_approval, "none")

    def test_things_that_leave_too_late_are_marked_and_not_lost(self):
        release = self.new_release()
        self.out(release, (2, 1), minutes=500)
        self.assertEqual(release.state, "done")
        self.assertTrue(release.problem)

    def test_a_list_that_is_handed_out_is_not_added_to(self):
        release = self.new_release().with_user(self.users["service"])
        with self.assertRaises(UserError):
            release.line_ids[0].quantity = 9
        with self.assertRaises(UserError):
            self.env["property.item.release.line"].with_user(self.users["service"]).create(
                {"release_id": release.id, "name": "Safe"}
            )
        with self.assertRaises(UserError):
            release.line_ids[0].unlink()

    def test_an_empty_list_is_not_handed_out(self):
        with self.assertRaises(UserError):
            self.new_release(items=())

    def test_states_are_found_as_they_are_shown(self):
        hour = timedelta(hours=1)
        made = {
            "draft": self.new_release(issue=False),
            "valid": self.new_release(),
            "upcoming": self.new_release(valid_from=self.now + hour),
            "waiting": self.new_release(partner_id=self.tenant.id),
            "revoked": self.new_release(),
            "expired": self.new_release(),
            "done": self.new_release(),
        }
        made["revoked"].action_revoke()
        made["expired"].sudo().write(
            {"valid_from": self.now - 3 * hour, "valid_to": self.now - hour}
        )
        self.out(made["done"], (2, 1))
        ids = [one.id for one in made.values()]
        for state, one in made.items():
            with self.subTest(state):
                self.assertEqual(one.state, state)
                found = self.releases.search([("id", "in", ids), ("state", "=", state)])
                self.assertEqual(found, one)
