from odoo.tests import HttpCase, tagged

from .test_patrol_wand import WandCommon


@tagged("post_install", "-at_install")
class TestPatrolTour(HttpCase, WandCommon):
    freeze = False

    def test_a_manager_takes_a_wand_file_and_finds_it_in_the_heat_table(self):
        self.start_tour(
            "/odoo/action-property_security.property_patrol_wand_file_action/new",
            "property_security_patrol_wand",
            login=self.manager.login,
        )
        self.assertEqual(self.one.valid_count, 3)
