"""Who gets what comes in: by rule, in turn, by load, by pool, by hand."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import RequestCommon


@tagged("post_install", "-at_install")
class TestDispatch(RequestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        always = cls.new_calendar("Around the clock", 0, 24)
        for employee in cls.employee | cls.employee_2:
            employee.resource_calendar_id = always

    def rule(self, method, **vals):
        return self.env["property.dispatch.rule"].create(
            {"name": method, "method": method, "company_id": self.company.id, **vals}
        )

    def test_without_a_rule_repairs_go_to_the_pool_and_questions_wait_at_the_desk(self):
        self.assertTrue(self.new_request().is_pool)
        self.assertFalse(self.new_request(self.question).is_pool)
        self.assertEqual(self.new_request().maintenance_team_id, self.team)

    def test_in_turn_the_members_get_one_after_the_other(self):
        self.rule("round_robin")
        got = [self.new_request().assignee_id for _number in range(4)]
        self.assertEqual(got, [self.employee, self.employee_2] * 2)

    def test_the_least_loaded_member_gets_it(self):
        self.new_request().action_assign(self.employee)
        self.new_request().action_assign(self.employee)
        self.rule("least_loaded")
        self.assertEqual(self.new_request().assignee_id, self.employee_2)

    def test_who_is_off_shift_gets_nothing_and_an_empty_shift_leaves_it_in_the_pool(self):
        hour = fields.Datetime.now().hour
        asleep = self.new_calendar("Other hours", *((0, 1) if hour >= 12 else (22, 23)))
        self.employee.resource_calendar_id = asleep
        self.rule("least_loaded")
        self.assertEqual(self.new_request().assignee_id, self.employee_2)
        self.employee_2.resource_calendar_id = asleep
        request = self.new_request()
        self.assertEqual((request.assignee_id.id, request.is_pool), (False, True))

    def test_members_of_other_sites_get_nothing(self):
        self.employee.site_ids = self.other_site
        self.rule("round_robin")
        self.assertEqual(
            {self.new_request().assignee_id for _number in range(2)}, {self.employee_2}
        )

    def test_the_first_rule_that_fits_counts(self):
        self.rule("manual", sequence=1, site_id=self.other_site.id)
        self.rule("manual", sequence=2, urgency="urgent")
        self.rule("manual", sequence=3, category_id=self.question.id)
        night = self.new_calendar("Never now", 0, 0.01)
        self.rule("manual", sequence=4, calendar_id=night.id)
        self.rule("round_robin", sequence=5, category_id=self.repair.id)
        noon = fields.Datetime.now().replace(hour=12)
        self.assertEqual(self.new_request(raised_at=noon).step, "assigned")
        urgent = self.new_request(is_urgent=True, raised_at=noon)
        self.assertEqual((urgent.step, urgent.is_pool), ("new", False))

    def test_assigning_by_rule_says_which_rule(self):
        self.rule("round_robin", name="Day shift")
        entry = self.new_request().step_ids[-1]
        self.assertEqual((entry.event, entry.reason), ("assign", "Day shift"))
        self.assertEqual(entry.to_employee_id, self.employee)

    def test_a_member_takes_an_order_from_the_pool_and_has_it(self):
        request = self.new_request()
        request.with_user(self.engineer).action_take()
        self.assertEqual((request.step, request.assignee_id), ("accepted", self.employee))
        self.assertFalse(request.is_pool)
        self.assertLess(fields.Datetime.now() - request.respond_done_at, timedelta(minutes=1))

    def test_the_second_to_take_it_is_told_who_has_it(self):
        request = self.new_request()
        mine = request.with_user(self.engineer_2)
        self.assertEqual(mine.step, "new")  # what the second one has on the screen
        request.with_user(self.engineer).action_take()
        with self.assertRaisesRegex(UserError, "already taken by staff.engineer"):
            mine.action_take()
        with self.assertRaisesRegex(UserError, "already taken by staff.engineer"):
            request.action_take()
        self.assertEqual(request.assignee_id, self.employee)

    def test_only_members_of_the_team_see_its_pool(self):
        self.team.member_ids = self.engineer_2
        request = self.new_request()
        self.assertFalse(request.with_user(self.engineer).has_access("read"))
        with self.assertRaises(AccessError):
            request.with_user(self.engineer).action_take()
        request.with_user(self.engineer_2).action_take()

    def test_managers_change_the_rules_of_their_sites_only(self):
        manager = self.users["manager"]
        own = self.rule("pool", site_id=self.site.id)
        general = self.rule("pool")
        foreign = self.rule("pool", site_id=self.other_site.id)
        self.assertTrue(own.with_user(manager).has_access("write"))
        self.assertTrue(general.with_user(manager).has_access("read"))
        self.assertFalse(general.with_user(manager).has_access("write"))
        self.assertFalse(foreign.with_user(manager).has_access("read"))
