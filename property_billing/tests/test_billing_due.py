"""Until when bills are to be paid: proposed by the site, told by the run, kept by what follows."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from .balances_common import BalancesCommon
from .lane_common import LaneCommon
from .late_fee_common import LateFeeMixin
from .requests_common import RequestsCommon

DUE = date(2026, 10, 15)


@tagged("post_install", "-at_install")
class TestDueOfBothLanes(LaneCommon):
    def test_both_lanes_make_bills_that_are_due_when_the_run_says(self):
        self.site.days_to_pay = 15
        run = self._computed()
        bills = self._assert_both_lanes_agree(run)
        self.assertEqual(set(bills.mapped("invoice_date")), {date(2026, 9, 30)})
        self.assertEqual(set(bills.mapped("invoice_date_due")), {DUE})
        owed = bills.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertEqual(set(owed.mapped("date_maturity")), {DUE})

    def test_bills_of_one_pattern_are_due_on_days_of_their_own(self):
        self.site.days_to_pay = 15
        run = self._computed(self.management)
        one, other, third = run.charge_ids[:3]
        (one + other).bill_date = date(2026, 9, 30)
        other.due_date = date(2026, 10, 20)
        third.due_date = date(2026, 9, 1)
        self.env.flush_all()
        self._assert_both_lanes_agree(run)
        self.assertEqual(
            [charge.move_id.invoice_date_due for charge in (one, other, third)],
            [date(2026, 9, 30), date(2026, 10, 20), date(2026, 9, 30)],
            "a bill is never due before its date",
        )
        self.assertEqual(
            set((run.charge_ids - one - other - third).move_id.mapped("invoice_date_due")), {DUE}
        )


@freeze_time("2026-10-05")
@tagged("post_install", "-at_install")
class TestDue(BalancesCommon):
    def test_a_run_proposes_the_days_of_the_site_and_follows_its_date(self):
        self.site.days_to_pay, self.other_site.days_to_pay = 10, 20
        with Form(self.env["property.billing.run"]) as form:
            form.date_from, form.date_to = date(2026, 9, 1), date(2026, 9, 30)
            self.assertEqual(form.invoice_date_due, date(2026, 9, 30))
            form.site_ids.add(self.site)
            self.assertEqual(form.invoice_date_due, date(2026, 10, 10))
            form.site_ids.add(self.other_site)
            self.assertEqual(form.invoice_date_due, date(2026, 10, 20), "nobody is given less")
            form.invoice_date = date(2026, 10, 1)
            self.assertEqual(form.invoice_date_due, date(2026, 10, 21))
            form.invoice_date_due = DUE
        self.assertEqual(form.record.invoice_date_due, DUE)

    def test_slips_are_refused(self):
        run = self.new_run()
        for day in (date(2026, 9, 29), date(2062, 10, 15)):
            with self.subTest(day), self.assertRaisesRegex(ValidationError, "2026-09-30"):
                run.invoice_date_due = day
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.site.days_to_pay = 366
            self.env.flush_all()

    def test_what_is_billed_keeps_its_day(self):
        run = self.new_run(items=self.management, invoice_date_due=DUE)
        run.action_compute()
        run.action_post()
        with self.assertRaisesRegex(UserError, "Undo it"):
            run.invoice_date_due = date(2026, 10, 31)

    def test_whoever_posts_bills_that_would_be_overdue_at_once_is_told(self):
        run = self.new_run(items=self.management)
        self.assertFalse(run.is_due_past, "there is nothing yet")
        run.action_compute()
        self.assertTrue(run.is_due_past)
        run.invoice_date_due = date(2026, 10, 5)
        self.assertFalse(run.is_due_past, "who pays today is in time")
        run.invoice_date_due = date(2026, 10, 4)
        run.action_post()
        self.assertFalse(run.is_due_past)

    def test_a_bill_that_stands_in_for_another_leaves_as_much_time(self):
        (move,) = self.bill(self.management, invoice_date_due=DUE).filtered(
            lambda one: one.unit_id == self.unit
        )
        request = (
            self.env["property.adjustment"]
            .with_user(self.users["cashier"])
            .create(
                {
                    "charge_id": move.property_charge_id.id,
                    "kind": "correction",
                    "new_quantity": 90.0,
                    "reason_code": "area",
                    "reason": "Measured again",
                }
            )
        )
        request.action_submit()
        request.with_user(self.users["finance"]).action_approve()
        new = request.sudo().new_charge_id.move_id
        self.assertEqual((new.invoice_date, new.invoice_date_due), (date(2026, 10, 5), DUE))


@freeze_time("2026-10-05")
@tagged("post_install", "-at_install")
class TestDueAgain(RequestsCommon):
    def test_bills_made_again_are_due_as_they_were(self):
        run = self.new_run(items=self.management, invoice_date_due=DUE)
        run.action_compute()
        run.action_post()
        self.management.tariff_ids.price = 2.5
        request = self.env["property.rerate"].create(
            {
                "site_id": self.site.id,
                "item_ids": [(6, 0, self.management.ids)],
                "date_from": date(2026, 9, 1),
                "date_to": date(2026, 9, 30),
                "reason": "Wrong price",
            }
        )
        self.approve(request)
        moves = request.run_ids.charge_ids.move_id
        self.assertEqual(set(moves.mapped("invoice_date_due")), {DUE})


@tagged("post_install", "-at_install")
class TestLateFeeFromDue(BalancesCommon, LateFeeMixin):
    def test_late_fees_and_reminders_begin_after_the_day_to_pay_until(self):
        self.site.days_to_pay = 15
        self.set_up_late_fees()
        self.assertEqual(self.bill.invoice_date_due, DUE)
        self.assertEqual([float(self.fee(number)) for number in (1, 15)], [0.0, 0.0])
        self.assertEqual(float(self.fee(25)), 1.5, "300.00 x 0.05% x 10 days")
