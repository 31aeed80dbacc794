from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .receipt_common import ReceiptCommon


@tagged("post_install", "-at_install")
class TestReceipts(ReceiptCommon):
    def test_a_receipt_freezes_what_the_money_was_for(self):
        payment = self.payment(self.management_bill | self.parking_bill)
        receipt = self.issue(payment)
        self.assertEqual(
            [(line.name, line.unit_text, line.kind, line.amount) for line in receipt.line_ids],
            [
                (bill.charge_item_id.name, bill.unit_id.code, "bill", bill.amount_total)
                for bill in payment.reconciled_invoice_ids.sorted(
                    lambda bill: (bill.unit_id.sort_key, bill.id)
                )
            ],
        )
        self.assertEqual(receipt.amount_total, payment.amount)
        self.assertEqual(receipt.amount_words, payment._property_amount_in_words(payment.amount))
        self.assertEqual(receipt.payer_name, self.owner.name)
        self.assertEqual(receipt.cashier_id, self.users["cashier"])
        self.assertEqual(receipt.date, payment.date)
        self.assertEqual(receipt.tenders[0]["amount"], str(payment.amount))
        self.assertIn(f"{payment.amount:.2f}", receipt.tender_text)
        self.assertEqual(payment.receipt_id, receipt)
        before = receipt.line_ids.mapped("name")
        self.management.name = "Renamed"
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(receipt.line_ids.mapped("name"), before)

    def test_money_beyond_the_bills_is_a_line_of_its_own(self):
        payment = self.payment(self.management_bill, self.management_bill.amount_total + 50)
        receipt = self.issue(payment)
        self.assertEqual(receipt.line_ids.mapped("kind"), ["bill", "advance"])
        self.assertEqual(receipt.line_ids[-1].amount, 50)
        self.assertEqual(sum(receipt.line_ids.mapped("amount")), receipt.amount_total)

    def test_one_receipt_an_item_shares_out_the_whole_payment(self):
        payment = self.payment(self.management_bill | self.parking_bill)
        receipts = self.issue(payment, merged=False)
        self.assertEqual(len(receipts), 2)
        self.assertEqual(sum(receipts.mapped("amount_total")), payment.amount)
        self.assertEqual(receipts.mapped("number"), [1, 2])
        for receipt in receipts:
            self.assertEqual(len(receipt.line_ids), 1)
            self.assertEqual(sum(float(t["amount"]) for t in receipt.tenders), receipt.amount_total)

    def test_several_payers_and_methods_are_named(self):
        payments = self.payment(self.management_bill) | self.payment(self.water_bill)
        receipt = self.issue(payments, payer=self.tenant)
        self.assertEqual(
            (receipt.payer_name, receipt.on_behalf), (self.tenant.name, self.owner.name)
        )
        self.assertEqual(receipt.amount_total, sum(payments.mapped("amount")))

    def test_a_payment_has_one_valid_receipt(self):
        payment = self.payment(self.management_bill)
        receipt = self.issue(payment)
        with self.assertRaisesRegex(UserError, receipt.name):
            self.issue(payment)

    def test_money_that_was_not_received_gets_no_receipt(self):
        payment = self.payment(self.management_bill)
        payment.action_draft()
        with self.assertRaisesRegex(UserError, "not money received"):
            self.issue(payment)
        with self.assertRaisesRegex(UserError, "Choose the payments"):
            self.issue(payment.browse())

    def test_a_receipt_is_neither_edited_nor_deleted(self):
        receipt = self.issue(self.payment(self.management_bill))
        for vals in ({"amount_total": 1}, {"name": "X"}, {"payer_name": "X"}, {"book_id": False}):
            with self.assertRaisesRegex(UserError, "not edited"):
                receipt.write(vals)
        with self.assertRaisesRegex(UserError, "stays on file"):
            receipt.unlink()
        with self.assertRaises(UserError):
            receipt.line_ids.write({"amount": 1})
        with self.assertRaises(UserError):
            receipt.line_ids.unlink()
        with self.assertRaises(AccessError):
            receipt.with_user(self.users["director"]).write({"state": "void"})

    def test_taking_a_payment_back_voids_its_receipt(self):
        steps = ("action_draft", "action_cancel", "action_reject")
        bills = (self.management_bill, self.management_bill_2, self.parking_bill)
        for step, bill in zip(steps, bills, strict=True):
            payment = self.payment(bill)
            receipt = self.issue(payment)
            with self.subTest(step):
                getattr(payment, step)()
                self.assertEqual(receipt.state, "void")
                self.assertIn(payment.name or "", receipt.void_reason)
                self.assertFalse(payment.receipt_id)

    def test_taking_back_the_entry_of_a_payment_voids_its_receipt(self):
        first, second = self.payment(self.management_bill), self.payment(self.parking_bill)
        receipts = self.issue(first) | self.issue(second)
        first.move_id.button_draft()
        second.move_id._reverse_moves([{"date": second.date}], cancel=True)
        self.assertEqual(set(receipts.mapped("state")), {"void"})

    def test_a_void_number_stays_taken_and_the_next_receipt_gets_the_next(self):
        payment = self.payment(self.management_bill)
        first = self.issue(payment)
        payment.action_draft()
        payment.action_post()
        second = self.issue(payment)
        self.assertEqual((first.state, first.number, second.number), ("void", 1, 2))

    def test_a_payment_that_had_a_receipt_cannot_be_deleted(self):
        payment = self.payment(self.management_bill)
        self.issue(payment)
        payment.action_draft()
        with self.assertRaisesRegex(UserError, "stays on file"):
            payment.unlink()

    def test_voiding_needs_a_reason_and_happens_once(self):
        receipt = self.issue(self.payment(self.management_bill))
        with self.assertRaisesRegex(UserError, "Say why"):
            receipt._void("  ")
        receipt._void("torn")
        with self.assertRaisesRegex(UserError, "not in force"):
            receipt._void("again")
        audit = self.env["property.audit"].search(
            [("model", "=", "property.receipt"), ("res_id", "=", receipt.id)], limit=1
        )
        self.assertEqual((audit.reason, audit.after["state"]), ("torn", "void"))

    def test_a_void_receipt_is_issued_again_with_the_same_words(self):
        payment = self.payment(self.management_bill | self.parking_bill)
        receipt = self.issue(payment)
        wizard = (
            self.env["property.receipt.void.wizard"]
            .with_user(self.users["cashier"])
            .create({"receipt_id": receipt.id, "reason": "torn", "has_copies": True})
        )
        action = wizard.action_confirm()
        new = self.receipts.browse(action["res_id"])
        self.assertEqual((receipt.state, receipt.has_copies), ("void", True))
        self.assertEqual((new.replaces_id, new.number), (receipt, receipt.number + 1))
        self.assertEqual(new.amount_total, receipt.amount_total)
        self.assertEqual(new.line_ids.mapped("name"), receipt.line_ids.mapped("name"))
        self.assertNotEqual(new.token, receipt.token)
        self.assertEqual(payment.receipt_id, new)
        with self.assertRaisesRegex(UserError, "only once"):
            receipt._reissue()

    def test_money_taken_back_is_not_receipted_again(self):
        payment = self.payment(self.management_bill)
        receipt = self.issue(payment)
        payment.action_draft()
        with self.assertRaisesRegex(UserError, "taken back"):
            receipt._reissue()

    def test_voiding_one_of_several_receipts_leaves_the_others_valid(self):
        payment = self.payment(self.management_bill | self.parking_bill)
        first, second = self.issue(payment, merged=False)
        first._void("torn")
        self.assertEqual(payment.receipt_id, second)
        new = first._reissue()
        self.assertEqual(
            (new | second).mapped("amount_total"),
            [new.amount_total, payment.amount - new.amount_total],
        )

    def test_a_lost_receipt_stays_the_receipt_of_its_money(self):
        payment = self.payment(self.management_bill)
        receipt = self.issue(payment)
        receipt._void("the owner lost it", state="lost")
        self.assertEqual((receipt.state, payment.receipt_id), ("lost", receipt))
        self.assertEqual(receipt._watermark(), "DUPLICATE")

    def test_who_issued_it_or_finance_or_a_manager_voids_a_receipt(self):
        receipt = self.issue(self.payment(self.management_bill), self.users["finance"])
        with self.assertRaisesRegex(UserError, "Ask one of them"):
            receipt.with_user(self.users["cashier"]).action_void_wizard()
        for role in ("finance", "manager", "director"):
            self.assertTrue(receipt.with_user(self.users[role]).action_void_wizard())
        own = self.issue(self.payment(self.parking_bill))
        self.assertTrue(own.with_user(self.users["cashier"]).action_void_wizard())

    def test_what_the_portal_shows_comes_from_the_receipt(self):
        payment = self.payment(self.management_bill)
        self.assertEqual(payment._property_receipt()["number"], payment.name)
        receipt = self.issue(payment)
        shown = payment._property_receipt()
        self.assertEqual((shown["number"], shown["total"]), (receipt.name, payment.amount))
        self.management.name = "Renamed"
        self.assertEqual(
            [item["item"] for item in payment._property_receipt()["items"]],
            receipt.line_ids.mapped("name"),
        )

    def test_a_late_fee_is_marked(self):
        payment = self.payment(self.management_bill)
        moves = self.env.registry["account.move"]
        with patch.object(moves, "_property_is_late_fee", lambda bill: True):
            receipt = self.issue(payment)
        self.assertEqual(receipt.line_ids.kind, "late_fee")
        self.assertTrue(receipt._paper("a5")["lines"][0]["is_late_fee"])

    def test_the_time_of_issue_is_the_sites_and_the_date_the_moneys(self):
        payment = self.payment(self.management_bill)
        receipt = self.issue(payment, date=date(2026, 10, 2))
        self.assertEqual((receipt.date, receipt.issued_on), (payment.date, date(2026, 10, 2)))

    def test_money_of_no_site_is_receipted_on_the_day_of_who_takes_it(self):
        payment = self.env["account.payment"].create(
            {"partner_id": self.owner.id, "amount": 100, "journal_id": self.cash.id}
        )
        payment.action_post()
        self.assertFalse(payment.site_id)
        self.users["cashier"].tz = "Asia/Shanghai"
        with freeze_time("2026-10-01 20:00:00"):
            receipts = self.receipts.with_user(self.users["cashier"]).with_context(
                tz="Asia/Shanghai"
            )
            receipt = receipts._issue(payment.with_user(self.users["cashier"]))
        self.assertEqual(receipt.issued_on, date(2026, 10, 2))

    def test_numbering_many_receipts_takes_few_queries(self):
        payments = self.payment(self.management_bill | self.parking_bill)
        other = self.payment(self.management_bill_2)
        self.issue(payments)
        book = self.receipts.search([], limit=1).book_id
        fresh = self.receipts.sudo().create(
            [
                {
                    "company_id": self.company.id,
                    "site_id": self.site.id,
                    "currency_id": self.company.currency_id.id,
                    "date": self.today,
                    "issued_on": self.today,
                    "amount_total": 1.0,
                    "payment_ids": [(6, 0, other.ids)],
                }
                for _index in range(50)
            ]
        )
        fresh.flush_recordset()
        with self.assertQueryCount(12):
            book._take_numbers(fresh)
        self.assertEqual(fresh.mapped("number"), list(range(2, 52)))
