from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.property_security.tests.incident_common import IncidentCommon


@tagged("post_install", "-at_install")
class TestIncidentRequests(IncidentCommon):
    def test_a_guard_raises_a_work_order_with_words_and_place(self):
        one = self.new_incident(severity="3", description="The pane is out").with_user(
            self.users["guard"]
        )
        one.action_raise_request()
        order = one.sudo().request_ids
        self.assertEqual((order.name, order.site_id), ("Broken glass", self.site))
        self.assertEqual((order.place, order.is_urgent), ("Gate", True))
        self.assertIn("The pane is out", order.description)
        self.assertEqual((order.incident_id, one.request_count), (one.sudo(), 1))

    def test_while_one_is_open_no_second_is_raised(self):
        one = self.new_incident()
        one.action_raise_request()
        one.action_raise_request()
        self.assertEqual(one.request_count, 1)

    def test_photos_go_with_the_order(self):
        one = self.new_incident()
        photo = self.env["ir.attachment"].create(
            {"name": "a.png", "raw": b"\x89PNG", "res_model": one._name, "res_id": one.id}
        )
        one.photo_ids = photo
        one.action_raise_request()
        self.assertEqual(one.request_ids.photo_ids.raw, b"\x89PNG")

    def test_the_manager_is_led_to_the_order(self):
        one = self.new_incident().with_user(self.users["manager"])
        action = one.action_raise_request()
        found = self.env["maintenance.request"].search(action["domain"])
        self.assertEqual(found, one.request_ids)

    def test_what_is_over_and_foreign_raises_nothing(self):
        over = self.new_incident()
        over._cancel("A drill")
        with self.assertRaises(UserError):
            over.action_raise_request()
        foreign = self.new_incident(site_id=self.other_site.id)
        for one, role in ((foreign, "guard"), (self.new_incident(), "engineer")):
            with self.subTest(role), self.assertRaises(AccessError):
                one.with_user(self.users[role]).action_raise_request()
            self.assertFalse(one.sudo().request_ids)
