from freezegun import freeze_time
from odoo.tests import HttpCase, tagged

from .common import TODAY, ProspectCommon


@tagged("post_install", "-at_install")
class TestProspectTours(HttpCase, ProspectCommon):
    def test_an_agent_takes_a_prospect_from_the_first_call_to_a_lease(self):
        with freeze_time(TODAY):
            self.start_tour(
                "/odoo/leasing-prospects",
                "property_prospect_to_lease",
                login=self.users["leasing"].login,
                timeout=120,
            )
            lead = self.env["crm.lead"].search([("brand", "=", "Tea House Mo")])
            self.assertEqual(lead.leasing_step, "reserved")
            self.assertEqual(lead.space_ids, self.space)
            self.assertEqual(lead.lease_id.partner_id.name, "Tea House Mo")
            self.assertEqual(lead.lease_id.state, "draft")
