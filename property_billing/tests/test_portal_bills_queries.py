"""The page of open bills asks the same few queries however many bills there are."""

from datetime import date

from odoo.tests import HttpCase, tagged

from .common import BillingCommon
from .test_metering_access import PHOTO

#: For the page as its reader's language has it; stock's list of invoices asks 21 for 4 bills.
QUERIES = 31


@tagged("post_install", "-at_install")
class TestPortalBillsQueries(BillingCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meter.reading_ids.photo = PHOTO
        cls.new_portal_user(cls.tenant, "queries.tenant")
        cls.bill_items(cls.water)

    @classmethod
    def bill_items(cls, items):
        """Post the bills of two months, so that each of the second differs from one before."""
        for month, last in ((8, 31), (9, 30)):
            run = cls.new_run(
                items=items, date_from=date(2026, month, 1), date_to=date(2026, month, last)
            )
            run.action_compute()
            run.action_post()

    def count_bills(self):
        """Return how many bills, photos and differences the page shows."""
        page = self.url_open("/my/bills").text
        return [
            page.count(text)
            for text in ('class="op-check o_property_bill"', "/photo/", "op-bill-amount")
        ]

    def test_fifty_bills_need_no_more_queries_than_one(self):
        self.authenticate("queries.tenant", "queries.tenant")
        bills, photos, _amounts = self.count_bills()
        self.assertTrue(photos)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(QUERIES):
            self.url_open("/my/bills")
        whose = {"payer_role": "tenant", "unit_type_ids": self.type_residence.ids}
        self.bill_items(
            self.env["property.charge.item"].concat(
                *(
                    self.new_item(f"Q{number}", "fixed", 10.0 + number, 6, **whose)
                    for number in range(25)
                )
            )
        )
        more, _photos, _amounts = self.count_bills()
        self.assertEqual(more, bills + 50)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(QUERIES):
            self.url_open("/my/bills")
