from datetime import date
from unittest.mock import patch

from lxml import html
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.payment.models.payment_transaction import PaymentTransaction

from ..controllers.bill_values import bill_groups
from .portal_common import PortalBillsCommon


@tagged("post_install", "-at_install")
class TestPortalBills(PortalBillsCommon, HttpCase):
    def page(self, login, path="/my/bills", status=200):
        self.authenticate(login, login)
        response = self.url_open(path)
        self.assertEqual(response.status_code, status, path)
        return html.fromstring(response.content)

    def chosen(self, page, only=""):
        return {int(box.get("value")) for box in page.cssselect(f".o_property_bill{only}")}

    def start(self, login, bills, **values):
        self.authenticate(login, login)
        return self.make_jsonrpc_request("/my/bills/transaction", self.pay_values(bills, **values))

    def last_transaction(self):
        return self.env["payment.transaction"].search([], limit=1)

    # === What is shown ===

    def test_owner_sees_own_bills_and_the_tenants_grouped_by_unit(self):
        page = self.page("b_owner")
        self.assertEqual(self.chosen(page), {self.bill.id, self.space_bill.id, self.tenant_bill.id})
        self.assertEqual(len(page.cssselect(".o_property_unit")), 2)
        self.assertIn("350.50", page.cssselect(".op-hero-amount")[0].text_content())

    def test_everybody_begins_with_the_own_bills_and_relatives_with_all(self):
        own = {self.bill.id, self.space_bill.id}
        self.assertEqual(self.chosen(self.page("b_owner"), "[checked]"), own)
        self.assertEqual(self.chosen(self.page("b_tenant"), "[checked]"), {self.tenant_bill.id})
        self.child_row.may_see_bills = True
        self.assertEqual(
            self.chosen(self.page("b_child"), "[checked]"), own | {self.tenant_bill.id}
        )

    def test_tenant_sees_the_owners_bills_until_the_owner_forbids_it(self):
        self.assertIn(self.bill.id, self.chosen(self.page("b_tenant")))
        self.tenant_row.may_see_bills = False
        self.assertEqual(self.chosen(self.page("b_tenant")), {self.tenant_bill.id})

    def test_family_sees_the_bills_once_the_owner_allows_it(self):
        self.assertEqual(self.chosen(self.page("b_child")), set())
        self.child_row.may_see_bills = True
        self.assertIn(self.bill.id, self.chosen(self.page("b_child")))

    def test_tenant_sees_nothing_from_before_the_tenancy(self):
        old = self.new_bill(
            self.unit, self.owner, 10.0, period_from=date(2026, 1, 1), period_to=date(2026, 1, 31)
        )
        self.assertNotIn(old.id, self.chosen(self.page("b_tenant")))
        self.assertIn(old.id, self.chosen(self.page("b_owner")))

    def test_buyer_never_sees_what_the_seller_owes(self):
        self.owner_row.date_to = date(2026, 9, 30)
        self.env.flush_all()
        self.occupy(self.unit, self.other_owner, "owner", date(2026, 10, 1))
        self.assertEqual(
            self.chosen(self.page("b_other")), {self.foreign_bill.id, self.tenant_bill.id}
        )
        self.assertIn(self.bill.id, self.chosen(self.page("b_owner")))

    def test_bill_being_paid_cannot_be_chosen(self):
        transaction = self.new_transaction(self.owner, self.bill)
        transaction.state = "done"
        page = self.page("b_owner")
        self.assertNotIn(self.bill.id, self.chosen(page))
        self.assertTrue(page.cssselect(".op-tag-wait"))

    def test_home_counts_the_open_bills(self):
        self.authenticate("b_owner", "b_owner")
        counters = self.make_jsonrpc_request(
            "/my/counters",
            {"counters": ["property_bill_count", "property_unit_count", "overdue_invoice_count"]},
        )
        self.assertEqual(counters["property_bill_count"], 2)
        self.assertEqual(counters["property_unit_count"], 1)
        self.assertEqual(counters["overdue_invoice_count"], 0)
        self.page("b_owner", "/my")

    def test_many_bills_need_no_more_queries_than_few(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            bills = self.env["account.move"].search(
                self.env["account.move"]._property_portal_open_domain(self.owner)
            )
            before = self.env.cr.sql_log_count
            bill_groups(bills, self.owner)
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        for amount in range(1, 31):
            self.new_bill(self.unit, self.owner, float(amount), month=8)
        self.assertLessEqual(queries(), few + 3)

    def test_units_page_leads_to_the_bills(self):
        page = self.page("b_owner", "/my/units")
        self.assertTrue(page.cssselect("a[href='/my/bills']"))

    # === Paying ===

    def test_payment_page_shows_the_sum_and_the_form(self):
        page = self.page(
            "b_owner", f"/my/bills/pay?invoice_ids={self.bill.id}&invoice_ids={self.space_bill.id}"
        )
        form = page.cssselect("#o_payment_form")[0]
        self.assertEqual(form.get("data-amount"), "350.5")
        self.assertEqual(form.get("data-transaction-route"), "/my/bills/transaction")
        self.assertEqual(len(page.cssselect("input[name='o_payment_radio'][checked]")), 1)

    def test_back_after_paying_does_not_offer_to_pay_again(self):
        self.authenticate("b_owner", "b_owner")
        path = f"/my/bills/pay?invoice_ids={self.bill.id}"
        for page in ("/my/bills", path):
            with self.subTest(page):
                # the browser asks for the page again instead of showing what it was
                self.assertIn("no-store", self.url_open(page).headers["Cache-Control"])
        transaction = self.new_transaction(self.owner, self.bill)
        transaction._set_done()
        transaction._post_process()
        again = self.url_open(path)
        self.assertNotIn("o_payment_submit_button", again.text)

    def test_server_computes_the_amount(self):
        values = self.start("b_owner", self.bill | self.space_bill, amount=None)
        transaction = self.last_transaction()
        self.assertEqual(values["reference"], transaction.reference)
        self.assertEqual(transaction.amount, 350.50)
        self.assertEqual(transaction.partner_id, self.owner)
        self.assertEqual(transaction.invoice_ids, self.bill | self.space_bill)
        self.assertEqual(transaction.landing_route, f"/my/bills/result/{transaction.id}")
        self.assertLessEqual(len(transaction.reference), 32)

    def test_paid_bills_show_a_receipt_and_move_to_the_paid_ones(self):
        self.start("b_tenant", self.bill)
        transaction = self.last_transaction()
        transaction._set_done()
        self.make_jsonrpc_request("/payment/status/poll", {})
        transaction.invalidate_recordset()
        self.bill.invalidate_recordset()
        self.assertEqual(self.bill.amount_residual, 0)
        page = self.page("b_tenant", transaction.landing_route)
        self.assertTrue(page.cssselect(".o_property_result_done .op-receipt"))
        self.assertNotIn(self.bill.id, self.chosen(self.page("b_tenant")))
        receipt = f"/my/bills/receipt/{transaction.payment_id.id}"
        for login in ("b_tenant", "b_owner"):
            links = self.page(login, "/my/bills/history").cssselect(f"a[href='{receipt}']")
            self.assertTrue(links, login)
            self.assertIn("200.50", self.page(login, receipt).text_content())
        self.page("b_other", receipt, status=404)
        self.page("b_other", transaction.landing_route, status=404)

    def test_receipt_downloads_as_pdf(self):
        transaction = self.new_transaction(self.owner, self.bill)
        transaction._set_done()
        transaction._post_process()
        self.authenticate("b_owner", "b_owner")
        response = self.url_open(f"/my/bills/receipt/{transaction.payment_id.id}/pdf")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertIn("attachment", response.headers["Content-Disposition"])

    def test_failed_payment_says_so_and_leaves_the_bills_open(self):
        self.start("b_owner", self.bill)
        transaction = self.last_transaction()
        transaction._set_canceled()
        page = self.page("b_owner", transaction.landing_route)
        self.assertTrue(page.cssselect(".o_property_result_cancel .op-failed"))
        self.assertIn(self.bill.id, self.chosen(self.page("b_owner")))

    def test_waiting_payment_asks_not_to_pay_again(self):
        self.start("b_owner", self.bill)
        page = self.page("b_owner", self.last_transaction().landing_route)
        self.assertTrue(page.cssselect(".op-waiting"))

    def test_amount_that_changed_since_the_page_was_shown_is_refused(self):
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.start("b_owner", self.bill, amount=1.00)
        self.assertFalse(self.bill.transaction_ids)

    def test_statement_page_adds_up(self):
        page = self.page("b_owner", "/my/bills/statement?date_from=2026-09-01&date_to=2026-09-30")
        self.assertIn("350.50", page.cssselect(".op-balance .op-row-total")[0].text_content())
        self.authenticate("b_owner", "b_owner")
        response = self.url_open(
            f"/my/bills/statement/pdf?account=unit-{self.unit.id}"
            "&date_from=2026-09-01&date_to=2026-09-30"
        )
        self.assertEqual(response.headers["Content-Type"], "application/pdf")


@tagged("post_install", "-at_install")
class TestPortalBillsTour(PortalBillsCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_an_owner_sees_and_pays_the_bills(self):
        self.tenant_bill.with_context(property_undo=True).button_cancel()
        charge = self.explain(self.bill, "100 m² × 2.005 = 200.50")

        def arrive(transaction, _processing_values):
            transaction._set_done()
            return {}

        with patch.object(PaymentTransaction, "_get_specific_rendering_values", arrive):
            self.start_tour("/my/bills", "property_pay_bills", login="b_owner")
        self.assertEqual((self.bill | self.space_bill).mapped("amount_residual"), [0, 0])
        self.assertEqual(charge.payment_state, "paid")

    def explain(self, bill, text):
        fee = self.env["property.fee"].create(
            {
                "unit_id": bill.unit_id.id,
                "item_id": bill.charge_item_id.id,
                "date_from": date(2026, 1, 1),
            }
        )
        charge = self.env["property.charge"].create(
            {
                "fee_id": fee.id,
                "unit_id": bill.unit_id.id,
                "item_id": bill.charge_item_id.id,
                "payer_id": bill.partner_id.id,
                "date_from": bill.period_from,
                "date_to": bill.period_to,
                "amount": bill.amount_total,
                "explanation": text,
                "move_id": bill.id,
                "state": "posted",
            }
        )
        bill.property_charge_id = charge
        return charge
