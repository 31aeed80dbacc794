from odoo.tests import HttpCase, tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestTours(HttpCase, BillingCommon):
    def test_finance_bills_a_month_of_a_site(self):
        user = self.new_staff("tour.finance", self.new_job("finance"), self.site)
        self.start_tour("/odoo", "property_billing_run", login=user.login, timeout=120)
        run = self.env["property.billing.run"].search([("site_ids", "in", self.site.ids)])
        self.assertEqual((run.state, run.create_uid), ("posted", user))
        self.assertEqual(len(run.charge_ids.move_id), 4)
