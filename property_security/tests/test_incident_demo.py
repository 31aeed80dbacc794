import re

from odoo import fields
from odoo.tests import tagged

from ..demo import cameras, handovers, incidents
from .test_handovers import HandoverCommon


@tagged("post_install", "-at_install")
class TestIncidentDemo(HandoverCommon):
    def build(self):
        guards = self.ann.employee_id | self.bob.employee_id
        now = fields.Datetime.now()
        cameras.build(self.env, self.site, now)
        incidents.build(self.env, self.site, guards, now, 1)
        handovers.build(self.env, self.site, guards, now)
        cameras.take(self.env, self.site, now)

    def test_a_site_of_the_demo_is_alive_and_whole_and_built_once(self):
        self.post.active = False
        for _ in range(2):
            self.build()
        here = [("site_id", "=", self.site.id)]
        found = self.incidents.search(here)
        self.assertGreaterEqual(len(found), 30)
        self.assertEqual(
            set(found.mapped("state")), {"reported", "handling", "closed", "cancelled"}
        )
        for phone in found.person_ids.mapped("phone"):
            self.assertTrue(re.fullmatch(r"1300000\d{4}", phone), phone)
        self.assertEqual(self.env["property.camera"].search_count(here), 8)
        shots = self.env["property.camera.snapshot"].search(here)
        self.assertEqual(set(shots.mapped("state")), {"done"})
        given = self.handovers.search(here)
        self.assertGreaterEqual(len(given), 40)
        for one in given.filtered("previous_id"):
            self.assertEqual(one.start_at, one.previous_id.end_at)
