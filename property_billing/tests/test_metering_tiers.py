"""Tiers that count by the year: replacements, first years, large households, new prices."""

from datetime import date
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import BillingCommon
from .test_metering import MeterMixin

D = Decimal


@tagged("post_install", "-at_install")
class TestTiersByYear(MeterMixin, BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meter.active = False
        cls.meter_2 = cls.new_meter("W2")

    def yearly(self, **vals):
        self.water.tariff_ids.write({"tier_period": "year", **vals})
        self.water.tariff_ids.tier_ids.sorted("qty_from")[0].tariff_id.write(
            {
                "tier_ids": [
                    Command.clear(),
                    Command.create({"qty_from": 0, "qty_to": 30, "price": 3.456}),
                    Command.create({"qty_from": 30, "qty_to": 0, "price": 5.183}),
                ]
            }
        )

    def test_tiers_of_a_year_go_on_through_a_replacement_and_start_anew(self):
        self.yearly()
        self.read_meter(self.meter_2, date(2026, 1, 31), 17)
        first = self.of(self.run_month(1))
        self.read_meter(self.meter_2, date(2026, 2, 28), 28)
        second = self.of(self.run_month(2))
        new = self.replace(self.meter_2, date(2026, 3, 10), 33, initial=7).new_meter_id
        self.read_meter(new, date(2026, 3, 31), 14)
        third = self.of(self.run_month(3))
        self.assertEqual(first.basis["used_before"], "0")
        self.assertEqual(D(third.basis["used_before"]), 28)
        self.assertEqual(third.basis["counted"], [first.id, second.id])
        whole = D("30") * D("3.456") + D("10") * D("5.183")
        billed = sum(D(str(charge.amount)) for charge in first | second | third)
        self.assertEqual(billed.quantize(D("0.01")), whole.quantize(D("0.01")))
        with self.assertRaises(UserError):
            second._undo()
        self.assertRegex(third.explanation, "tiers of the year|年")

    def test_a_year_that_starts_in_july_forgets_june(self):
        self.yearly(tier_reset_month="7")
        self.read_meter(self.meter_2, date(2026, 6, 30), 40)
        self.of(self.run_month(6))
        self.read_meter(self.meter_2, date(2026, 7, 31), 60)
        july = self.of(self.run_month(7))
        self.assertEqual((D(july.basis["used_before"]), july.amount), (0, 69.12))

    def test_who_starts_within_a_year_has_the_limits_of_its_months(self):
        self.yearly()
        fee = self.env["property.fee"].search([("meter_id", "=", self.meter_2.id)])
        fee.date_from = date(2026, 3, 20)
        self.read_meter(self.meter_2, date(2026, 3, 31), 10)
        march = self.of(self.run_month(3))
        self.read_meter(self.meter_2, date(2026, 4, 30), 40)
        april = self.of(self.run_month(4))
        # March to December: ten months of twelve, so 25 of the 30 at the first price
        self.assertEqual([c.basis["tier_months"] for c in march | april], [10, 10])
        whole = 25 * D("3.456") + 15 * D("5.183")
        billed = sum(D(str(charge.amount)) for charge in march | april)
        self.assertEqual(billed.quantize(D("0.01")), whole.quantize(D("0.01"), "ROUND_HALF_UP"))
        self.assertRegex(april.explanation, "10")
        self.assertEqual((march | april)._underivable(), [])

    def test_a_tariff_can_give_the_whole_years_limits_to_who_starts_within_it(self):
        self.yearly(is_first_year_by_months=False)
        fee = self.env["property.fee"].search([("meter_id", "=", self.meter_2.id)])
        fee.date_from = date(2026, 3, 20)
        self.read_meter(self.meter_2, date(2026, 3, 31), 31)
        march = self.of(self.run_month(3))
        self.assertNotIn("tier_months", march.basis)
        self.assertAlmostEqual(march.amount, 103.68 + 5.18)

    def test_a_price_change_keeps_how_the_tiers_count(self):
        self.yearly(tier_reset_month="7", tier_persons=3, tier_extra=2.5)
        change = self.env["property.price.change"].create(
            {
                "name": "Dearer",
                "site_id": self.site.id,
                "item_ids": [Command.set(self.water.ids)],
                "date_from": date(2026, 9, 1),
                "mode": "percent",
                "value": 10,
                "reason": "Filing",
            }
        )
        change.action_preview()
        change._on_approved()
        old, new = self.water.tariff_ids.sorted("date_from")
        self.assertEqual(old._prepare_tier_copy(), new._prepare_tier_copy())
        self.assertEqual((new.tier_period, new.tier_reset_month), ("year", "7"))

    def test_a_large_household_gets_larger_tiers(self):
        self.yearly(tier_persons=1, tier_extra=5)
        for name in ("A", "B"):
            person = self.env["res.partner"].create({"name": f"Child {name}"})
            self.occupy(self.unit_2, person, "family", date(2026, 1, 1))
        self.read_meter(self.meter_2, date(2026, 1, 31), 41)
        charge = self.of(self.run_month(1))
        self.assertEqual((charge.basis["persons"], charge.basis["extra"]), (3, "10.0"))
        self.assertAlmostEqual(charge.amount, 138.24 + 5.18)
        charge._undo()
        self.env["property.fee"].search([("meter_id", "=", self.meter_2.id)]).tier_persons = 1
        self.assertEqual(self.of(self.run_month(1)).basis["extra"], "0.0")
