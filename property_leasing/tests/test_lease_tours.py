from freezegun import freeze_time
from odoo.tests import HttpCase, tagged

from .common import TODAY, LeasingCommon

SPACES = "/odoo/action-property_leasing.property_space_action"
LEASES = "/odoo/action-property_leasing.property_lease_action"


@tagged("post_install", "-at_install")
class TestLeaseTours(HttpCase, LeasingCommon):
    def test_a_manager_signs_what_an_agent_proposed_and_amends_it(self):
        self.env["property.space"].create({"unit_id": self.shop.id, "price": 4.0})
        agent = self.new_staff("tour.leasing", self.new_job("leasing"), self.site)
        manager = self.new_staff("tour.manager", self.new_job("manager"), self.site)
        with freeze_time(TODAY):
            self.start_tour(SPACES, "property_lease_proposed", login=agent.login, timeout=120)
            lease = self.env["property.lease"].search([("partner_id", "=", self.cafe.id)])
            self.assertEqual((lease.state, lease.create_uid), ("approval", agent))
            self.start_tour(
                LEASES, "property_lease_signed_and_amended", login=manager.login, timeout=120
            )
            self.assertEqual(lease.state, "signed")
            self.assertEqual(lease.decided_by_id, manager)
            amendment = lease.amendment_ids
            self.assertEqual((amendment.kind, amendment.approval_state), ("term", "submitted"))

    def test_an_agent_reads_the_stacking_plan_of_another_day(self):
        self.shop.floor, self.shop_2.floor = 1, 2
        self.env["property.space"].create(
            [{"unit_id": unit.id, "price": 4.0} for unit in (self.shop, self.shop_2)]
        )
        agent = self.new_staff("tour.stacking", self.new_job("leasing"), self.site)
        with freeze_time(TODAY):
            self.sign(self.new_lease())
            self.start_tour("/odoo/stacking-plan", "property_stacking_plan", login=agent.login)
