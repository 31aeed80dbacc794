from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from lxml import html
from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .portal_common import PortalBillsCommon


@tagged("post_install", "-at_install")
class TestLateFeePortal(PortalBillsCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["property.late.fee.policy"].create(
            {
                "name": "Contract",
                "cap_rate": 0,
                "rate_ids": [Command.create({"date_from": "2020-01-01", "rate": 0.0005})],
            }
        )
        cls.management.late_fee_policy_id = cls.policy
        cls.today = fields.Date.today()
        cls.late_fee = cls.bill._property_late_fees()[cls.bill.id]

    def page(self, path="/my/bills"):
        self.authenticate("b_owner", "b_owner")
        return html.fromstring(self.url_open(path).content)

    def start(self, bills, **values):
        payable = [one["payable"] for one in bills._property_payment_terms().values()]
        values = {"amount": float(sum(payable)), **values}
        self.authenticate("b_owner", "b_owner")
        self.make_jsonrpc_request("/my/bills/transaction", self.pay_values(bills, **values))
        return self.env["payment.transaction"].search([], limit=1)

    def finish(self, transaction):
        transaction._set_done()
        transaction._post_process()

    def assert_nothing_pending(self, bill):
        for number in (0, 1, 400):
            day = self.today + timedelta(days=number)
            self.assertEqual(bill._property_late_fees(day)[bill.id], 0)
        self.assertFalse(any((bill | bill.late_fee_move_ids).mapped("amount_residual")))

    def new_campaign(self):
        campaign = self.env["property.campaign"].create(
            {
                "name": "Early bird",
                "date_from": "2020-01-01",
                "date_to": "2099-12-31",
                "percent": 10,
                "item_ids": [Command.set(self.parking.ids)],
            }
        )
        campaign.approval_state = "approved"
        return campaign

    def test_the_page_shows_the_late_fee_its_reason_and_the_sum(self):
        page = self.page()
        box = page.cssselect(f".o_property_bill[value='{self.bill.id}']")[0]
        self.assertEqual(Decimal(box.get("data-amount")), Decimal("200.5") + self.late_fee)
        reason = page.cssselect(".op-late-fee")[0].text_content()
        self.assertIn(str(self.late_fee), reason)
        self.assertIn(f"{(self.today - self.bill.invoice_date_due).days}", reason)
        self.assertIn("0.05%", reason)
        total = page.cssselect(".o_property_total")[0].text_content()
        self.assertEqual(Decimal(total), Decimal("350.5") + self.late_fee)

    def test_the_sum_that_is_shown_is_the_sum_that_is_charged_and_nothing_stays_open(self):
        total = Decimal("350.5") + self.late_fee
        transaction = self.start(self.bill | self.space_bill, amount=float(total))
        self.assertEqual(Decimal(str(round(transaction.amount, 2))), total)
        self.assertFalse(self.bill.late_fee_move_ids)
        self.finish(transaction)
        late = self.bill.late_fee_move_ids
        self.assertEqual(Decimal(str(late.amount_total)), self.late_fee)
        self.assertEqual(late.payment_state, self.bill.payment_state)
        self.assert_nothing_pending(self.bill)
        self.assertEqual(self.receivable(self.owner), 0)
        receipt = transaction.payment_id._property_receipt(self.owner)
        self.assertEqual(len(receipt["items"]), 3)

    def test_the_money_that_arrives_pays_the_late_fee_and_not_what_was_left_in_advance(self):
        cash = self.env["account.journal"].search(
            [("type", "=", "cash"), ("company_id", "=", self.company.id)], limit=1
        )
        kept = self.env["property.prepayment"]._receive(self.unit, self.owner, 80.0, cash)
        transaction = self.start(self.bill)
        self.finish(transaction)
        receipt = transaction.payment_id._property_receipt(self.owner)
        self.assertEqual((len(receipt["items"]), receipt["advance"]), (2, 0))
        self.assertEqual(kept.amount_left, 80.0)
        self.assertFalse(self.bill.late_fee_move_ids.amount_residual)

    def test_the_sum_without_the_late_fee_is_refused(self):
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.start(self.bill, amount=200.5)

    def test_money_that_arrives_days_later_leaves_no_pending_fen(self):
        transaction = self.start(self.bill)
        shown = self.today - timedelta(days=3)
        fee = self.bill._property_late_fees(shown)[self.bill.id]
        transaction.write(
            {
                "amount": float(Decimal("200.5") + fee),
                "property_amounts": {str(self.bill.id): float(Decimal("200.5") + fee)},
                "property_terms": {
                    "day": str(shown),
                    "late_fees": {str(self.bill.id): str(fee)},
                    "discounts": {},
                },
            }
        )
        self.finish(transaction)
        self.assertEqual(Decimal(str(self.bill.late_fee_move_ids.amount_total)), fee)
        self.assert_nothing_pending(self.bill)
        self.assertEqual(self.receivable(self.owner), 150.0)

    def test_a_late_fee_billed_meanwhile_is_settled_and_not_billed_twice(self):
        transaction = self.start(self.bill)
        late = self.bill._property_crystallise_late_fees()
        self.finish(transaction)
        self.assertEqual(self.bill.late_fee_move_ids, late)
        self.assert_nothing_pending(self.bill)
        self.assertEqual(self.receivable(self.owner), 150.0)

    def test_a_late_fee_waived_meanwhile_becomes_an_advance(self):
        transaction = self.start(self.bill)
        self.bill._property_waive_late_fee({self.bill: self.late_fee}, "Waived")
        self.finish(transaction)
        self.assertFalse(self.bill.late_fee_move_ids)
        self.assertEqual(self.receivable(self.owner), 150.0 - float(self.late_fee))

    def test_booking_twice_bills_one_late_fee(self):
        transaction = self.start(self.bill)
        self.finish(transaction)
        transaction._post_process()
        self.assertEqual(len(self.bill.late_fee_move_ids), 1)

    def test_money_is_booked_even_where_its_late_fee_cannot_be_billed(self):
        transaction = self.start(self.bill)

        def refuse(*args, **kwargs):
            raise UserError(transaction.reference)

        moves = type(self.env["account.move"])
        with (
            patch.object(moves, "_property_crystallise_late_fees", refuse),
            mute_logger("odoo.addons.property_billing.models.payment_transaction"),
        ):
            self.finish(transaction)
        self.assertEqual(self.bill.amount_residual, 0)
        self.assertEqual(self.receivable(self.owner), 150.0 - float(self.late_fee))

    def test_an_early_payment_costs_what_the_page_says(self):
        self.new_campaign()
        page = self.page()
        self.assertIn("Early bird", page.cssselect(".op-discount")[0].text_content())
        box = page.cssselect(f".o_property_bill[value='{self.space_bill.id}']")[0]
        self.assertEqual(box.get("data-amount"), "135.0")
        transaction = self.start(self.space_bill, amount=135.0)
        self.assertEqual(self.space_bill.amount_residual, 150.0)
        self.finish(transaction)
        self.assertEqual(self.space_bill.amount_residual, 0)
        self.assertEqual(self.space_bill.credit_note_ids.amount_total, 15.0)
        self.assertEqual(self.receivable(self.owner), 200.5)

    def test_a_notice_asks_for_the_late_fee_too(self):
        [notice] = self.bill._property_notices()
        self.assertEqual(Decimal(str(notice["late_fee"])), self.late_fee)
        self.assertEqual(Decimal(str(notice["total"])), Decimal("200.5") + self.late_fee)
        text = self.env["ir.qweb"]._render(
            "property_billing.report_notice_pages", {"notices": [notice]}
        )
        self.assertIn("0.05%", str(text))
