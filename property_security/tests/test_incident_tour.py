from odoo.tests import HttpCase, tagged

from .incident_common import IncidentCommon


@tagged("post_install", "-at_install")
class TestIncidentTour(HttpCase, IncidentCommon):
    def test_a_manager_handles_an_incident_on_the_board(self):
        one = self.new_incident(name="Test: smoke in the garage", severity="4")
        action = "/odoo/action-property_security.property_incident_action"
        self.start_tour(action, "property_security_incident", login="staff.manager")
        self.assertEqual((one.state, one.result), ("closed", "A burnt cable was taken out"))
        self.assertEqual(one.closed_uid, self.users["manager"])

    def test_a_guard_looks_at_the_wall(self):
        self.env["property.camera"].create(
            {"name": "Test gate", "site_id": self.site.id, "vendor": "demo"}
        )
        action = "/odoo/action-property_security.property_camera_wall_action"
        self.start_tour(action, "property_security_camera_wall", login="staff.guard")
