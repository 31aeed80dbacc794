"""Deadlines in working hours; a pause stops the clock; what is late is a matter of dates."""

from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from .common import MONDAY, RequestCommon


@tagged("post_install", "-at_install")
class TestRequestClock(RequestCommon):
    def test_deadlines_count_working_hours_only(self):
        request = self.new_request(raised_at=datetime(2026, 3, 2, 19))
        self.assertEqual(request.respond_due_at, datetime(2026, 3, 2, 20))
        self.assertEqual(request.arrive_due_at, datetime(2026, 3, 3, 9))
        self.assertEqual(request.finish_due_at, datetime(2026, 3, 3, 15))
        self.assertEqual(request.sla_due_at, request.respond_due_at)

    def test_a_public_holiday_is_no_working_time(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
                "date_from": datetime(2026, 3, 2, 0),
                "date_to": datetime(2026, 3, 2, 23, 59, 59),
            }
        )
        request = self.new_request(raised_at=MONDAY)
        self.assertEqual(request.finish_due_at, datetime(2026, 3, 3, 16))

    def test_nobody_has_to_come_before_the_time_the_resident_wants(self):
        request = self.new_request(raised_at=MONDAY, preferred_at=MONDAY + timedelta(days=2))
        self.assertEqual(request.respond_due_at, MONDAY + timedelta(hours=1))
        self.assertEqual(request.arrive_due_at, MONDAY + timedelta(days=2, hours=2))

    def test_a_pause_moves_the_deadlines_by_its_working_time(self):
        request = self.new_request(raised_at=MONDAY)
        due = request.finish_due_at
        request.action_assign(self.employee)
        request._happen("pause", {"is_paused": True}, at=MONDAY + timedelta(hours=1))
        self.assertEqual((request.sla_state, request.finish_due_at), ("paused", due))
        request._happen("resume", {"is_paused": False}, at=MONDAY + timedelta(hours=4))
        self.assertEqual(request.finish_due_at, due + timedelta(hours=3))

    def test_after_reopening_the_clock_of_the_work_starts_again(self):
        request = self.new_done(raised_at=MONDAY)
        request.action_reopen("Again")
        self.assertGreater(request.finish_due_at, fields.Datetime.now())
        self.assertLess(request.respond_due_at, fields.Datetime.now())

    def test_a_longer_limit_than_the_first_horizon_is_found(self):
        slow = self.new_category("Slow", finish_hours=12 * 40)
        request = self.new_request(slow, raised_at=MONDAY.replace(hour=8))
        self.assertEqual(request.finish_due_at, datetime(2026, 4, 10, 20))

    def test_without_limits_there_is_no_deadline(self):
        free = self.new_category("Free", respond_hours=0, arrive_hours=0, finish_hours=0)
        request = self.new_request(free)
        self.assertEqual((request.sla_due_at, request.sla_state), (False, "none"))

    def test_states_are_the_same_in_python_and_in_sql(self):
        free = self.new_category("Free", respond_hours=0, arrive_hours=0, finish_hours=0)
        paused = self.new_request()
        paused.action_assign(self.employee)
        paused.action_pause("Parts")
        fine, bad = self.new_done(), self.new_done()
        self.back(bad, days=9)
        requests = (
            self.new_request()
            | self.back(self.new_request(), days=9)
            | self.new_request(free)
            | paused
            | fine
            | bad
        )
        self.env.flush_all()
        states = requests.mapped("sla_state")
        self.assertEqual(states, ["on_time", "late", "none", "paused", "met", "missed"])
        for request, state in zip(requests, states, strict=True):
            found = requests.search([("id", "in", requests.ids), ("sla_state", "=", state)])
            self.assertEqual(found, request)
            self.assertEqual(requests.filtered_domain([("sla_state", "=", state)]), request)
        groups = dict(
            requests._read_group([("id", "in", requests.ids)], ["sla_state"], ["__count"])
        )
        self.assertEqual(groups, dict.fromkeys(states, 1))

    def test_late_clocks_are_found_by_search_as_by_reading(self):
        late = self.back(self.new_request(), days=9)
        fresh = self.new_request()
        both = late | fresh
        for clock in ("respond", "arrive", "finish"):
            name = f"is_{clock}_late"
            self.assertEqual(both.mapped(name), [True, False])
            domain = [("id", "in", both.ids)]
            self.assertEqual(both.search([*domain, (name, "=", True)]), late)
            self.assertEqual(both.search([*domain, (name, "=", False)]), fresh)

    def test_the_time_left_reads_as_people_say_it(self):
        request = self.new_request()
        self.assertRegex(request.sla_text, "left$")
        self.assertRegex(self.back(request, days=9).sla_text, r"^\d+ d \d+ h over$")
