from odoo.tests import HttpCase, tagged

from .visitor_common import VisitorCommon


@tagged("post_install", "-at_install")
class TestVisitorTours(VisitorCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_resident_makes_a_pass_on_the_phone_and_revokes_it(self):
        self.start_tour("/my/visitors", "property_security_visitor_pass", login="portal.owner")
        made = self.passes.search([("name", "=", "Aunt Zhao"), ("unit_id", "=", self.unit.id)])
        self.assertEqual((made.state, made.plate), ("revoked", "浙A12345"))


@tagged("post_install", "-at_install")
class TestVisitorDeskTours(VisitorCommon, HttpCase):
    def test_a_manager_approves_a_pass_on_its_card_with_one_click(self):
        self.env["property.visitor.rule"].create(
            {"site_id": self.site.id, "kind": "contractor", "needs_approval": True}
        )
        one, other = (
            self.new_pass(name=name, kind="contractor") for name in ("Painter Li", "Tiler Wu")
        )
        action = "/odoo/action-property_security.property_visitor_pass_action_waiting"
        self.start_tour(action, "property_security_approval", login="staff.manager")
        self.assertEqual((one.state, one.decided_uid), ("valid", self.users["manager"]))
        self.assertEqual(other.state, "waiting")

    def test_visitors_enter_at_the_simulated_door_by_qr_code_and_by_typed_code(self):
        door = self.env["property.gate"].create(
            {
                "name": "Simulated Door",
                "kind": "door",
                "driver": "simulator",
                "site_id": self.site.id,
                "is_for_visitors": True,
            }
        )
        scanned, typed = self.new_pass(name="Aunt Zhao"), self.new_pass(name="Uncle Sun")
        scanned.sudo().token = "T" * 22  # what the tour shows and types
        typed.sudo().code = "40718293"
        action = "/odoo/action-property_security.property_gate_simulator_action"
        self.start_tour(action, "property_security_visitor_door", login="staff.guard")
        visits = (scanned | typed).visit_ids
        self.assertEqual(set(visits.mapped("gate")), {"Simulated Door"})
        self.assertEqual((scanned.use_count, typed.use_count), (1, 1))
        events = self.env["property.gate.event"].search([("gate_id", "=", door.id)], order="id")
        self.assertEqual(events.mapped("reason"), ["visitor", "visitor", "unknown"])
