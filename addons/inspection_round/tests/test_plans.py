from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import NOW, InspectionCommon


@tagged("post_install", "-at_install")
class TestPlans(InspectionCommon):
    def rounds(self, plan):
        return self.env["inspection.round"].search([("plan_id", "=", plan.id)], order="planned_at")

    def test_a_plan_makes_the_rounds_of_its_days_ahead(self):
        rounds = self.rounds(self.new_plan(early_minutes=15, late_minutes=45))
        self.assertEqual(len(rounds), 7)
        self.assertEqual(rounds[0].planned_at, datetime(2026, 3, 2, 10))
        self.assertEqual(rounds[0].open_at, datetime(2026, 3, 2, 9, 45))
        self.assertEqual(rounds[0].deadline_at, datetime(2026, 3, 2, 10, 45))
        self.assertEqual(rounds[0].required_count, 3)
        self.assertEqual(set(rounds.mapped("state")), {"planned"})

    def test_rounds_made_again_are_the_same(self):
        plan = self.new_plan()
        before = self.rounds(plan)
        self.env["inspection.plan"]._cron_generate()
        plan.action_generate()
        self.assertEqual(self.rounds(plan), before)

    def test_the_next_day_adds_a_day(self):
        plan = self.new_plan()
        before = self.rounds(plan)
        self.clock.tick(timedelta(days=1))
        self.addCleanup(self.clock.move_to, NOW)
        self.env["inspection.plan"]._cron_generate()
        self.assertEqual(len(self.rounds(plan) - before), 1)

    def test_a_round_under_way_is_made_and_one_that_is_over_is_not(self):
        rounds = self.rounds(self.new_plan(times="06:00, 07:30", late_minutes=60))
        self.assertEqual(rounds[0].planned_at, datetime(2026, 3, 2, 7, 30))

    def test_the_clock_on_the_wall_decides(self):
        rounds = self.rounds(self.new_plan(times="22:00", tz="Asia/Shanghai"))
        self.assertEqual(rounds[0].planned_at, datetime(2026, 3, 2, 14))

    def test_a_changed_plan_replaces_future_rounds_and_leaves_those_that_began(self):
        plan = self.new_plan()
        first, second, *later = self.rounds(plan)
        first._begin(self.inspector, NOW)
        plan.times = "11:00"
        rounds = self.rounds(plan)
        self.assertEqual(first.planned_at, datetime(2026, 3, 2, 10))
        self.assertFalse(first.is_cancelled)
        self.assertNotIn(second, rounds)
        new = rounds - first
        self.assertEqual({one.planned_at.hour for one in new}, {11})
        self.assertEqual(len(new), 7)
        self.assertFalse(any(one.exists() for one in later))

    def test_a_round_that_phones_may_know_is_cancelled_instead_of_deleted(self):
        plan = self.new_plan()
        first = self.rounds(plan)[0]
        plan.times = "11:00"
        self.assertEqual(first.state, "cancelled")
        self.assertTrue(first.cancel_reason)
        self.check(first, self.gate)
        self.assertEqual(first.valid_count, 0, "before the round opens")
        self.assertEqual(len(first.checkin_ids), 1)

    def test_a_plan_changed_there_and_back_has_its_rounds_again(self):
        plan = self.new_plan()
        times = self.rounds(plan).mapped("planned_at")
        plan.times = "11:00"
        plan.times = "10:00"
        kept = self.rounds(plan).filtered(lambda one: not one.is_cancelled)
        self.assertEqual(kept.mapped("planned_at"), times)

    def test_rounds_that_fit_a_changed_plan_stay(self):
        plan = self.new_plan()
        before = self.rounds(plan)
        plan.times = "10:00, 15:00"
        self.assertLessEqual(before, self.rounds(plan))
        self.assertEqual(len(self.rounds(plan)), 14)

    def test_rounds_far_ahead_are_replaced_as_far(self):
        plan = self.new_plan()
        plan._generate(NOW + timedelta(days=30))
        plan.times = "11:00"
        kept = self.rounds(plan).filtered(lambda one: not one.is_cancelled)
        self.assertEqual(len(kept), 30)
        self.assertEqual({one.planned_at.hour for one in kept}, {11})

    def test_a_round_that_a_person_cancelled_does_not_come_back(self):
        plan = self.new_plan()
        self.rounds(plan)[1]._cancel("Holiday")
        plan.action_generate()
        self.assertEqual(len(self.rounds(plan)), 7)

    def test_an_archived_plan_or_route_withdraws_its_rounds(self):
        plan, other = self.new_plan(), self.new_plan(name="Other")
        plan.active = False
        kept = self.rounds(plan).filtered(lambda one: not one.is_cancelled)
        self.assertFalse(kept)
        self.route.active = False
        self.assertFalse(other.active)
        self.assertFalse(self.rounds(other).filtered(lambda one: not one.is_cancelled))

    def test_other_people_get_the_future_rounds(self):
        plan = self.new_plan(employee_ids=[Command.set(self.inspector.ids)])
        rounds = self.rounds(plan)
        self.assertEqual(rounds.employee_id, self.inspector)
        plan.employee_ids = self.inspector | self.other
        self.assertFalse(rounds.employee_id)
        self.assertEqual(rounds.employee_ids, self.inspector | self.other)

    def test_a_round_given_to_another_stays_with_him_when_the_times_change(self):
        plan = self.new_plan(employee_ids=[Command.set(self.inspector.ids)])
        one = self.rounds(plan)[-1]
        one.employee_id = self.other
        plan.times = "10:00, 15:00"
        self.assertEqual(one.employee_id, self.other)

    def test_a_deleted_plan_takes_its_future_rounds_with_it(self):
        plan = self.new_plan()
        first, second = self.rounds(plan)[:2]
        first._begin(self.inspector, NOW)
        plan.unlink()
        self.assertEqual((first.state, second.exists()), ("running", second.browse()))

    def test_a_random_start_is_kept_and_not_told_in_advance(self):
        plan = self.new_plan(window_minutes=120)
        delays = {one.planned_at - one.slot_at for one in self.rounds(plan)}
        self.assertGreater(len(delays), 1)
        before = self.rounds(plan).mapped("planned_at")
        plan.action_generate()
        self.assertEqual(self.rounds(plan).mapped("planned_at"), before)
        self.assertIn("10:00 – 12:00", plan.preview)

    def test_the_preview_shows_the_next_rounds_before_saving(self):
        plan = self.env["inspection.plan"].new(
            {"route_id": self.route.id, "times": "9:00", "tz": "UTC", "date_from": date(2026, 3, 1)}
        )
        self.assertEqual(plan.preview.splitlines()[0], "2026-03-02 Mon 09:00")
        self.assertEqual(len(plan.preview.splitlines()), 10)
        plan.times = "soon"
        self.assertFalse(plan.preview)

    def test_a_calendar_that_cannot_be_read_is_refused_with_the_word(self):
        for values, word in (
            ({"times": "25:00"}, "25:00"),
            ({"times": " , "}, "at least one time"),
            ({"repeat": "months", "month_days": "32"}, "32"),
            ({"repeat": "months", "month_days": ""}, "day of the month"),
            (
                {
                    "repeat": "weeks",
                    **dict.fromkeys(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], False),
                },
                "day of the week",
            ),
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, word):
                self.new_plan(**values)

    def test_a_slip_in_days_or_minutes_is_told_and_previewed_as_nothing(self):
        plan = self.new_plan()
        for vals, words in (
            ({"date_from": date(1, 1, 1)}, "another age"),
            ({"date_from": date(9999, 12, 31)}, "another age"),
            ({"date_to": date(9999, 12, 31)}, "another age"),
            ({"early_minutes": 44641}, "a month around"),
            ({"late_minutes": 44641}, "a month around"),
        ):
            with self.subTest(vals):
                self.assertFalse(plan.new({**plan.copy_data()[0], **vals}).preview)
                with (
                    self.assertRaisesRegex(ValidationError, words),
                    self.env.cr.savepoint(),
                ):
                    plan.write(vals)
        for vals in ({"window_minutes": -1}, {"late_minutes": 2**31 - 1}):
            self.assertFalse(plan.new({**plan.copy_data()[0], **vals}).preview)

    @mute_logger("odoo.sql_db")
    def test_rounds_are_not_made_for_more_days_than_the_table_takes(self):
        plan = self.new_plan()
        kernel = "odoo.addons.inspection_round.models.inspection_plan_rounds.occurrences"
        for vals in ({"ahead_days": 401}, {"every": 0}, {"window_minutes": -1}):
            with (
                self.subTest(vals),
                patch(kernel, side_effect=AssertionError),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                plan.write(vals)
        plan.sudo().made_until = datetime(2099, 1, 1)
        self.assertLess(plan._end().year, 2099)

    def test_the_database_refuses_a_second_round_of_a_slot(self):
        one = self.rounds(self.new_plan())[0]
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.new_round(plan_id=one.plan_id.id, slot_at=one.slot_at)

    def test_a_checkpoint_more_or_less_counts_for_rounds_not_begun(self):
        first, second = self.rounds(self.new_plan())[:2]
        first._begin(self.inspector, NOW)
        self.env["inspection.checkpoint"].create({"name": "Yard", "route_id": self.route.id})
        self.assertEqual((first.required_count, second.required_count), (3, 4))
        self.roof.active = False
        self.assertEqual((first.required_count, second.required_count), (3, 3))

    def test_many_rounds_take_as_many_queries_as_few(self):
        counts = []
        for days in (1, 2, 50):  # the first fills caches
            plan = self.new_plan(name=str(days), ahead_days=1, date_from=date(2026, 4, 1))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plan._generate(datetime(2026, 4, 1) + timedelta(days=days))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(plan.round_count, days)
        self.assertEqual(counts[1], counts[2])

    def test_many_plans_take_as_many_queries_as_few(self):
        counts = []
        for number in (1, 2, 20):  # the first fills caches
            plans = self.env["inspection.plan"]
            for index in range(number):
                route = self.new_route(f"{number}-{index}")
                plans |= self.new_plan(route_id=route.id, date_from=date(2026, 4, 1))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plans._generate(datetime(2026, 4, 3))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
