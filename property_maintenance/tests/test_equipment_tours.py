from odoo.tests import HttpCase, tagged

from .equipment_common import EquipmentCommon


@tagged("post_install", "-at_install")
class TestEquipmentTours(HttpCase, EquipmentCommon):
    freeze = False  # a browser runs on the real clock

    def test_a_manager_sets_up_a_lift_with_certificate_and_plan(self):
        self.start_tour(
            "/odoo/property-equipment", "property_equipment_setup", login="staff.manager"
        )
        lift = self.env["maintenance.equipment"].search([("name", "=", "Tour Lift")])
        self.assertEqual(lift.site_id, self.site)
        self.assertEqual(lift.certificate_ids.number, "TOUR-1")
        self.assertTrue(lift.is_usable)
        self.assertEqual(len(lift.plan_ids.request_ids), 1)

    def test_an_engineer_reports_a_fault_from_the_label(self):
        self.start_tour(
            f"/equipment/{self.lift.label_token}",
            "property_equipment_fault",
            login="staff.engineer",
        )
        self.assertEqual(self.lift.state, "faulty")
        self.assertEqual(self.lift.state_log_ids[0].reason, "Brake noise")
