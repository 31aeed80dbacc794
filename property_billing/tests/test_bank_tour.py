from odoo.tests import HttpCase, tagged

from .bank_common import BankCommon


@tagged("post_install", "-at_install")
class TestBankTour(HttpCase, BankCommon):
    HOUSEHOLDS = 3

    def test_finance_collects_bills_through_the_bank(self):
        for payer in self.payers:
            self.new_mandate(payer)
        self.bank.name = "Tour Bank"
        user = self.new_staff("tour.bank", self.new_job("finance"), self.site)
        self.start_tour("/odoo", "property_bank_collection", login=user.login, timeout=120)
        batch = self.env["property.bank.collection"].search([("site_id", "=", self.site.id)])
        self.assertEqual((batch.state, batch.create_uid), ("done", user))
        self.assertEqual((batch.posted_count, batch.failed_count), (2, 1))
        self.assertFalse(self.open_bills(self.homes[1]))
        self.assertEqual(len(self.open_bills(self.homes[0])), 3)
