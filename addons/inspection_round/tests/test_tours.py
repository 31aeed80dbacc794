from datetime import datetime

from odoo.tests import HttpCase, tagged

from .common import InspectionCommon

ACTION = "/odoo/action-inspection_round."


@tagged("post_install", "-at_install")
class TestTours(HttpCase, InspectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clock.move_to(datetime.now().replace(microsecond=0))  # browsers have the real time

    def test_a_planner_lays_out_a_route_and_plans_it(self):
        login = self.users["planner"].login
        url = f"{ACTION}inspection_route_action"
        self.start_tour(url, "inspection_route_planned", login=login, timeout=120)
        plan = self.env["inspection.plan"].search([("name", "=", "Twice a night")])
        self.assertEqual(plan.create_uid, self.users["planner"])
        self.assertEqual(plan.route_id.checkpoint_count, 2)
        # at 23:00 and 03:00 for 14 days, and the one that is open at the moment
        self.assertIn(plan.round_count, (28, 29))

    def test_a_planner_decides_that_a_flagged_check_in_counts(self):
        checkin = self.check(self.new_round(), self.gate, 61)
        login = self.users["planner"].login
        url = f"{ACTION}inspection_checkin_action_waiting"
        self.start_tour(url, "inspection_check_in_decided", login=login, timeout=120)
        self.assertEqual((checkin.state, checkin.decided_by_id), ("valid", self.users["planner"]))

    def test_an_inspector_may_not_open_what_is_not_for_inspectors(self):
        self.authenticate("inspection.other", "inspection.other")
        one = self.new_round(employee_id=self.inspector.id)
        response = self.url_open(f"/web/image/inspection.photo/{self.photo_of(one).id}/image")
        self.assertNotIn(b"photo", response.content)

    def photo_of(self, one):
        """Check in with a photo."""
        return self.check(one, self.gate, contents=b"\x89PNG\r\n\x1a\nphoto").photo_ids
