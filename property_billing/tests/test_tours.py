from odoo.tests import HttpCase, tagged

from .common import BillingCommon
from .late_fee_common import LateFeeMixin


@tagged("post_install", "-at_install")
class TestTours(HttpCase, BillingCommon):
    def test_finance_bills_a_month_of_a_site(self):
        user = self.new_staff("tour.finance", self.new_job("finance"), self.site)
        self.start_tour("/odoo", "property_billing_run", login=user.login, timeout=120)
        run = self.env["property.billing.run"].search([("site_ids", "in", self.site.ids)])
        self.assertEqual((run.state, run.create_uid), ("posted", user))
        self.assertEqual(len(run.charge_ids.move_id), 4)

    def test_finance_takes_a_receipt_book_into_stock_and_issues_it(self):
        user = self.new_staff("tour.finance", self.new_job("finance"), self.site)
        cashier = self.new_staff("tour.cashier", self.new_job("cashier"), self.site)
        self.start_tour("/odoo", "property_receipt_book", login=user.login, timeout=120)
        book = self.env["property.receipt.book"].search([("site_id", "=", self.site.id)])
        self.assertEqual((book.name, book.state), ("TG-0001–0050", "issued"))
        self.assertEqual(book.holder_id, cashier)


@tagged("post_install", "-at_install")
class TestLateFeeTours(HttpCase, LateFeeMixin, BillingCommon):
    def test_finance_bills_the_late_fees_of_a_site(self):
        self.set_up_late_fees()
        user = self.new_staff("tour.latefee", self.new_job("finance"), self.site)
        self.start_tour("/odoo", "property_late_fee_run", login=user.login, timeout=120)
        run = self.env["property.late.fee.run"].search([("site_ids", "in", self.site.ids)])
        self.assertEqual((run.state, run.create_uid), ("posted", user))
        self.assertEqual(run.charge_ids.move_id.late_fee_bill_id, self.bill | self.bill_2)
        self.assertEqual(run.amount_total, 9.60)
