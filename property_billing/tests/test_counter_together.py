"""The counter with everything at once: late fees, prepayments, deposits, campaigns, receipts."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import BillingStaffCommon
from .invariants import broken
from .late_fee_common import LateFeeMixin

D = Decimal


@tagged("post_install", "-at_install")
class TestCounterTogether(LateFeeMixin, BillingStaffCommon):
    """An owner owes management of September with a late fee, and parking that has an offer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_late_fees()
        run = cls.new_run(items=cls.parking)
        run.action_compute()
        run.action_post()
        cls.parking_bill = run.charge_ids.move_id[:1]
        cls.head = cls.parking_bill.unit_id.parent_id or cls.parking_bill.unit_id
        cls.bill = cls.month_run.charge_ids.filtered(lambda c: c.unit_id == cls.head).move_id
        cls.bills = cls.bill | cls.parking_bill
        cls.cashier = cls.users["cashier"]
        cls.shift = cls.env["property.cashier.shift"].with_user(cls.cashier)._open(cls.site, 0)
        methods = cls.env["property.tender.method"]._for_site(cls.site)
        cls.methods = {method.kind: method for method in methods}
        cls.counter = cls.env["property.counter"].with_user(cls.cashier)

    def new_campaign(self, **vals):
        campaign = self.env["property.campaign"].create(
            {
                "name": "Early bird",
                "company_id": self.company.id,
                "site_id": self.site.id,
                "date_from": date(2026, 9, 1),
                "date_to": date(2099, 12, 31),
                "item_ids": [Command.set(self.parking.ids)],
                "percent": 5.0,
                **vals,
            }
        )
        self.approve(campaign.with_env(self.env))
        return campaign

    def prepay(self, amount):
        return self.env["property.prepayment"]._receive(
            self.head, self.bill.partner_id, amount, self.methods["bank"].journal_id
        )

    def spec(self, tenders=(("cash", ""),), bills=None, **values):
        return {
            "unit_id": self.head.id,
            "bill_ids": (self.bills if bills is None else bills).ids,
            "late_fees": True,
            "tenders": [
                {"method_id": self.methods[kind].id, "amount": amount} for kind, amount in tenders
            ],
            **values,
        }

    def take(self, spec):
        taken = self.counter.take(spec, str(uuid4()))
        return self.env["property.collection"].browse(taken["id"])

    def owed(self):
        """Return what the household would pay today, to the fen, and per bill."""
        self.env.invalidate_all()
        house = self.counter.open_household(self.head.id)
        rows = {row["id"]: D(row["residual"]) + D(row["late_fee"]) for row in house["bills"]}
        return sum(rows.values(), D(0)), house

    def check_ledger(self):
        self.assertEqual(broken(self.env), {})

    def check_receipts(self, taking):
        """Check that the valid receipts of a taking say what its payments are."""
        receipts = taking.receipt_ids
        self.assertEqual(
            sum(receipts.mapped("amount_total")), sum(taking.payment_ids.mapped("amount"))
        )
        for receipt in receipts:
            self.assertEqual(receipt.state, "issued")
            self.assertTrue(receipt.name)
            self.assertEqual(
                round(sum(receipt.line_ids.mapped("amount")), 2), round(receipt.amount_total, 2)
            )
        self.assertEqual(receipts.payment_ids, taking.payment_ids)

    def test_late_fees_of_bills_that_were_paid_late_are_told_beside_the_bills(self):
        _owed, house = self.owed()
        self.assertEqual(house["late_of_paid"], "")
        self.pay_on(20, self.bill.amount_total)
        late = self.bill._property_late_fees()[self.bill.id]
        self.assertGreater(late, 0)
        _owed, house = self.owed()
        self.assertNotIn(self.bill.id, [row["id"] for row in house["bills"]])
        self.assertEqual(D(house["late_of_paid"]), late)
        unit = self.head.with_user(self.cashier)
        self.assertAlmostEqual(unit.amount_late_fee, float(late))

    def test_everything_at_once_and_back_again(self):
        self.new_campaign()
        self.prepay(100.0)
        self.env["property.deposit"]._receive(
            self.head,
            self.bill.partner_id,
            500.0,
            self.methods["bank"].journal_id,
            self.env["property.deposit.type"].create({"name": "Card", "kind": "decoration"}),
        )
        owed, house = self.owed()
        late = self.bill._property_late_fees()[self.bill.id]
        offer = self.parking_bill._property_payment_terms()[self.parking_bill.id]["discount"]
        self.assertGreater(late, 0)
        self.assertGreater(offer, 0)
        self.assertEqual([row["left"] for row in house["prepayments"]], ["100.00"])
        self.assertEqual([row["left"] for row in house["deposits"]], ["500.00"])

        spec = self.spec((("prepayment", "100"), ("cash", "")))
        shown = self.counter.preview(spec)
        self.assertEqual(D(shown["due"]), owed - offer)
        self.assertEqual(D(shown["due_late"]), late)
        self.assertEqual(D(shown["due_discount"]), offer)
        self.assertIn("Early bird", shown["discounts"][str(self.parking_bill.id)]["text"])
        self.assertEqual(D(shown["tenders"][1]), owed - offer - 100)
        numbers = set()
        for turn in range(2):
            taking = self.take({**spec, "due": shown["due"]})
            self.assertEqual(
                (D(f"{taking.amount:.2f}"), taking.amount_used, D(f"{taking.amount_discount:.2f}")),
                (owed - offer, 100.0, offer),
            )
            self.assertEqual(set(self.bills.mapped("amount_residual")), {0.0})
            self.assertEqual(self.owed()[0], 0)
            self.check_receipts(taking)
            # the second time the prepayment pays the late fee: it is then no money of a receipt
            lines = taking.line_ids if turn else taking.receipt_ids.line_ids
            self.assertEqual(
                [f"{line.amount:.2f}" for line in lines if line.kind == "late_fee"], [f"{late:.2f}"]
            )
            self.assertEqual(taking.discount_ids.mapped("state"), ["posted"])
            numbers |= set(taking.receipt_ids.mapped("name"))
            self.check_ledger()
            if turn:
                break
            receipts = taking.receipt_ids
            self.counter.undo(taking.id, "Wrong household")
            self.assertEqual(set(receipts.mapped("state")), {"void"})
            self.assertEqual(set(receipts.mapped("void_reason")), {"Wrong household"})
            self.assertEqual(set(taking.payment_ids.mapped("state")), {"canceled"})
            self.assertEqual(taking.discount_ids.mapped("state"), ["cancel"])
            again, house = self.owed()
            self.assertEqual(again, owed)
            self.assertEqual([row["left"] for row in house["prepayments"]], ["100.00"])
            self.assertEqual([row["left"] for row in house["deposits"]], ["500.00"])
            self.check_ledger()
            # the late fee is a bill of its own by now: the screen shows and takes it
            open_ids = [row["id"] for row in house["bills"]]
            spec["bill_ids"] = open_ids
            shown = self.counter.preview(spec)
            self.assertEqual(D(shown["due"]), owed - offer)
        self.assertEqual(len(numbers), 2)

    def test_money_and_a_prepayment_share_one_bill_whatever_is_left_of_the_prepayment(self):
        """The prepayment is used up, or in part; with other bills paid by the same money."""
        self.prepay(100.0)
        for amount in ("100", "60", "99.99", "0.01"):
            for bills in (self.bill, self.bills):
                with (
                    self.subTest(amount=amount, bills=len(bills)),
                    self.env.cr.savepoint() as point,
                ):
                    spec = self.spec((("prepayment", amount), ("pos", "20"), ("cash", "")), bills)
                    taking = self.take(spec)
                    self.assertEqual(f"{taking.amount_used:g}", f"{float(amount):g}")
                    self.assertEqual(set(bills.mapped("amount_residual")), {0.0})
                    self.env.invalidate_all()
                    left = self.env["property.prepayment"]._open(self.head).amount_left
                    self.assertAlmostEqual(left, 100 - float(amount))
                    self.check_receipts(taking)
                    point.rollback()
                self.env.invalidate_all()

    def test_a_part_of_a_bill_gets_no_discount(self):
        self.new_campaign()
        residual = D(f"{self.parking_bill.amount_residual:.2f}")
        offer = self.parking_bill._property_payment_terms()[self.parking_bill.id]["discount"]
        reduced = residual - offer
        for amount, discount, paid in (
            (reduced - D("0.01"), D(0), reduced - D("0.01")),
            (reduced, offer, reduced),
        ):
            spec = self.spec(bills=self.parking_bill, amount=str(amount))
            shown = self.counter.preview(spec)
            self.assertEqual(D(shown["due_discount"]), discount)
            self.assertEqual(D(shown["pays"][str(self.parking_bill.id)]), paid)
        taking = self.take(spec)
        self.assertEqual(self.parking_bill.amount_residual, 0)
        self.assertEqual(D(f"{taking.amount_received:.2f}"), reduced)
        self.assertEqual(self.parking_bill.property_charge_id.state, "posted")

    def test_an_amount_that_leaves_arrears_loses_the_discount(self):
        """The offer is for both items; the older bill is paid first and in part only."""
        self.new_campaign(item_ids=[Command.set((self.parking | self.management).ids)])
        every = self.counter.preview(self.spec())
        self.assertEqual(set(every["discounts"]), {str(bill.id) for bill in self.bills})
        for amount in ("1", "20", "150", str(D(every["due"]) - D("0.01"))):
            with self.subTest(amount):
                shown = self.counter.preview(self.spec(amount=amount))
                sums = [D(text) for text in (*shown["pays"].values(), *shown["late"].values())]
                self.assertEqual(sum(sums), D(amount))
                for bill in self.bills:
                    given = shown["discounts"].get(str(bill.id))
                    if given:
                        paid = D(shown["pays"][str(bill.id)]) + D(given["amount"])
                        self.assertEqual(paid, D(f"{bill.amount_residual:.2f}"))
        shown = self.counter.preview(self.spec(amount=every["due"]))
        self.assertEqual(shown["discounts"], every["discounts"])
        self.assertEqual(shown["due_ahead"], "0.00")

    def test_an_offer_that_ended_meanwhile_changes_the_sum_and_takes_nothing(self):
        campaign = self.new_campaign()
        shown = self.counter.preview(self.spec())
        campaign.with_user(self.users["manager"]).action_stop()
        with self.assertRaisesRegex(UserError, "sum has changed"):
            self.take(self.spec(due=shown["due"]))
        self.assertFalse(self.env["property.collection"].search([("unit_id", "=", self.head.id)]))

    def test_a_discount_nobody_offers_is_refused(self):
        campaign = self.new_campaign()
        bill = self.parking_bill.with_user(self.cashier)
        residual = D(f"{bill.amount_residual:.2f}")
        offer = bill._property_payment_terms()[bill.id]["discount"]
        campaigns = campaign | self.new_campaign(name="Other", percent=1.0)
        for amount, campaign_id, share in (
            (offer + 1, campaign.id, residual - offer - 1),
            (offer, campaigns[1].id, residual - offer),
            (offer, campaign.id, residual - offer - 1),
            (-offer, campaign.id, residual),
        ):
            with self.subTest(amount), self.assertRaisesRegex(UserError, "no longer holds|changed"):
                self.env["property.collection"].with_user(self.cashier)._collect(
                    [(bill, share)],
                    [{"method": self.methods["cash"], "amount": share}],
                    shift=self.shift,
                    unit=self.head,
                    discounts={bill: {"campaign_id": campaign_id, "amount": amount}},
                )
        self.assertFalse(self.parking_bill.credit_note_ids)

    def test_the_discount_of_an_undone_taking_is_offered_again(self):
        campaign = self.new_campaign()
        taking = self.take(self.spec(bills=self.parking_bill))
        self.assertFalse(campaign._offers(self.parking_bill))
        granted = campaign.amount_granted
        self.counter.undo(taking.id, "Pays next week")
        self.assertTrue(campaign._offers(self.parking_bill))
        campaign.invalidate_recordset()
        self.assertEqual((granted > 0, campaign.amount_granted), (True, 0))
