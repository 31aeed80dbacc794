import doctest
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger
from psycopg2.errors import ExclusionViolation

from ..tools import patrol_roster
from ..tools.patrol_roster import Duty, Hours, is_on, minutes_of, shift_day
from .patrol_common import NOW, PatrolCommon, local

FIRST = date(2026, 2, 27)  # a month ends within the days that are looked at
MINUTES = st.integers(0, 24 * 60 - 1)


def walk_shifts(hours, moment):
    """Find the shift of a moment by walking through every minute of the shift of three days."""
    for back in (0, 1, 2):
        day = moment.date() - timedelta(days=back)
        at = datetime.combine(day, datetime.min.time()) + timedelta(minutes=hours.start)
        while True:
            if at == moment:
                return day
            at += timedelta(minutes=1)
            if at.hour * 60 + at.minute == hours.end:
                break
    return None


def walk_days(duty, until):
    """List days of duty like somebody who crosses them out on a calendar."""
    day, found = duty.first, []
    while day <= min(until, duty.last or until):
        for _on in range(duty.days_on):
            found.append(day)
            day += timedelta(days=1)
        day += timedelta(days=duty.days_off)
    return [day for day in found if day <= min(until, duty.last or until)]


@tagged("post_install", "-at_install")
class TestRosterKernel(BaseCase):
    def test_documented_examples_hold(self):
        self.assertFalse(doctest.testmod(patrol_roster).failed)

    @given(MINUTES, MINUTES, st.integers(0, 3), MINUTES)
    def test_a_moment_belongs_to_the_shift_that_covers_it_minute_by_minute(
        self, start, end, days, minute
    ):
        moment = datetime.combine(FIRST + timedelta(days=days), datetime.min.time())
        moment += timedelta(minutes=minute)
        hours = Hours(start, end)
        self.assertEqual(shift_day(hours, moment), walk_shifts(hours, moment))

    @given(MINUTES, MINUTES, MINUTES)
    def test_two_shifts_that_share_a_day_never_run_at_once_and_leave_no_gap(self, a, b, minute):
        moment = datetime(2026, 3, 2, minute // 60, minute % 60)
        running = [hours for hours in (Hours(a, b), Hours(b, a)) if shift_day(hours, moment)]
        self.assertEqual(len(running), 2 if a == b else 1)

    @given(
        st.integers(1, 6),
        st.integers(0, 6),
        st.one_of(st.none(), st.integers(0, 40)),
        st.integers(-3, 45),
    )
    def test_days_off_come_in_turn_as_on_a_calendar(self, days_on, days_off, length, offset):
        last = None if length is None else FIRST + timedelta(days=length)
        duty, day = Duty(FIRST, last, days_on, days_off), FIRST + timedelta(days=offset)
        self.assertEqual(is_on(duty, day), day in walk_days(duty, FIRST + timedelta(days=45)))

    def test_seconds_and_midnight_as_24_belong_to_no_other_shift(self):
        evening = Hours(minutes_of(16), minutes_of(24))
        last = datetime(2026, 3, 2, 23, 59, 59)
        self.assertEqual(shift_day(evening, last), date(2026, 3, 2))
        self.assertIsNone(shift_day(evening, last + timedelta(seconds=1)))


@tagged("post_install", "-at_install")
class TestPatrolRoster(PatrolCommon):
    def crew(self, text):
        return (self.day | self.night)._crew(local(text))

    def test_who_is_on_duty_follows_from_the_clock_of_the_site(self):
        self.assertEqual(self.crew("2026-03-02 19:59"), self.guard | self.leader)
        self.assertEqual(self.crew("2026-03-02 20:00"), self.night_guard | self.leader)
        self.assertEqual(self.crew("2026-03-03 07:59"), self.night_guard | self.leader)

    def test_a_night_belongs_to_the_day_on_which_it_began(self):
        self.roster(self.night, self.spare, date(2026, 3, 2), date_to=date(2026, 3, 2))
        self.assertIn(self.spare, self.crew("2026-03-03 03:00"))
        self.assertNotIn(self.spare, self.crew("2026-03-02 03:00"))
        self.assertNotIn(self.spare, self.crew("2026-03-03 21:00"))

    def test_a_guard_has_days_off_in_turn(self):
        self.roster(self.day, self.spare, date(2026, 3, 1), days_on=1, days_off=2)
        days = [day for day in range(1, 8) if self.spare in self.crew(f"2026-03-{day:02d} 12:00")]
        self.assertEqual(days, [1, 4, 7])

    def test_the_leader_of_the_day_is_told_instead_of_the_shift_s(self):
        self.roster(self.day, self.spare, date(2026, 3, 3), is_leader=True)
        self.assertEqual(self.day._leaders(local("2026-03-02 12:00")), self.leader)
        self.assertEqual(self.day._leaders(local("2026-03-03 12:00")), self.spare)
        self.assertNotIn(self.leader, self.crew("2026-03-03 12:00"))

    def test_a_shift_shows_who_is_on_duty_now(self):
        self.assertEqual((self.day.is_running, self.night.is_running), (True, False))
        self.assertEqual(self.day.on_duty_ids, self.guard | self.leader)
        self.assertFalse(self.night.on_duty_ids)

    def test_a_manager_who_sees_no_employee_files_sees_who_is_on_duty(self):
        self.env.invalidate_all()
        shown = self.day.with_user(self.manager).web_read(
            {"is_running": {}, "on_duty_ids": {"fields": {"display_name": {}}}}
        )
        names = {one["display_name"] for one in shown[0]["on_duty_ids"]}
        self.assertEqual(names, {self.guard.name, self.leader.name})

    @mute_logger("odoo.sql_db")
    def test_a_guard_is_on_a_shift_s_roster_once_a_day(self):
        with self.assertRaises(ExclusionViolation):
            self.roster(self.day, self.guard, date(2026, 3, 5))

    def test_a_leader_of_another_company_is_refused(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        stranger = self.env["hr.employee"].create({"name": "X", "company_id": company.id})
        with self.assertRaises(UserError):
            self.day.leader_id = stranger

    def test_a_manager_moves_no_shift_to_a_site_that_is_not_his(self):
        with self.assertRaises(AccessError):
            self.day.with_user(self.manager).site_id = self.other_site
        far = self.day.copy({"name": "Far", "site_id": self.other_site.id})
        duty = self.day.duty_ids
        with self.assertRaises(AccessError):
            duty.with_user(self.manager).shift_id = far


@tagged("post_install", "-at_install")
class TestPatrolPlans(PatrolCommon):
    def rounds(self, plan):
        return self.env["inspection.round"].search([("plan_id", "=", plan.id)], order="planned_at")

    def test_a_patrol_needs_a_site(self):
        with self.assertRaises(ValidationError):
            self.env["inspection.route"].create({"name": "Nowhere", "kind": "patrol"})

    def test_rounds_go_to_the_shift_that_is_on_duty_when_they_start(self):
        first, second, third = self.rounds(self.new_plan())[:3]
        self.assertEqual(first.planned_at, local("2026-03-02 14:00"))
        self.assertEqual((first.shift_id, second.shift_id), (self.day, self.night))
        self.assertEqual(first.employee_ids, self.guard | self.leader)
        self.assertEqual(second.employee_ids, self.night_guard | self.leader)
        self.assertEqual(third.shift_id, self.night)

    def test_a_random_start_is_the_same_when_rounds_are_made_again(self):
        plan = self.new_plan(window_minutes=50)
        starts = self.rounds(plan).mapped("planned_at")
        self.assertNotEqual({start.minute for start in starts}, {0})
        self.rounds(plan).unlink()
        plan._generate()
        self.assertEqual(self.rounds(plan).mapped("planned_at"), starts)

    def test_a_random_start_after_a_change_of_shift_goes_to_the_next_shift(self):
        plan = self.new_plan(times="19:30", window_minutes=59, ahead_days=30)
        for one in self.rounds(plan):
            is_night = one.planned_at.hour >= 12
            self.assertEqual(one.shift_id, self.night if is_night else self.day)
        self.assertEqual(self.rounds(plan).shift_id, self.day | self.night)

    def test_planned_rounds_follow_the_roster(self):
        plan = self.new_plan()
        self.roster(self.night, self.spare, date(2026, 3, 3))
        before, *_day, after = self.rounds(plan).filtered(lambda one: one.shift_id == self.night)
        self.assertNotIn(self.spare, before.employee_ids)
        self.assertIn(self.spare, after.employee_ids)
        self.night.duty_ids.filtered(lambda duty: duty.employee_id == self.spare).unlink()
        self.assertNotIn(self.spare, after.employee_ids)

    def test_rounds_follow_the_hours_and_the_leader_of_a_shift(self):
        plan = self.new_plan()
        self.day.write({"hour_from": 15, "leader_id": False})
        self.night.hour_to = 15
        self.assertEqual(self.rounds(plan)[0].shift_id, self.night)
        evening = self.rounds(plan).filtered(lambda one: one.shift_id == self.day)
        self.assertFalse(evening.filtered(lambda one: self.leader in one.employee_ids))

    def test_a_round_that_has_begun_keeps_its_guards(self):
        plan = self.new_plan()
        one = self.rounds(plan)[0]
        one.sudo().started_at = NOW
        self.day.duty_ids.unlink()
        self.assertIn(self.guard, one.employee_ids)

    def test_without_shifts_rounds_go_to_the_people_the_plan_names(self):
        plan = self.new_plan()
        plan.write({"shift_ids": [Command.clear()], "employee_ids": [Command.set(self.spare.ids)]})
        rounds = self.rounds(plan)
        self.assertEqual((rounds.employee_ids, rounds.employee_id), (self.spare, self.spare))
        self.assertFalse(rounds.shift_id)

    def test_a_shift_of_the_site_is_proposed_for_a_patrol(self):
        plan = self.env["inspection.plan"].new({"route_id": self.route.id})
        plan._onchange_route_id()
        self.assertEqual(plan.shift_ids._origin, self.day | self.night)

    def test_planning_a_month_needs_as_many_queries_as_planning_a_day(self):
        plan = self.new_plan(ahead_days=1)
        day = self.count_queries(lambda: plan._generate(NOW + timedelta(days=2)))
        month = self.count_queries(lambda: plan._generate(NOW + timedelta(days=24)))
        self.assertLess(month, day + 10)
