from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..demo import visitors
from .visitor_common import VisitorCommon


@tagged("post_install", "-at_install")
class TestVisitorDemo(VisitorCommon):
    def test_visitors_come_and_go_and_nothing_happens_in_the_future(self):
        site = self.env["property.site"].create({"name": "Demo Garden", "code": "DEMO-V"})
        building = self.env["property.building"].create(
            {"site_id": site.id, "code": "1", "name": "1"}
        )
        for number in range(12):
            unit = self.new_unit(f"{number:03d}", building=building)
            self.occupy(unit, self.buyer, "owner", fields.Date.today() - timedelta(days=90))
        now = fields.Datetime.now()
        visitors.build(self.env, site, now)
        visitors.build(self.env, site, now)  # once more changes nothing
        found = self.visits.search([("site_id", "=", site.id)])
        self.assertGreaterEqual(len(found), 28)
        self.assertLessEqual(max(found.mapped("entered_at")), now)
        self.assertEqual(set(found.mapped("state")), {"inside", "overstay", "left"})
        self.assertFalse(self.env["property.gate.event"].search([("site_id", "=", site.id)]))
        releases = self.releases.search([("site_id", "=", site.id)])
        self.assertIn("done", releases.mapped("state"))

    def test_visitors_use_the_doors_of_the_site_and_of_their_hosts(self):
        self.occupy(self.unit_2, self.buyer, "owner", fields.Date.today() - timedelta(days=90))
        doors = self.env["property.gate"].create(
            [
                {
                    "name": name,
                    "kind": "door",
                    "site_id": self.site.id,
                    "is_for_visitors": True,
                    "building_id": building.id,
                }
                for name, building in (("Gate", self.building.browse()), ("3", self.building))
            ]
        )
        visitors.build(self.env, self.site, fields.Datetime.now())
        events = self.env["property.gate.event"].search([("gate_id", "in", doors.ids)])
        opened = events.filtered("is_open")
        self.assertEqual(opened.gate_id, doors)
        self.assertEqual(set(opened.mapped("reason")), {"visitor"})
        self.assertIn("door", opened.visit_id.mapped("method"))
        self.assertIn("expired", events.mapped("reason"))
