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
        releases = self.releases.search([("site_id", "=", site.id)])
        self.assertIn("done", releases.mapped("state"))
