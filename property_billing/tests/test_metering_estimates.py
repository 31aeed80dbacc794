from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BillingCommon
from .test_metering import MeterMixin


@tagged("post_install", "-at_install")
class TestMeteringEstimates(MeterMixin, BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meter.active = False
        cls.meter_2 = cls.new_meter("W2")

    def estimated_world(self):
        for month, value in ((1, 10), (2, 20), (3, 30)):
            self.read_meter(self.meter_2, date(2026, month, 28), value)
        self.of(self.run_month(1, last=3))
        readings, failed = self.meter_2._estimate(date(2026, 4, 28))
        self.assertFalse(failed)
        return readings

    def test_an_estimate_is_billed_and_settled_by_the_next_reading(self):
        estimate = self.estimated_world()
        self.assertTrue(estimate.is_estimated)
        first = self.of(self.run_month(4))
        self.assertTrue(first.is_estimated)
        self.assertRegex(first.explanation, "estimated|估抄")  # in the language of the bills
        self.read_meter(self.meter_2, date(2026, 5, 28), 72)
        second = self.of(self.run_month(5))
        self.assertFalse(second.is_estimated)
        self.assertEqual(first.quantity + second.quantity, 42)
        # two months: 30 m³ at 3.45, 12 at 4.83
        self.assertEqual(round(first.amount + second.amount, 2), 161.46)
        self.assertEqual(second.date_from, date(2026, 4, 29))
        self.assertRegex(second.explanation, "already billed on estimated readings|估")
        self.assertEqual(round(second.move_id.amount_total, 2), round(second.amount, 2))

    def test_too_high_an_estimate_comes_off_the_following_bills(self):
        self.estimated_world()
        first = self.of(self.run_month(4))
        self.read_meter(self.meter_2, date(2026, 5, 28), 35)
        run = self.run_month(5)
        self.assertFalse(self.of(run))
        self.assertIn(("estimated", self.unit_2.code), self.problem_kinds(run))
        self.read_meter(self.meter_2, date(2026, 6, 28), 60)
        third = self.of(self.run_month(6))
        self.assertEqual(first.quantity + third.quantity, 30)
        self.assertEqual(round(first.amount + third.amount, 2), 103.5)

    def test_the_last_bill_of_a_chain_is_undone_first(self):
        self.estimated_world()
        first = self.of(self.run_month(4))
        self.read_meter(self.meter_2, date(2026, 5, 28), 72)
        second = self.of(self.run_month(5))
        with self.assertRaises(UserError):
            first._undo()
        (first | second)._undo()
        again = self.of(self.run_month(5))
        self.assertEqual(again.quantity, 72 - 41, "the reading before opens it, estimated or not")

    def test_a_draft_that_counts_on_an_undone_bill_is_not_posted(self):
        self.estimated_world()
        first = self.of(self.run_month(4))
        self.read_meter(self.meter_2, date(2026, 5, 28), 72)
        run = self.run_month(5, post=False)
        first._undo()
        with self.assertRaises(UserError):
            run.action_post()
        run.action_compute()
        run.action_post()

    def test_another_payer_does_not_settle_the_estimate_of_the_one_before(self):
        self.estimated_world()
        first = self.of(self.run_month(4))
        self.occupy(self.unit_2, self.tenant, "tenant", date(2026, 5, 1), is_primary=True)
        self.read_meter(self.meter_2, date(2026, 5, 28), 72)
        second = self.of(self.run_month(5))
        self.assertEqual(second.payer_id, self.tenant)
        self.assertNotIn("billed", second.basis)
        self.assertEqual(first.quantity + second.quantity, 42)

    def test_a_month_nobody_read_has_its_tiers_on_the_next_bill(self):
        self.read_meter(self.meter_2, date(2026, 1, 31), 10)
        self.run_month(1)
        self.assertFalse(self.of(self.run_month(2)))
        self.read_meter(self.meter_2, date(2026, 3, 31), 40)
        charge = self.of(self.run_month(3))
        self.assertEqual(charge.date_from, date(2026, 2, 1))
        self.assertEqual(charge.amount, 103.5)  # 30 m³ at 3.45: two months of 15

    def test_the_first_bill_has_the_tiers_of_its_period_however_old_the_reading_before(self):
        self.read_meter(self.meter_2, date(2026, 3, 31), 40)
        self.assertEqual(self.of(self.run_month(3)).basis["months"], 1)

    def too_high_world(self):
        """Bill an estimate of 60 at one price; another price holds from May on."""
        for month, value in ((1, 10), (2, 20), (3, 30)):
            self.read_meter(self.meter_2, date(2026, month, 28), value)
        self.run_month(1, last=3)
        self.env["property.meter.reading"].create(
            {
                "meter_id": self.meter_2.id,
                "date": date(2026, 4, 28),
                "value": 60,
                "is_estimated": True,
            }
        )
        self.assertEqual(self.of(self.run_month(4)).quantity, 30)
        tariff = self.water.tariff_ids
        tariff.date_to = date(2026, 4, 30)
        tariff.copy({"date_from": date(2026, 5, 1), "date_to": False, "tier_ids": [], "price": 5.0})

    def test_what_an_estimate_billed_at_the_old_price_is_not_billed_again_at_the_new(self):
        self.too_high_world()
        self.read_meter(self.meter_2, date(2026, 5, 28), 50)
        run = self.run_month(5)
        self.assertFalse(self.of(run))
        self.assertIn(("estimated", self.unit_2.code), self.problem_kinds(run))
        self.read_meter(self.meter_2, date(2026, 6, 28), 75)
        charge = self.of(self.run_month(6))
        self.assertEqual((charge.quantity, charge.amount), (15, 75.0))

    def test_a_meter_replaced_below_its_estimate_has_not_turned_over(self):
        self.too_high_world()
        new = self.replace(self.meter_2, date(2026, 5, 10), 45).new_meter_id
        self.read_meter(new, date(2026, 5, 28), 7)
        run = self.run_month(5)
        self.assertFalse(self.of(run))
        self.assertIn(("estimated", self.unit_2.code), self.problem_kinds(run))
        self.read_meter(new, date(2026, 6, 28), 31)
        run = self.run_month(6)
        charge = self.of(run)
        self.assertEqual((charge.quantity, charge.amount), (45 + 31 - 60, 80.0))
        self.assertNotIn(("reading_fell", self.unit_2.code), self.problem_kinds(run))
        self.assertRegex(charge.explanation, "less than was estimated|低于估抄读数")

    def test_typing_a_value_makes_an_estimate_a_reading(self):
        estimate = self.estimated_world().with_user(self.env.ref("base.user_admin"))
        estimate.value = 44
        self.assertFalse(estimate.is_estimated)
