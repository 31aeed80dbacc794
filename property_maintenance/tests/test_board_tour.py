from odoo.tests import HttpCase, tagged

from .common import RequestCommon


@tagged("post_install", "-at_install")
class TestBoardTour(HttpCase, RequestCommon):
    def test_the_desk_assigns_from_the_board_and_an_engineer_works_it_off(self):
        request = self.new_request()
        self.start_tour(
            "/odoo/property-requests",
            "property_request_board",
            login=self.users["service"].login,
            timeout=120,
        )
        self.assertEqual((request.step, request.urge_count), ("assigned", 1))
        self.start_tour(
            "/odoo/property-my-orders",
            "property_request_work",
            login=self.engineer.login,
            timeout=120,
        )
        self.assertEqual(request.step, "done")
        self.assertEqual(request.step_ids[-1].note, "New seal fitted")

    def test_the_manager_reads_the_pivot_and_the_figures_per_person(self):
        self.new_done()
        self.env.flush_all()
        self.start_tour(
            "/odoo/property-request-analysis",
            "property_request_analysis",
            login=self.users["manager"].login,
            timeout=120,
        )
