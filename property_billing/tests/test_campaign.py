from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, tagged

from ..tools.campaign import early_discount, free_months
from .common import BillingStaffCommon
from .late_fee_common import LateFeeMixin


@tagged("post_install", "-at_install")
class TestCampaignKernel(BaseCase):
    @settings(max_examples=200, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.integers(1, 12), st.integers(0, 100_000).map(lambda fen: Decimal(fen) / 100)
            ),
            max_size=20,
        ),
        st.integers(2, 24),
        st.data(),
    )
    def test_free_months_are_the_last_of_every_whole_group(self, rows, months, data):
        paid = data.draw(st.integers(1, months - 1))
        bills = [(index, length, amount) for index, (length, amount) in enumerate(rows)]
        calendar = [index for index, length, _amount in bills for _month in range(length)]
        free = {}
        for start in range(0, len(calendar) - months + 1, months):
            for index in calendar[start + paid : start + months]:
                free[index] = free.get(index, 0) + 1
        found = free_months(bills, months, paid)
        self.assertLessEqual(found.keys(), free.keys())
        for index, length, amount in bills:
            exact = amount * free.get(index, 0) / length
            self.assertLessEqual(abs(found.get(index, Decimal(0)) - exact), Decimal("0.005"))
            self.assertLessEqual(found.get(index, Decimal(0)), amount)

    @given(st.integers(0, 10_000_000), st.integers(1, 99))
    def test_an_early_discount_is_never_more_than_the_bill(self, fen, percent):
        amount = Decimal(fen) / 100
        self.assertLessEqual(early_discount(amount, Decimal(percent)), amount)


@tagged("post_install", "-at_install")
class TestCampaign(LateFeeMixin, BillingStaffCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_late_fees()

    def new_campaign(self, **vals):
        campaign = (
            self.env["property.campaign"]
            .with_user(self.users["finance"])
            .create(
                {
                    "name": "Early bird",
                    "company_id": self.company.id,
                    "site_id": self.site.id,
                    "date_from": date(2026, 9, 1),
                    "date_to": date(2099, 12, 31),
                    "item_ids": [Command.set(self.management.ids)],
                    "percent": 5.0,
                    **vals,
                }
            )
        )
        self.approve(campaign)
        return campaign

    def offers(self, bills, day):
        return {
            bill.name: offer["amount"]
            for bill, offer in (
                (bill, self.env["property.campaign"]._offers(bills, day).get(bill.id))
                for bill in bills
            )
            if offer
        }

    def test_an_early_payment_gets_its_per_cent_as_a_credit_note(self):
        campaign = self.new_campaign()
        day = date(2026, 9, 30)
        self.assertEqual(self.offers(self.bill, day), {self.bill.name: Decimal("15.00")})
        note = self.env["property.campaign"]._apply(self.bill, day)
        self.assertEqual((note.amount_total, note.campaign_id), (15.0, campaign))
        self.assertEqual(self.bill.amount_residual, 285.0)
        self.assertEqual(self.bill.property_charge_id.state, "posted")
        self.assertEqual(campaign.amount_granted, 15.0)

    def test_a_bill_gets_one_discount_only(self):
        self.new_campaign()
        self.new_campaign(name="Better", percent=10.0)
        day = date(2026, 9, 30)
        self.assertEqual(self.offers(self.bill, day), {self.bill.name: Decimal("30.00")})
        self.env["property.campaign"]._apply(self.bill, day)
        self.assertFalse(self.offers(self.bill, day))

    def test_an_offer_holds_on_its_days_only_and_only_once_approved(self):
        campaign = self.new_campaign(date_from=date(2026, 10, 1))
        self.assertFalse(self.offers(self.bill, date(2026, 9, 30)))
        self.assertTrue(self.offers(self.bill, date(2026, 10, 1)))
        campaign.with_user(self.users["manager"]).action_stop()
        self.assertFalse(self.offers(self.bill, date(2026, 10, 1)))

    def test_arrears_that_stay_open_cost_the_discount(self):
        run = self.new_run(date(2026, 10, 1), date(2026, 10, 31), self.management)
        run.action_compute()
        run.action_post()
        new = run.charge_ids.filtered(lambda charge: charge.unit_id == self.unit).move_id
        self.new_campaign()
        day = date(2026, 10, 20)
        self.assertFalse(self.offers(new, day))
        self.assertEqual(set(self.offers(new | self.bill, day)), {new.name, self.bill.name})

    def test_twelve_months_for_the_price_of_eleven(self):
        self.new_campaign(kind="months", months=12, months_paid=11)
        bills = self.env["account.move"]
        for month in range(1, 13):
            first = date(2027, month, 1)
            run = self.new_run(first, first.replace(day=28 if month == 2 else 30), self.management)
            if month in (1, 3, 5, 7, 8, 10, 12):
                run.date_to = first.replace(day=31)
            run.action_compute()
            run.action_post()
            bills |= run.charge_ids.filtered(lambda c: c.unit_id == self.unit).move_id
        day = date(2026, 12, 20)
        campaigns = self.env["property.campaign"]
        self.bill |= self.bill_2
        self.pay(self.bill[0])
        self.assertFalse(self.offers(bills[:11], day))
        last = bills[-1]
        self.assertEqual(self.offers(bills, day), {last.name: Decimal("300.00")})
        campaigns._apply(bills, day)
        self.assertEqual(last.amount_residual, 0)
        self.assertEqual(last.property_charge_id.state, "posted")

    def test_fees_tell_the_offers_on_paying_ahead(self):
        self.new_campaign(kind="months", months=12, months_paid=11)
        fees = self.management.fee_ids.filtered(lambda fee: fee.unit_id == self.unit)
        offers = self.env["property.campaign"]._offers(fees, date(2026, 12, 20))
        self.assertEqual(
            [(row["months"], row["months_paid"]) for row in offers[fees.id]], [(12, 11)]
        )

    def test_an_offer_of_other_companies_or_sites_is_refused(self):
        far = self.new_item("FAR", "fixed", 1.0, 6, site_id=self.other_site.id)
        with self.assertRaises(ValidationError):
            self.env["property.campaign"].create(
                {
                    "name": "Far",
                    "company_id": self.company.id,
                    "site_id": self.site.id,
                    "date_to": date(2099, 12, 31),
                    "item_ids": [Command.set(far.ids)],
                }
            )

    def test_an_offer_that_is_over_is_not_submitted(self):
        with self.assertRaises(UserError):
            self.new_campaign(date_to=date(2026, 9, 2))
