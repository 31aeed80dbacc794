"""Billing again, price changes, and why a charge differs from the last."""

from datetime import date
from decimal import Decimal

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .requests_common import RequestsCommon

D = Decimal


@freeze_time("2026-09-15")
@tagged("post_install", "-at_install")
class TestRerate(RequestsCommon):
    # Billing again ----------------------------------------------------------------------------

    def rerate(self, items, **vals):
        return (
            self.env["property.rerate"]
            .with_user(self.maker)
            .create(
                {
                    "site_id": self.site.id,
                    "item_ids": [(6, 0, items.ids)],
                    "date_from": date(2026, 9, 1),
                    "date_to": date(2026, 9, 30),
                    "reason": "Wrong price",
                    **vals,
                }
            )
        )

    def test_a_wrong_tariff_is_billed_again_and_can_be_taken_back(self):
        run = self.bill(date(2026, 9, 1), date(2026, 9, 30), self.management | self.parking)
        old = run.charge_ids.filtered(lambda c: c.item_id == self.management)
        kept = run.charge_ids - old
        self.pay(old[0].move_id)
        self.management.tariff_ids.price = 2.5
        rerate = self.rerate(self.management | self.parking)
        rerate.action_preview()
        self.assertEqual(rerate.line_ids.mapped("amount_difference"), [-50.0, -50.0])
        self.assertEqual(rerate.amount_difference, -100.0)
        self.approve(rerate)
        self.assertEqual(set(old.mapped("state")), {"reversed", "cancelled"})
        self.assertEqual(kept.state, "posted", "what is right stays")
        new = rerate.run_ids.charge_ids
        self.assertEqual(new.mapped("amount"), [250.0, 250.0])
        self.assertFalse(new._underivable())
        self.assertEqual(sum(new.move_id.mapped("amount_total")), 500.0)
        rerate.with_user(self.checker).action_undo_rerate()
        self.assertTrue(rerate.is_undone)
        restored = (rerate.run_ids.charge_ids - new).filtered(lambda c: c.state == "posted")
        self.assertEqual(restored.mapped("amount"), [300.0, 300.0])
        self.assertEqual(
            [charge.basis for charge in restored.sorted("unit_sort_key")],
            [charge.basis for charge in old.sorted("unit_sort_key")],
        )
        self.assertFalse(new.filtered(lambda c: c.state == "posted"))
        with self.assertRaises(UserError):
            rerate.with_user(self.checker).action_undo_rerate()

    def test_what_had_paid_a_bill_pays_the_one_that_stands_in_for_it(self):
        run = self.bill(date(2026, 9, 1), date(2026, 9, 30), self.management)
        old = run.charge_ids.filtered(lambda charge: charge.unit_id == self.unit)
        self.pay(old.move_id, 120.0)
        self.pay(old.move_id, 180.0)
        cash = self.env["account.journal"].search(
            [("type", "=", "cash"), ("company_id", "=", self.company.id)], limit=1
        )
        self.env["property.prepayment"]._receive(
            self.unit, self.owner, 70.0, cash, date=date(2026, 9, 2)
        )
        self.management.tariff_ids.price = 2.5
        rerate = self.rerate(self.management)
        self.approve(rerate)
        bill = self.standing(rerate).move_id
        self.assertEqual(bill.amount_residual, 0.0)
        self.assertEqual(sorted(self.prepaid()), [50.0, 70.0], "what was left in advance stays")
        rerate.with_user(self.checker).action_undo_rerate()
        bill = self.standing(rerate).move_id
        self.assertEqual((bill.amount_total, bill.amount_residual), (300.0, 0.0))
        self.assertEqual(sum(self.prepaid()), 70.0)

    def test_a_bill_credited_in_part_stays_as_it_was_decided(self):
        run = self.bill(date(2026, 9, 1), date(2026, 9, 30), self.management)
        credited = run.charge_ids.filtered(lambda charge: charge.unit_id == self.unit)
        credited._credit_part(D("100.00"), "Lift out of order")
        self.management.tariff_ids.price = 2.5
        rerate = self.rerate(self.management)
        self.approve(rerate)
        self.assertEqual((credited.state, credited.move_id.amount_residual), ("posted", 200.0))
        self.assertEqual(rerate.run_ids.charge_ids.unit_id, self.unit_2)

    def test_who_decides_sees_the_bills_left_alone_and_why(self):
        self.company.partner_id.lang = "en_US"  # of the effect, whoever reads it
        run = self.bill(date(2026, 9, 1), date(2026, 9, 30), self.management | self.parking)
        credited = run.charge_ids.filtered(
            lambda charge: charge.unit_id == self.unit and charge.item_id == self.management
        )
        (run.charge_ids.filtered(lambda c: c.item_id == self.parking))._credit_part(
            D("1.00"), "Bay was blocked"
        )
        credited._credit_part(D("100.00"), "Lift out of order")
        self.management.tariff_ids.price = 2.5
        rerate = self.rerate(self.management | self.parking)
        rerate.action_preview()
        self.assertEqual(rerate.line_ids.unit_id, self.unit_2)
        left = rerate.left_line_ids
        self.assertEqual(left.unit_id, self.unit, "what would not change is no matter")
        self.assertEqual(left.left_reason, "credited")
        self.assertEqual((left.amount_old, left.amount_credited, left.amount_new), (300, 100, 250))
        self.assertEqual(rerate.amount_difference, -50.0)
        rerate.action_submit()
        told = (
            "1 bills, -50.00; 1 bills credited in part are left alone: 300.00 billed, "
            "100.00 credited, would be 250.00"
        )
        self.assertEqual(rerate.impact_text, told)
        rerate.with_user(self.checker).action_approve()
        self.assertEqual(rerate.left_line_ids.mapped("amount_credited"), [100.0])
        self.assertEqual(rerate.impact_text, told)

    def test_a_bill_credited_after_the_request_is_decided_upon_again(self):
        run = self.bill(date(2026, 9, 1), date(2026, 9, 30), self.management)
        self.management.tariff_ids.price = 2.5
        rerate = self.rerate(self.management)
        rerate.action_submit()
        run.charge_ids[0]._credit_part(D("100.00"), "Lift out of order")
        with self.assertRaisesRegex(UserError, "changed"):
            rerate.with_user(self.checker).action_approve()

    def test_bills_are_left_alone_of_which_a_percentage_was_credited(self):
        percent = self.new_item(
            "PW",
            "percent",
            10,
            6,
            percent_base_ids=self.management.ids,
            unit_type_ids=self.type_residence.ids,
        )
        run = self.bill(date(2026, 9, 1), date(2026, 9, 30), self.management | percent)
        mine = run.charge_ids.filtered(lambda charge: charge.unit_id == self.unit)
        mine.filtered(lambda charge: charge.item_id == percent)._credit_part(D("5.00"), "Goodwill")
        self.management.tariff_ids.price = 2.5
        rerate = self.rerate(self.management)
        self.approve(rerate)
        self.assertEqual(set(mine.mapped("state")), {"posted"})
        self.assertEqual(rerate.run_ids.charge_ids.unit_id, self.unit_2)
        self.assertEqual(rerate.left_line_ids.mapped("left_reason"), ["percentage"])

    def test_a_bill_left_alone_that_cannot_be_computed_stops_nothing(self):
        run = self.bill(date(2026, 9, 1), date(2026, 9, 30), self.management)
        credited = run.charge_ids.filtered(lambda charge: charge.unit_id == self.unit)
        credited._credit_part(D("100.00"), "Lift out of order")
        self.management.tariff_ids.price = 2.5
        self.unit.area_billable = 0
        self.company.partner_id.lang = "en_US"
        rerate = self.rerate(self.management)
        rerate.action_submit()
        self.assertEqual(rerate.left_line_ids.left_reason, "problem")
        self.assertIn("left alone: 300.00 billed, 100.00 credited", rerate.impact_text)
        self.assertNotIn("would be", rerate.impact_text)

    def test_a_bill_that_grows_is_open_by_the_difference_alone(self):
        run = self.bill(date(2026, 9, 1), date(2026, 9, 30), self.management)
        self.pay(run.charge_ids.filtered(lambda charge: charge.unit_id == self.unit).move_id)
        self.management.tariff_ids.price = 3.2
        rerate = self.rerate(self.management)
        self.approve(rerate)
        self.assertEqual(self.standing(rerate).move_id.amount_residual, 20.0)
        self.assertEqual(self.prepaid(), [])

    def standing(self, rerate):
        return rerate.run_ids.charge_ids.filtered(
            lambda charge: charge.unit_id == self.unit and charge.state == "posted"
        )

    def prepaid(self):
        prepayments = self.env["property.prepayment"].search([("unit_id", "=", self.unit.id)])
        return [left for left in prepayments.mapped("amount_left") if left]

    def test_days_billed_again_since_are_not_restored_over_it(self):
        self.bill(date(2026, 9, 1), date(2026, 9, 30), self.management)
        self.management.tariff_ids.price = 2.5
        first = self.rerate(self.management)
        self.approve(first)
        self.management.tariff_ids.price = 2.0
        second = self.rerate(self.management)
        self.approve(second)
        with self.assertRaisesRegex(UserError, "billed since"):
            first.with_user(self.checker).action_undo_rerate()
        second.with_user(self.checker).action_undo_rerate()
        restored = second.run_ids.charge_ids.filtered(lambda c: c.state == "posted")
        self.assertEqual(restored.mapped("amount"), [250.0, 250.0])

    def test_billing_again_takes_percentages_and_metered_charges_along(self):
        percent = self.new_item(
            "PW",
            "percent",
            10,
            6,
            percent_base_ids=self.water.ids,
            unit_type_ids=self.type_residence.ids,
        )
        self.bill(date(2026, 9, 1), date(2026, 9, 30), self.water | percent)
        self.water.tariff_ids.tier_ids[0].price = 4.0
        rerate = self.rerate(self.water)
        self.approve(rerate)
        self.assertEqual(sorted(rerate.run_ids.charge_ids.mapped("amount")), [12.0, 119.96])

    def test_billing_again_a_reading_that_settled_an_estimate_settles_it_again(self):
        self.meter.reading_ids.filtered(lambda row: row.date > date(2026, 8, 31)).unlink()
        self.bill(date(2026, 8, 1), date(2026, 8, 31), self.water)
        self.meter._estimate(date(2026, 9, 30))
        estimated = self.bill(date(2026, 9, 1), date(2026, 9, 30), self.water)
        self.assertTrue(estimated.charge_ids.is_estimated)
        self.read_meter(self.meter, date(2026, 10, 31), 20)
        self.bill(date(2026, 10, 1), date(2026, 10, 31), self.water)
        rerate = self.rerate(self.water, date_from=date(2026, 10, 1), date_to=date(2026, 10, 31))
        with self.assertRaisesRegex(UserError, "No bill would change"):
            rerate.action_submit()

    def test_billing_again_needs_something_that_differs_and_can_be_billed(self):
        self.bill(date(2026, 9, 1), date(2026, 9, 30), self.management)
        with self.assertRaisesRegex(UserError, "No bill would change"):
            self.rerate(self.management).action_submit()
        self.unit.area_billable = 0
        with self.assertRaisesRegex(UserError, "3-1-1502"):
            self.rerate(self.management).action_submit()

    def test_what_changed_since_it_was_submitted_is_not_approved(self):
        self.bill(date(2026, 9, 1), date(2026, 9, 30), self.management)
        self.management.tariff_ids.price = 2.5
        rerate = self.rerate(self.management)
        rerate.action_submit()
        self.management.tariff_ids.price = 2.0
        with self.assertRaisesRegex(UserError, "changed"):
            rerate.with_user(self.checker).action_approve()

    # Prices -----------------------------------------------------------------------------------

    def change(self, items, **vals):
        return (
            self.env["property.price.change"]
            .with_user(self.maker)
            .create(
                {
                    "name": "New prices",
                    "site_id": self.site.id,
                    "item_ids": [(6, 0, items.ids)],
                    "date_from": date(2026, 10, 1),
                    "mode": "percent",
                    "value": 10,
                    "reason": "Vote",
                    **vals,
                }
            )
        )

    def test_prices_rise_from_a_day_with_their_effect_shown_before(self):
        change = self.change(self.management | self.water)
        change.action_preview()
        lines = {line.item_id: line for line in change.line_ids}
        self.assertEqual(
            (lines[self.management].price_new, lines[self.management].amount_effect), (3.3, 60.0)
        )
        self.assertEqual(lines[self.management].unit_count, 2)
        # no later reading than September's is known when November's prices change
        later = self.change(self.water, date_from=date(2026, 12, 1))
        later.action_preview()
        self.assertEqual(later.line_ids.amount_effect, 0.0)
        self.bill(date(2026, 9, 1), date(2026, 9, 30), self.water)
        later.action_preview()
        self.assertEqual(later.line_ids.amount_effect, 11.18)
        # 15 × 3.795 + 10 × 5.313 + 2 × 6.413 = 56.93 + 53.13 + 12.83
        self.assertEqual(lines[self.water].amount_effect, 11.18)
        self.approve(change)
        old, new = self.management.tariff_ids.sorted("date_from")
        self.assertEqual(
            (old.date_to, new.date_from, new.price), (date(2026, 9, 30), date(2026, 10, 1), 3.3)
        )
        self.assertEqual(new.tax_id, old.tax_id)
        tiers = self.water.tariff_ids.sorted("date_from")[-1].tier_ids
        self.assertEqual(tiers.mapped("price"), [3.795, 5.313, 6.413])
        run = self.new_run(date(2026, 10, 1), date(2026, 10, 31), self.management)
        run.action_compute()
        self.assertEqual(self.billed(run)[0][3], D("330.00"))

    def test_a_rule_changed_after_the_preview_is_the_one_submitted(self):
        change = self.change(self.management | self.water)
        change.action_preview()
        change.value = 20
        change.action_submit()
        prices = {line.item_id: line.price_new for line in change.line_ids}
        self.assertEqual(prices[self.management], 3.6)
        change.with_user(self.checker).action_approve()
        self.assertEqual(self.management.tariff_ids.sorted("date_from")[-1].price, 3.6)

    def test_the_last_tier_of_a_price_change_has_no_end(self):
        change = self.change(self.water)
        change.action_preview()
        self.assertEqual(
            change.line_ids.tier_text,
            "0–15: 3.45 → 3.795; 15–25: 4.83 → 5.313; >25: 5.83 → 6.413",
        )
        with (
            self.assertRaisesRegex(AssertionError, "invisible"),
            Form(change) as form,
            form.line_ids.edit(0) as line,
        ):
            line.price_new = 1.0

    def test_prices_can_be_set_one_by_one(self):
        change = self.change(self.management, mode="set")
        change.action_preview()
        with self.assertRaisesRegex(UserError, "No price changes"):
            change.action_submit()
        change.line_ids.price_new = 2.0
        change.action_submit()
        self.assertEqual(change.line_ids.amount_effect, -200.0)
        with self.assertRaises(UserError):
            change.line_ids.price_new = 1.0

    def test_a_price_change_needs_a_tariff_and_a_day_of_its_own(self):
        with self.assertRaisesRegex(UserError, "no tariff"):
            self.change(self.management, date_from=date(2019, 1, 1)).action_preview()
        with self.assertRaisesRegex(UserError, "already"):
            self.change(self.management, date_from=date(2020, 1, 1)).action_submit()

    # Explanation ------------------------------------------------------------------------------

    def test_a_charge_says_why_it_differs_from_the_last(self):
        first = self.bill(date(2026, 8, 1), date(2026, 8, 31), self.management)
        self.unit.area_billable = 110
        second = self.bill(date(2026, 9, 1), date(2026, 9, 30), self.management)
        charge = second.charge_ids.filtered(lambda c: c.unit_id == self.unit)
        self.assertIn("100 → 110", charge.difference_text)
        self.assertIn("+30.00", charge.difference_text)
        other = second.charge_ids - charge
        self.assertIn("nothing changed", other.difference_text)
        self.assertFalse(any(first.charge_ids.mapped("difference_text")))
        self.assertTrue(charge.sudo()._difference_for(self.owner))
        self.owner_row.date_to = date(2026, 9, 30)
        self.env.flush_all()
        self.occupy(self.unit, self.buyer, "owner", date(2026, 10, 1))
        third = self.bill(date(2026, 10, 1), date(2026, 10, 31), self.management)
        bought = third.charge_ids.filtered(lambda c: c.unit_id == self.unit)
        self.assertFalse(bought.sudo()._difference_for(self.buyer), "not what others were billed")

    def test_the_difference_of_many_charges_takes_one_look(self):
        self.bill(date(2026, 8, 1), date(2026, 8, 31), self.management)
        charges = self.bill(date(2026, 9, 1), date(2026, 9, 30), self.management).charge_ids
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            charges.mapped("difference_text")
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            for charge in charges.sudo():
                charge._difference_for(self.owner)
