"""Months given for paying ahead at the counter: visible, used up by bills only, undoable."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .counter_common import CounterCommon

D = Decimal


@tagged("post_install", "-at_install")
class TestCampaignAhead(CounterCommon):
    """The household has a management fee of 100.00 and a parking fee of 90.00 a month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.items = {
            code: cls.new_fee_item(code, unit, price)
            for code, unit, price in (("AH-WY", cls.unit, 100.0), ("AH-CW", cls.space, 90.0))
        }
        cls.campaign = cls.new_offer(cls.items["AH-WY"])

    @classmethod
    def new_fee_item(cls, code, unit, price):
        product = cls.env["product.product"].create({"name": code, "type": "service"})
        item = cls.env["property.charge.item"].create(
            {
                "code": code,
                "name": code,
                "method": "fixed",
                "site_id": cls.site.id,
                "company_id": cls.company.id,
                "product_id": product.id,
            }
        )
        cls.env["property.tariff"].create(
            {
                "item_id": item.id,
                "date_from": date(2020, 1, 1),
                "price": price,
                "tax_id": cls.tax.id,
            }
        )
        cls.env["property.fee"].create(
            {"unit_id": unit.id, "item_id": item.id, "date_from": date(2020, 1, 1)}
        )
        return item

    @classmethod
    def new_offer(cls, items, **vals):
        campaign = cls.env["property.campaign"].create(
            {
                "name": "Pay a year",
                "company_id": cls.company.id,
                "site_id": cls.site.id,
                "kind": "months",
                "months": 12,
                "months_paid": 11,
                "date_from": date(2020, 1, 1),
                "date_to": date(2099, 12, 31),
                "item_ids": [Command.set(items.ids)],
                **vals,
            }
        )
        campaign.sudo().approval_state = "approved"
        return campaign

    def ahead(self, months=12, bills=None, **values):
        bills = self.env["account.move"] if bills is None else bills
        return self.spec(bills, months=months, **values)

    def gifts(self):
        return self.env["property.prepayment"].search([("campaign_id", "=", self.campaign.id)])

    def taken(self, spec=None):
        result = self.take(spec or self.ahead())
        return self.env["property.collection"].browse(result["id"])

    def test_the_counter_shows_the_offer_and_the_month_it_gives(self):
        house = self.counter().open_household(self.unit.id)
        self.assertEqual([one["months"] for one in house["ahead_offers"]], [12])
        shown = self.counter().preview(self.ahead())
        self.assertEqual(shown["due"], "2180.00")
        self.assertEqual([one["amount"] for one in shown["ahead"]], ["2280.00"])
        self.assertEqual([one["amount"] for one in shown["gifts"]], ["100.00"])
        self.assertIn("Pay a year", shown["gifts"][0]["text"])

    def test_only_whole_groups_of_months_count(self):
        for months, gift in ((11, []), (12, ["100.00"]), (23, ["100.00"]), (24, ["200.00"])):
            with self.subTest(months=months):
                shown = self.counter().preview(self.ahead(months))
                self.assertEqual([one["amount"] for one in shown["gifts"]], gift)

    def test_the_offer_that_gives_most_counts_once(self):
        self.new_offer(self.items["AH-WY"], name="Better", months_paid=10)
        shown = self.counter().preview(self.ahead())
        self.assertEqual([one["amount"] for one in shown["gifts"]], ["200.00"])

    def test_the_gift_is_a_credit_note_that_pays_bills_of_its_item(self):
        taking = self.taken()
        gift = self.gifts()
        self.assertEqual((gift.amount, gift.item_id), (100, self.items["AH-WY"]))
        note = gift.line_id.move_id
        self.assertEqual((note.move_type, note.campaign_id), ("out_refund", self.campaign))
        self.assertAlmostEqual(note.amount_tax, 5.66)
        self.assertIn(note, taking.discount_ids)
        self.assertEqual((taking.amount, taking.amount_discount), (2180, 100))
        self.assertEqual(sum(taking.payment_ids.mapped("amount")), 2180)
        self.assertEqual(self.campaign.amount_granted, 100)
        bill = self.new_bill(self.unit, self.owner, 100.0, item=self.items["AH-WY"], month=7)
        other = self.new_bill(self.unit, self.owner, 2300.0, item=self.management, month=7)
        (bill | other)._property_apply_prepayments()
        self.assertEqual((bill.amount_residual, gift.amount_left), (0, 0))
        self.assertEqual(other.amount_residual, 120, "a gift never pays other items")

    def test_the_statement_says_that_it_was_given(self):
        self.taken()
        self.assertIn("Pay a year", self.gifts()._statement_rows()[0]["name"])

    def test_undoing_takes_the_gift_back(self):
        taking = self.taken()
        gift, note = self.gifts(), self.gifts().line_id.move_id
        self.counter().undo(taking.id, "changed his mind")
        gift.invalidate_recordset(["amount_left"])
        self.assertEqual((note.state, gift.amount_left), ("cancel", 0))
        self.assertEqual(self.campaign.amount_granted, 0)
        self.assertEqual(self.counter().preview(self.ahead())["due"], "2180.00")

    def test_a_gift_that_paid_a_bill_keeps_the_taking(self):
        taking = self.taken()
        bill = self.new_bill(self.unit, self.owner, 50.0, item=self.items["AH-WY"], month=7)
        (bill.line_ids | self.gifts().line_id).filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        with self.assertRaisesRegex(UserError, "campaign"):
            self.counter().undo(taking.id, "changed his mind")
        self.assertEqual(taking.state, "done")

    def test_a_gift_is_not_paid_out(self):
        self.taken()
        refund = self.env["property.refund"].create(
            {
                "prepayment_id": self.gifts().id,
                "kind": "refund",
                "amount": 100,
                "reason": "moves away",
                "journal_id": self.methods["bank"].journal_id.id,
                "date": fields.Date.today(),
            }
        )
        with self.assertRaisesRegex(UserError, "given free"):
            refund.action_submit()

    def test_arrears_that_stay_open_cost_the_gift(self):
        late = self.new_bill(self.unit, self.owner, 100.0, item=self.items["AH-WY"], month=7)
        self.assertEqual(self.counter().preview(self.ahead())["gifts"], [])
        shown = self.counter().preview(self.ahead(bills=late))
        self.assertEqual([one["amount"] for one in shown["gifts"]], ["100.00"])
        self.campaign.sudo().is_without_arrears = False
        self.assertTrue(self.counter().preview(self.ahead())["gifts"])

    def test_an_offer_that_is_over_or_stopped_gives_nothing(self):
        self.campaign.sudo().date_to = date(2020, 2, 1)
        self.assertEqual(self.counter().preview(self.ahead())["gifts"], [])
        self.campaign.sudo().write({"date_to": date(2099, 12, 31), "active": False})
        self.assertEqual(self.counter().preview(self.ahead())["due"], "2280.00")

    def test_a_gift_comes_with_scanned_money_too(self):
        self.methods["wechat"].provider_id = self.provider
        spec = self.ahead(tenders=(("wechat", ""),))
        scan = self.env["property.scan.payment"].browse(
            self.counter().scan_start(spec, str(uuid4()))["id"]
        )
        self.assertEqual((scan.amount, len(self.gifts())), (2180, 0))
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.provider.payment_method_ids.id,
                "reference": "AHEAD-1",
                "amount": scan.amount,
                "currency_id": self.currency.id,
                "partner_id": scan.partner_id.id,
                "operation": "online_direct",
                **scan._transaction_vals(),
            }
        )
        transaction._set_done()
        self.counter().scan_state(scan.id)
        self.assertEqual((scan.state, self.gifts().amount), ("done", 100))
