from odoo.tests import tagged

from ..demo import gates
from .common import ParkingCommon


@tagged("post_install", "-at_install")
class TestGateDemo(ParkingCommon):
    def test_the_demo_gives_each_pair_of_lanes_a_barrier_and_a_history(self):
        self.lane_in.name, self.lane_out.name = "南门入口", "南门出口"
        passage = self.drive(self.lane_in, "2026-02-02 08:00")
        gates.build(self.env, self.site)
        gate = self.lane_in.gate_id
        self.assertEqual((gate.name, gate.lane_ids), ("南门道闸", self.lane_in | self.lane_out))
        self.assertEqual(passage.gate_id, gate)
        for model in ("opening", "event", "guest"):
            found = self.env[f"property.gate.{model}"].search([("site_id", "=", self.site.id)])
            self.assertTrue(found, model)
        days = self.env["property.gate.day"].search([("site_id", "=", self.site.id)])
        self.assertEqual(len(days), 7)
        gates.build(self.env, self.site)
        self.assertEqual(self.env["property.gate"].search_count([("name", "=", "南门道闸")]), 1)
