from freezegun import freeze_time
from odoo.tests import HttpCase, tagged

from .common import BillingCommon

RELIEFS = "/odoo/action-property_billing.property_relief_action"


@tagged("post_install", "-at_install")
class TestChargingTours(HttpCase, BillingCommon):
    def test_service_asks_for_a_vacancy_rate_and_the_manager_approves(self):
        service = self.new_staff("tour.service", self.new_job("service"), self.site)
        manager = self.new_staff("tour.manager", self.new_job("manager"), self.site)
        with freeze_time("2026-09-15"):
            self.start_tour(RELIEFS, "property_relief_asked", login=service.login, timeout=120)
            relief = self.env["property.relief"].search([("site_id", "=", self.site.id)])
            self.assertEqual((relief.approval_state, relief.create_uid), ("submitted", service))
            self.start_tour(RELIEFS, "property_relief_approved", login=manager.login, timeout=120)
        self.assertEqual((relief.approval_state, relief.decided_by_id), ("approved", manager))
        run = self.new_run(items=self.management)
        run.action_compute()
        self.assertEqual(self.billed(run)[0][3], 180)
