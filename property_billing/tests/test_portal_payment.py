from odoo.tests import tagged

from .portal_common import PortalBillsCommon


@tagged("post_install", "-at_install")
class TestPortalPayment(PortalBillsCommon):
    def pay(self, partner, bills, meanwhile=None):
        transaction = self.new_transaction(partner, bills)
        if meanwhile:
            meanwhile()
        transaction._set_done()
        transaction._post_process()
        return transaction

    def settle(self, bill, amount):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        ).create({"amount": amount})._create_payments()

    def test_one_transaction_settles_several_bills(self):
        transaction = self.pay(self.owner, self.bill | self.space_bill)
        self.assertEqual(self.bill.amount_residual, 0)
        self.assertEqual(self.space_bill.amount_residual, 0)
        self.assertEqual(transaction.payment_id.amount, 350.50)
        self.assertEqual(transaction.payment_id.site_id, self.site)
        entry = self.env["property.audit"].search(
            [("model", "=", "account.payment"), ("res_id", "=", transaction.payment_id.id)]
        )
        self.assertEqual(entry.after["reference"], transaction.reference)
        self.assertEqual(self.receivable(self.owner), 0)

    def test_bills_of_two_people_are_settled_on_their_own_accounts(self):
        transaction = self.pay(self.tenant, self.bill | self.tenant_bill)
        payments = self.env["account.payment"].search(
            [("payment_transaction_id", "=", transaction.id)]
        )
        self.assertEqual(
            {payment.partner_id: payment.amount for payment in payments},
            {self.owner: 200.50, self.tenant: 60.00},
        )
        self.assertEqual(self.receivable(self.owner), 150.00)
        self.assertEqual(self.receivable(self.tenant), 0)
        self.assertEqual((self.bill | self.tenant_bill).mapped("amount_residual"), [0, 0])

    def test_what_is_no_longer_owed_becomes_an_advance_of_the_payer(self):
        transaction = self.pay(
            self.owner, self.bill | self.space_bill, lambda: self.settle(self.bill, 50.50)
        )
        self.assertEqual((self.bill | self.space_bill).mapped("amount_residual"), [0, 0])
        self.assertEqual(self.receivable(self.owner), -50.50)
        receipt = transaction.payment_id._property_receipt(self.owner)
        self.assertEqual(receipt["advance"], 50.50)
        self.assertEqual(receipt["total"], 350.50)

    def test_a_bill_paid_twice_leaves_the_whole_amount_as_an_advance(self):
        self.pay(self.tenant, self.bill, lambda: self.settle(self.bill, 200.50))
        self.assertEqual(self.receivable(self.tenant), 60.00 - 200.50)
        self.assertEqual(self.receivable(self.owner), 150.00)

    def test_a_cancelled_bill_leaves_the_amount_as_an_advance(self):
        self.pay(
            self.owner,
            self.bill | self.space_bill,
            lambda: self.space_bill.with_context(property_undo=True).button_cancel(),
        )
        self.assertEqual(self.space_bill.state, "cancel")
        self.assertEqual(self.bill.amount_residual, 0)
        self.assertEqual(self.receivable(self.owner), -150.00)

    def test_money_that_falls_short_settles_the_bills_in_order(self):
        bills = self.bill | self.space_bill
        transaction = self.new_transaction(self.owner, bills)
        transaction.amount = 300.00
        transaction._set_done()
        transaction._post_process()
        self.assertEqual(self.bill.amount_residual, 0)
        self.assertEqual(self.space_bill.amount_residual, 50.50)
        self.assertEqual(self.receivable(self.owner), 50.50)

    def test_post_processing_twice_books_once(self):
        transaction = self.pay(self.owner, self.bill)
        transaction._post_process()
        self.assertEqual(
            self.env["account.payment"].search_count(
                [("payment_transaction_id", "=", transaction.id)]
            ),
            1,
        )

    def test_receipt_of_the_payer_names_everything_and_of_the_other_only_its_own(self):
        transaction = self.pay(self.tenant, self.bill | self.tenant_bill)
        payments = self.env["account.payment"].search(
            [("payment_transaction_id", "=", transaction.id)]
        )
        full = transaction.payment_id._property_receipt(self.tenant)
        self.assertEqual(full["total"], 260.50)
        self.assertEqual(full["total_words"], "贰佰陆拾元伍角")
        self.assertEqual(full["payer"], self.tenant.name)
        self.assertEqual(full["for_names"], [self.owner.name])
        self.assertEqual(len(full["items"]), 2)
        own = payments.filtered(lambda payment: payment.partner_id == self.owner)
        part = own._property_receipt(self.owner)
        self.assertEqual((part["total"], len(part["items"])), (200.50, 1))

    def test_a_stock_transaction_is_booked_as_stock_does(self):
        transaction = self.new_transaction(self.owner, self.bill)
        transaction.property_amounts = False
        transaction._set_done()
        transaction._post_process()
        self.assertEqual(transaction.payment_id.partner_id, self.owner)
        self.assertEqual(self.bill.amount_residual, 0)

    def test_states_of_the_chinese_demo_form_are_understood(self):
        if self.env["ir.module.module"]._get("payment_demo").state != "installed":
            self.skipTest("payment_demo is not installed")
        provider = self.env["payment.provider"].search([("code", "=", "demo")], limit=1)
        provider.state = "test"
        transaction = self.new_transaction(self.owner, self.bill)
        transaction.provider_id = provider
        transaction._apply_updates({"simulated_state": "完成", "payment_details": ""})
        self.assertEqual(transaction.state, "done")

    def test_booking_many_bills_needs_few_queries_a_bill(self):
        bills = self.env["account.move"]
        for month in (7, 8):
            for item in (self.management, self.parking):
                for amount in range(10, 15):
                    bills |= self.new_bill(self.unit, self.owner, float(amount), item, month)
        transaction = self.new_transaction(self.owner, bills)
        transaction._set_done()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        transaction._post_process()
        self.env.flush_all()
        self.assertFalse(any(bills.mapped("amount_residual")))
        # settling, late fees, prepayments and the numbered receipt
        self.assertLess(self.env.cr.sql_log_count - before, 25 * len(bills))
