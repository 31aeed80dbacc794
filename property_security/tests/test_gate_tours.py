from odoo.tests import HttpCase, tagged

from .gate_common import GateCommon

ACTION = "/odoo/action-property_security."


@tagged("post_install", "-at_install")
class TestGateSimulatorTour(HttpCase, GateCommon):
    def test_a_manager_drives_a_car_through_the_simulator(self):
        self.gate.driver = "simulator"
        user = self.new_staff("gate.manager", self.new_job("manager"), self.site)
        action = f"{ACTION}property_gate_simulator_action"
        self.start_tour(action, "property_security_simulator", login=user.login)
        passage = self.env["property.parking.passage"].search([("gate_id", "=", self.gate.id)])
        self.assertEqual((passage.plate, passage.action), ("浙A8K888", "open"))


@tagged("post_install", "-at_install")
class TestGateOpenTour(HttpCase, GateCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_guard_opens_a_barrier_by_hand_on_the_phone(self):
        self.lane_out.gate_id = False
        user = self.new_staff("gate.guard", self.new_job("guard"), self.site)
        action = f"{ACTION}property_gate_action"
        self.start_tour(action, "property_security_open_by_hand", login=user.login)
        opening = self.env["property.gate.opening"].search([("gate_id", "=", self.gate.id)])
        self.assertEqual((opening.user_id, opening.lane_id), (user, self.lane_in))
