from datetime import date
from decimal import Decimal
from uuid import uuid4

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.property_billing.tests.common import BillingMixin
from odoo.addons.property_security.tests.common import utc

from .common import ParkingMoneyCommon


@tagged("post_install", "-at_install")
class TestParkingCards(ParkingMoneyCommon):
    """A monthly card of a household is billed like any fee, and renewed by paying ahead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card_item = BillingMixin.new_item.__func__(
            cls, "YK", "fixed", 300.0, 9, category="parking"
        )
        cls.area.card_item_id = cls.card_item
        cls.card = cls.new_household_card(cls.vehicle, date_to="2026-03-31")
        cls.fee = cls.card.fee_id

    @classmethod
    def new_household_card(cls, vehicles, **vals):
        return cls.new_card(vehicles, unit_id=cls.unit.id, partner_id=cls.owner.id, **vals)

    def run_month(self, month=2):
        run = BillingMixin.new_run.__func__(
            type(self),
            date(2026, month, 1),
            date(2026, month, {1: 31, 2: 28, 3: 31, 4: 30, 5: 31}[month]),
            items=self.card_item,
        )
        run.action_compute()
        run.action_post()
        return run.charge_ids

    def renew(self, months, amount, at="2026-03-20 12:00", card=None):
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.provider.payment_method_ids[:1].id,
                "reference": f"RN-{uuid4().hex[:10]}",
                "amount": amount,
                "currency_id": self.currency.id,
                "partner_id": self.owner.id,
                "operation": "online_redirect",
                "parking_pass_id": (card or self.card).id,
                "parking_months": months,
            }
        )
        return self.arrive_money(transaction, at)

    def test_a_card_is_a_fee_that_runs_bill_day_by_day(self):
        self.assertEqual((self.fee.unit_id, self.fee.item_id), (self.unit, self.card_item))
        self.assertEqual(
            (str(self.fee.date_from), str(self.fee.date_to)), ("2026-01-01", "2026-03-31")
        )
        self.assertEqual(self.fee.payer_role, "owner")
        charges = self.run_month()
        self.assertEqual((charges.amount, charges.payer_id), (300, self.owner))

    def test_two_cards_of_one_household_are_two_fees(self):
        second = self.new_household_card(self.new_vehicle("浙A00002"), date_to="2026-02-14")
        self.assertNotEqual(second.fee_id, self.fee)
        self.assertEqual(sorted(self.run_month().mapped("amount")), [150, 300])

    def test_cards_without_household_or_item_and_other_passes_have_no_fee(self):
        stranger = self.new_card(self.vehicle)
        space = self.new_household_card(self.vehicle, kind="owner_space")
        self.area.card_item_id = False
        late = self.new_household_card(self.new_vehicle("浙A00003"))
        self.assertFalse((stranger | space | late).fee_ids)
        self.area.card_item_id = self.card_item
        self.assertTrue(late.fee_id)

    def test_the_fee_follows_when_the_card_is_stopped_resumed_and_renewed_at_the_desk(self):
        service = self.card.with_user(self.users["service"])
        with freeze_time(utc("2026-02-10 12:00")):
            service.action_stop("Moved")
        self.assertEqual(str(self.fee.date_to), "2026-02-10")
        service.action_resume()
        self.assertEqual(str(self.fee.date_to), "2026-03-31")
        service.action_renew()
        self.assertEqual(str(self.fee.date_to), "2026-04-30")

    def test_a_card_of_another_household_ends_the_fee_and_begins_one(self):
        with freeze_time(utc("2026-02-10 12:00")):
            self.card.unit_id = self.unit_2
        self.assertEqual(str(self.fee.date_to), "2026-02-09")
        self.assertEqual(
            (self.card.fee_id.unit_id, str(self.card.fee_id.date_from)), (self.unit_2, "2026-02-10")
        )

    def test_paying_months_ahead_bills_them_once_and_extends_the_card(self):
        with freeze_time(utc("2026-03-20 12:00")):
            self.assertEqual(self.card._renewal(3)["amount"], Decimal(900))
        transaction = self.renew(3, 900)
        self.assertEqual(str(self.card.date_to), "2026-06-30")
        bill = self.fee.charge_ids.move_id
        self.assertEqual((bill.amount_total, bill.amount_residual), (900, 0))
        self.assertEqual(bill.partner_id, self.owner)
        self.assertIn("浙A·8K888", bill.invoice_line_ids.name)
        self.assertEqual(transaction.payment_id.reconciled_invoice_ids, bill)
        receipts = self.env["property.receipt"]
        self.assertTrue(receipts.search([("payment_ids", "in", transaction.payment_id.ids)]))
        with self.assertRaises(UserError):  # nothing is left to bill
            self.run_month(4)
        self.assertEqual(self.run_month(3).amount, 300)

    def test_months_paid_ahead_begin_on_the_day_the_card_does(self):
        card = self.new_household_card(
            self.new_vehicle("浙A00004"), date_from="2026-01-31", date_to="2026-02-27"
        )
        with freeze_time(utc("2026-02-20 12:00")):
            renewal = card._renewal(2)
        self.assertEqual(str(renewal["date_to"]), "2026-04-29")
        self.assertEqual(renewal["amount"], Decimal(600))

    def test_the_provider_s_message_twice_renews_once(self):
        transaction = self.renew(1, 300)
        self.arrive_money(transaction, "2026-03-20 12:05")
        self.assertEqual(str(self.card.date_to), "2026-04-30")
        self.assertEqual(len(self.fee.charge_ids), 1)

    def test_a_card_in_grace_goes_on_without_a_gap_and_a_dead_one_begins_anew(self):
        self.renew(1, 300, at="2026-04-03 12:00")
        self.assertEqual(str(self.card.date_to), "2026-04-30")
        self.renew(1, 300, at="2026-06-10 12:00")
        fresh = self.env["property.parking.pass"].search(
            [("unit_id", "=", self.unit.id), ("id", "!=", self.card.id)]
        )
        self.assertEqual((str(fresh.date_from), str(fresh.date_to)), ("2026-06-10", "2026-07-09"))
        self.assertEqual((fresh.vehicle_ids, str(self.card.date_to)), (self.vehicle, "2026-04-30"))
        self.assertEqual(fresh.fee_id.charge_ids.amount, 300)

    def test_money_for_a_card_that_was_stopped_is_kept_for_the_payer(self):
        self.card.action_stop("Moved")
        transaction = self.renew(1, 300)
        self.assertEqual(str(self.card.date_to), "2026-03-31")
        kept = self.env["property.prepayment"]._open(self.unit, self.owner)
        self.assertEqual((kept.amount_left, kept.payment_id), (300, transaction.payment_id))

    def test_arrears_are_shown_to_staff_and_keep_nobody_out(self):
        self.run_month()
        with freeze_time(utc("2026-03-10 08:00")):
            self.card.invalidate_recordset()
            self.assertEqual(self.card.amount_arrears, 300)
        passage = self.drive(self.lane_in, "2026-03-10 08:00")
        self.assertEqual((passage.action, passage.category), ("open", "monthly"))
        self.assertEqual(self.drive(self.lane_out, "2026-03-12 08:00").action, "open")

    def test_months_at_the_price_of_yesterday_are_kept_and_do_not_renew(self):
        self.card_item.tariff_ids.price = 400.0
        self.renew(1, 300)
        self.assertEqual(str(self.card.date_to), "2026-03-31")
        kept = self.env["property.prepayment"]._open(self.unit, self.owner)
        self.assertEqual(kept.amount_left, 300)
