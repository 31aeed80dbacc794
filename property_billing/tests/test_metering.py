from datetime import date
from decimal import Decimal

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import BillingCommon

D = Decimal


class MeterMixin:
    """Meters read month by month."""

    @classmethod
    def new_meter(cls, code, unit=None, **vals):
        """Create a cold water meter that starts at 0 on the last day of 2025."""
        return cls.env["property.meter"].create(
            {
                "code": code,
                "unit_id": (unit or cls.unit_2).id,
                "kind": "cold_water",
                "digits": 5,
                "initial_reading": 0,
                "install_date": date(2025, 12, 31),
                **vals,
            }
        )

    def run_month(self, month, post=True, items=None, last=None):
        """Bill the water of a month of 2026 and return the charges."""
        first = date(2026, month, 1)
        last = last or month
        end = date(2026, last + 1, 1) if last < 12 else date(2027, 1, 1)
        run = self.new_run(first, date.fromordinal(end.toordinal() - 1), items or self.water)
        run.action_compute()
        if post and run.charge_ids:
            run.action_post()
        return run

    def of(self, run):
        """Return the charges of the second unit in a run, each derived again."""
        charges = run.charge_ids.filtered(lambda charge: charge.meter_id.unit_id == self.unit_2)
        for charge in charges:
            self.assertEqual(float(charge._derive()["amount"]), charge.amount)
        return charges

    def replace(self, meter, day, final, code="W2-NEW", initial=0, **vals):
        """Replace a meter and return the document."""
        replacement = self.env["property.meter.replacement"].create(
            {
                "meter_id": meter.id,
                "date": day,
                "final_value": final,
                "new_code": code,
                "initial_value": initial,
                **vals,
            }
        )
        replacement.action_replace()
        return replacement


@tagged("post_install", "-at_install")
class TestMetering(MeterMixin, BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meter.active = False
        cls.meter_2 = cls.new_meter("W2")

    def test_a_simulated_run_charges_meters_like_a_real_one(self):
        self.read_meter(self.meter_2, date(2026, 1, 31), 10)
        charges, problems = self.env["property.billing.run"]._simulate(
            self.site, self.water, date(2026, 1, 1), date(2026, 1, 31), None
        )
        self.assertFalse(problems)
        real = self.of(self.run_month(1, post=False))
        self.assertEqual([vals["amount"] for vals in charges], real.mapped("amount"))
        self.assertTrue(real)

    # Replacement ------------------------------------------------------------------------------

    def test_a_replaced_meter_bills_both_segments_together(self):
        self.read_meter(self.meter_2, date(2026, 1, 31), 10)
        fee = self.env["property.fee"].search([("meter_id", "=", self.meter_2.id)])
        replacement = self.replace(self.meter_2, date(2026, 2, 12), 22, initial=3)
        new = replacement.new_meter_id
        self.assertEqual((new.previous_id, new.point_id), (self.meter_2, self.meter_2))
        self.assertEqual((fee.meter_id, new.unit_id), (new, self.unit_2))
        self.assertFalse(self.meter_2.active)
        self.assertEqual(
            self.env["property.fee"].search(
                [("unit_id", "=", self.unit_2.id), ("item_id", "=", self.water.id)]
            ),
            fee,
        )
        self.read_meter(new, date(2026, 2, 28), 11)
        charge = self.of(self.run_month(2))
        self.assertEqual((charge.quantity, charge.amount), (20, round(15 * 3.45 + 5 * 4.83, 2)))
        self.assertIn("W2-NEW", charge.explanation)
        self.assertIn("W2 ", charge.explanation)
        self.assertEqual((charge.date_from, charge.date_to), (date(2026, 2, 1), date(2026, 2, 28)))
        with self.assertRaises(UserError):
            self.meter_2.reading_ids.filtered("is_final").value = 25
        earlier = self.of(self.run_month(1))
        self.assertEqual(earlier.quantity, 10)

    def test_a_replacement_is_undone_until_the_new_meter_counts(self):
        fee = self.env["property.fee"].search([("meter_id", "=", self.meter_2.id)])
        replacement = self.replace(self.meter_2, date(2026, 2, 12), 22)
        new = replacement.new_meter_id
        with self.assertRaises(UserError):
            self.meter_2.active = True
        replacement.action_undo()
        self.assertTrue(self.meter_2.active)
        self.assertFalse(new.exists())
        self.assertEqual(fee.meter_id, self.meter_2)
        again = self.replace(self.meter_2, date(2026, 2, 12), 22)
        self.read_meter(again.new_meter_id, date(2026, 2, 28), 5)
        with self.assertRaises(UserError):
            again.action_undo()

    def test_a_replacement_that_cannot_be_is_refused(self):
        self.read_meter(self.meter_2, date(2026, 1, 31), 10)
        for day, final, vals in (
            (date(2026, 1, 15), 12, {}),
            (date(2026, 2, 12), 9, {}),
            (date(2026, 2, 12), 100000, {}),
            (date(2026, 2, 12), 12, {"initial": 100000}),
            (date(2999, 1, 1), 12, {}),
        ):
            with self.subTest(day=day, final=final, **vals), self.assertRaises(UserError):
                self.replace(self.meter_2, day, final, **vals)
        self.assertTrue(self.meter_2.active)

    # Review -----------------------------------------------------------------------------------

    def test_a_fall_is_held_and_not_billed_until_it_is_corrected(self):
        self.read_meter(self.meter_2, date(2026, 1, 31), 10)
        fallen = self.read_meter(self.meter_2, date(2026, 2, 28), 4)
        self.assertEqual((fallen.state, fallen.hold_kind), ("held", "fell"))
        self.assertTrue(fallen.hold_reason)
        run = self.run_month(2)
        self.assertFalse(self.of(run))
        self.assertIn(("held", self.unit_2.code), self.problem_kinds(run))
        fallen.value = 40
        self.assertEqual(fallen.state, "ok")
        self.assertEqual(self.of(self.run_month(2)).quantity, 30)

    def test_a_fall_says_beforehand_what_accepting_it_bills(self):
        self.read_meter(self.meter_2, date(2026, 1, 31), 10)
        fallen = self.read_meter(self.meter_2, date(2026, 2, 28), 4)
        self.assertIn("99994", fallen.hold_reason)
        self.assertEqual(fallen.consumption, -6)
        fallen._decide(("held",), "accepted")
        self.assertEqual(fallen.consumption, 99994)
        self.assertEqual(self.of(self.run_month(2)).quantity, 99994)

    def test_an_outlier_is_held_once_there_is_history(self):
        for month, value in enumerate((10, 21, 30), start=1):
            reading = self.read_meter(self.meter_2, date(2026, month, 28), value)
            self.assertEqual(reading.state, "ok")
        self.assertEqual(self.read_meter(self.meter_2, date(2026, 4, 28), 41).state, "ok")
        high = self.read_meter(self.meter_2, date(2026, 5, 28), 410)
        self.assertEqual((high.state, high.hold_kind), ("held", "high"))
        after = self.read_meter(self.meter_2, date(2026, 6, 28), 62)
        self.assertEqual(after.state, "ok", "the held reading judges nobody")
        self.site.reading_review = False
        self.assertEqual(self.read_meter(self.meter_2, date(2026, 7, 28), 4000).state, "ok")

    def test_who_moves_in_after_a_vacancy_is_no_outlier(self):
        for month in range(1, 9):
            self.read_meter(self.meter_2, date(2026, month, 28), 10)
        self.assertEqual(self.read_meter(self.meter_2, date(2026, 9, 28), 410).state, "ok")

    def test_a_spike_with_a_note_in_a_workbook_was_looked_at(self):
        readings = self.env["property.meter.reading"].with_context(property_reading_notes=True)
        made = readings.create(
            [
                {
                    "meter_id": self.meter_2.id,
                    "date": date(2026, month, 28),
                    "value": value,
                    "note": note,
                }
                for month, value, note in (
                    (1, 10, False),
                    (2, 20, False),
                    (3, 30, False),
                    (4, 400, "Read twice, a leak"),
                    (5, 410, False),
                    (6, 9000, False),
                )
            ]
        )
        self.assertEqual(made.mapped("state"), ["ok"] * 5 + ["held"])

    def test_readings_entered_together_are_judged_in_order(self):
        values = [(1, 10), (2, 20), (3, 30), (4, 900), (5, 50)]
        readings = self.env["property.meter.reading"].create(
            [
                {"meter_id": self.meter_2.id, "date": date(2026, month, 28), "value": value}
                for month, value in reversed(values)
            ]
        )
        self.assertEqual(readings.sorted("date").mapped("state"), ["ok", "ok", "ok", "held", "ok"])

    def test_a_reading_above_a_later_one_is_held(self):
        self.read_meter(self.meter_2, date(2026, 3, 31), 30)
        late = self.read_meter(self.meter_2, date(2026, 2, 28), 44)
        self.assertEqual((late.state, late.hold_kind), ("held", "fell"))

    def test_a_rejected_day_can_be_read_again(self):
        self.read_meter(self.meter_2, date(2026, 1, 31), 10)
        wrong = self.read_meter(self.meter_2, date(2026, 2, 28), 4)
        wrong.sudo()._decide(("held",), "rejected")
        right = self.read_meter(self.meter_2, date(2026, 2, 28), 19)
        self.assertEqual(right.consumption, 9)
        self.assertEqual(self.of(self.run_month(2)).quantity, 9)

    # Estimates --------------------------------------------------------------------------------

    def test_the_screen_estimates_only_meters_without_reading(self):
        for month, value in ((1, 10), (2, 20), (3, 30)):
            self.read_meter(self.meter_2, date(2026, month, 28), value)
        fresh = self.new_meter("W3", install_date=False)
        wizard = self.env["property.meter.estimate"].create(
            {"meter_ids": [Command.set((self.meter_2 | fresh).ids)], "date": date(2026, 4, 30)}
        )
        self.assertEqual(wizard.unread_count, 2)
        action = wizard.action_estimate()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("W3", action["params"]["message"])
        self.assertEqual(self.meter_2.last_reading, 41)
        with self.assertRaises(UserError):
            wizard.action_estimate()

    # Network loss -----------------------------------------------------------------------------

    def test_the_loss_is_what_the_master_counts_beyond_its_meters(self):
        master = self.env["property.meter"].create(
            {
                "code": "M1",
                "site_id": self.site.id,
                "kind": "cold_water",
                "multiplier": 2,
                "install_date": date(2025, 12, 31),
            }
        )
        other = self.new_meter("W3", unit=self.unit, initial_reading=99995)
        (self.meter_2 | other).master_id = master
        self.read_meter(master, date(2026, 1, 31), 20)
        self.read_meter(self.meter_2, date(2026, 1, 31), 15)
        self.read_meter(other, date(2026, 1, 31), 12)
        self.read_meter(master, date(2026, 2, 28), 40)
        new = self.replace(self.meter_2, date(2026, 2, 10), 20, initial=50).new_meter_id
        self.read_meter(new, date(2026, 2, 28), 60)
        self.env.flush_all()
        rows = self.env["property.meter.loss"].search([("meter_id", "=", master.id)], order="month")
        self.assertEqual(
            [(row.master_used, row.sub_used, row.loss, row.unread_count) for row in rows],
            [(40, 32, 8, 0), (40, 15, 25, 1)],
        )
        [(rate,)] = self.env["property.meter.loss"]._read_group(
            [("meter_id", "=", master.id)], [], ["loss_rate:avg"]
        )
        self.assertAlmostEqual(float(rate), 33 / 80)
        action = rows[1].action_view_readings()
        found = self.env["property.meter.reading"].with_context(active_test=False)
        self.assertEqual(len(found.search(action["domain"])), 3)

    def test_a_meter_is_not_behind_itself_or_another_kind(self):
        gas = self.new_meter("G1", kind="gas")
        for meter, master in ((gas, self.meter_2), (self.meter_2, self.meter_2)):
            with self.assertRaises(ValidationError):
                meter.master_id = master
