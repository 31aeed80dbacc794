"""What runs late is told along the chain: each link once, also after the job was down."""

from odoo import fields
from odoo.tests import tagged

from .common import RequestCommon


@tagged("post_install", "-at_install")
class TestEscalation(RequestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.always = cls.new_calendar("Around the clock", 0, 24)
        cls.leak.calendar_id = cls.always

    def rule(self, **vals):
        return self.env["property.escalation.rule"].create(
            {"name": "Late", "company_id": self.company.id, "recipient": "manager", **vals}
        )

    def run_job(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("property_maintenance.ir_cron_escalate").method_direct_trigger()
        self.env.invalidate_all()

    def events(self, request):
        return request.step_ids.filtered(lambda entry: entry.event == "escalate").mapped("reason")

    def test_each_link_of_the_chain_is_used_once_however_often_the_job_runs(self):
        self.rule(name="At once")
        self.rule(name="A day later", minutes=24 * 60)
        self.rule(name="Ten days later", minutes=240 * 60)
        request = self.back(self.new_request(), days=3)
        for _run in range(3):
            self.run_job()
        self.assertEqual(self.events(request), ["At once", "A day later"])
        self.assertEqual(len(request.escalation_ids), 2)

    def test_a_share_of_the_working_time_is_enough_for_a_warning(self):
        self.rule(name="80 %", trigger="share", percent=80)
        early, soon = self.new_request(), self.new_request()
        self.back(early, hours=6)  # of 8
        self.back(soon, hours=6, minutes=30)
        self.run_job()
        self.assertEqual((self.events(early), self.events(soon)), ([], ["80 %"]))

    def test_paused_finished_and_foreign_requests_are_left_alone(self):
        self.rule(site_id=self.site.id)
        self.rule(category_id=self.question.id)
        paused = self.back(self.new_request(), days=3)
        paused.action_assign(self.employee)
        paused.action_pause("Parts")
        done = self.back(self.new_done(), days=3)
        foreign = self.back(self.new_request(unit_id=self.other_unit.id, contact_id=False), days=3)
        self.run_job()
        self.assertFalse((paused | done | foreign).escalation_ids)

    def test_after_reopening_the_chain_starts_again(self):
        self.rule()
        request = self.back(self.new_request(), days=3)
        self.run_job()
        request.action_assign(self.employee)
        request.action_accept()
        request.action_arrive()
        request.action_done()
        request.action_reopen("Again")
        request.reopened_at = request.raised_at
        self.run_job()
        self.assertEqual(request.escalation_ids.sorted("round").mapped("round"), [0, 1])

    def test_the_site_manager_gets_an_activity_in_his_language(self):
        self.rule(means="activity")
        request = self.back(self.new_request(), days=3)
        self.run_job()
        activity = request.activity_ids
        self.assertEqual(activity.user_id, self.users["manager"])
        self.assertIn("Late", activity.summary)

    def test_messages_and_pop_ups_reach_whom_the_rule_names(self):
        self.rule(name="Mail", means="message", recipient="desk")
        self.rule(name="Pop-up", means="popup", recipient="assignee")
        request = self.new_request()
        request.action_assign(self.employee)
        self.back(request, days=3)
        self.run_job()
        message = request.message_ids.search(
            [
                ("model", "=", request._name),
                ("res_id", "=", request.id),
                ("subject", "like", "Mail"),
            ]
        )
        self.assertEqual(message.notified_partner_ids, self.users["service"].partner_id)
        notes = request.step_ids.filtered(lambda entry: entry.event == "escalate").mapped("note")
        self.assertEqual(notes, ["staff.service", "staff.engineer"])

    def test_nobody_is_told_about_sites_he_does_not_see(self):
        rule = self.rule(recipient="employee", employee_id=self.employee.id)
        foreign = self.new_request(unit_id=self.other_unit.id, contact_id=False)
        self.assertFalse(rule._recipients(foreign))
        self.assertEqual(rule._recipients(self.new_request()), self.engineer)

    def test_looking_for_what_is_due_takes_the_same_queries_for_one_and_fifty(self):
        rule = self.rule(trigger="share", percent=50)
        self.back(self.new_request(), hours=7)
        now = fields.Datetime.now()
        counts = []
        for more in (0, 49):
            for _number in range(more):
                self.back(self.new_request(), hours=7)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = rule._due_requests(now)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(found), more + 1)
        self.assertEqual(counts[0], counts[1])
