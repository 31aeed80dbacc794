"""The closed loop: every step by its method, in its order, by whom it concerns, in the log."""

from itertools import product

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.workflow import EVENTS, STEPS, may_happen
from .common import RequestCommon


@tagged("post_install", "-at_install")
class TestSteps(RequestCommon):
    def act(self, request, event):
        """Let an event happen with whatever it needs."""
        arguments = {
            "assign": [self.employee.id],
            "transfer": [self.employee_2.id, "Shift ends"],
            "reject": ["Busy"],
            "pause": ["Waiting for parts"],
            "reopen": ["Leaks again"],
            "cancel": ["Not needed"],
            "rate": [5, 4, 3],
            "return_visit": ["satisfied"],
        }
        return getattr(request, f"action_{event}")(*arguments.get(event, []))

    def in_step(self, step):
        """Bring a request to a step by its events."""
        request = self.new_request()
        path = {
            "new": "",
            "assigned": "assign",
            "accepted": "assign accept",
            "on_site": "assign accept arrive",
            "done": "assign accept arrive done",
            "confirmed": "assign accept arrive done confirm",
            "closed": "assign accept arrive done rate",
            "cancelled": "cancel",
        }
        for event in path[step].split():
            self.act(request, event)
        self.assertEqual(request.step, step)
        return request

    def test_a_repair_goes_from_raised_to_rated(self):
        request = self.new_request()
        owner = request.with_user(self.portal_user)
        engineer = request.with_user(self.engineer)
        request.with_user(self.users["service"]).action_assign(self.employee.id)
        self.assertEqual((request.step, request.user_id), ("assigned", self.engineer))
        engineer.action_accept()
        engineer.action_arrive()
        engineer.action_done("New seal")
        self.assertEqual((request.step, bool(request.close_date)), ("done", True))
        owner.action_confirm()
        self.assertEqual(request.step, "confirmed")
        owner.action_rate(5, 4, 3, "Quick")
        self.assertEqual(request.step, "closed")
        self.assertEqual(
            request.step_ids.mapped("event"),
            ["create", "assign", "accept", "arrive", "done", "confirm", "rate"],
        )
        users = [entry.user_id.login for entry in request.step_ids]
        self.assertEqual(
            users[1:], ["staff.service", *["staff.engineer"] * 3, *["portal.owner"] * 2]
        )

    def test_every_step_allows_exactly_the_events_of_the_workflow(self):
        for step, event in product(STEPS, EVENTS):
            if event in ("auto_confirm", "resume", "take"):
                continue
            request = self.in_step(step)
            with self.subTest(f"{event} in {step}"):
                if may_happen(event, step, "repair"):
                    self.act(request, event)
                    self.assertEqual(request.step, EVENTS[event].target or step)
                else:
                    with self.assertRaisesRegex(UserError, "not possible now|already"):
                        self.act(request, event)
                    self.assertEqual(request.step, step)

    def test_a_question_is_answered_from_the_desk(self):
        request = self.new_request(self.question)
        request.action_assign(self.employee)
        request.action_accept()
        request.action_done("Explained")
        self.assertEqual((request.step, request.arrive_due_at), ("done", False))

    def test_a_rejected_request_is_new_again_and_says_why(self):
        request = self.in_step("assigned")
        request.with_user(self.engineer).action_reject("On another job")
        self.assertEqual((request.step, request.assignee_id.id), ("new", False))
        entry = request.step_ids[-1]
        self.assertEqual(
            (entry.event, entry.reason, entry.from_employee_id),
            ("reject", "On another job", self.employee),
        )
        self.assertFalse(entry.is_public)

    def test_a_transferred_request_is_gone_from_the_first_engineer(self):
        request = self.in_step("accepted")
        request.with_user(self.engineer).action_transfer(self.employee_2.id, "End of shift")
        self.assertEqual((request.step, request.assignee_id), ("assigned", self.employee_2))
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            request.with_user(self.engineer).action_accept()
        request.with_user(self.engineer_2).action_accept()

    def test_a_pause_needs_a_reason_and_done_ends_it(self):
        request = self.in_step("on_site")
        with self.assertRaisesRegex(UserError, "Say why"):
            request.action_pause("  ")
        request.action_pause("Parts")
        self.assertEqual((request.is_paused, request.kanban_state), (True, "blocked"))
        with self.assertRaisesRegex(UserError, "paused already"):
            request.action_pause("Again")
        request.action_done()
        self.assertEqual((request.is_paused, request.step), (False, "done"))
        self.assertEqual(request.step_ids.mapped("event")[-3:], ["pause", "resume", "done"])

    def test_reopening_counts_and_starts_again_at_the_desk(self):
        request = self.in_step("closed")
        request.with_user(self.portal_user).action_reopen("Leaks again")
        self.assertEqual((request.step, request.reopen_count), ("new", 1))
        self.assertFalse(request.finish_done_at or request.close_date or request.assignee_id)
        self.assertTrue(request.respond_done_at, "the first response stays measured")

    def test_urging_counts(self):
        request = self.in_step("assigned")
        request.with_user(self.portal_user).action_urge()
        request.action_urge()
        self.assertEqual(request.urge_count, 2)

    def test_a_rating_is_three_times_one_to_five_stars(self):
        for stars in ((0, 5, 5), (5, 6, 5), (5, 5, -1), ("5", 5, 5), (4.5, 5, 5), (True, 5, 5)):
            request = self.in_step("done")
            with self.subTest(stars), self.assertRaisesRegex(UserError, "1 to 5"):
                request.action_rate(*stars)
            self.assertEqual(request.step, "done")

    def test_the_mean_of_a_rating_is_the_stock_rating(self):
        request = self.in_step("done")
        request.with_user(self.portal_user).action_rate(5, 4, 3, "Fine")
        self.assertEqual(request.rating_last_value, 4)
        rating = request.rating_ids
        self.assertEqual(
            (rating.partner_id, rating.rated_partner_id, rating.feedback),
            (self.owner, self.engineer.partner_id, "Fine"),
        )

    def test_open_tasks_of_the_checklist_hold_up_done(self):
        self.leak.task_ids = [(0, 0, {"name": "Close the valve"})]
        request = self.in_step("on_site")
        with self.assertRaisesRegex(UserError, "Close the valve"):
            request.action_done()
        request.task_ids.is_done = True
        request.action_done()
        self.assertEqual(request.step, "done")

    def test_silence_confirms_after_the_days_of_the_company_and_not_before(self):
        self.company.request_confirm_days = 3
        requests = self.in_step("done") | self.in_step("done")
        late, early = requests
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE maintenance_request SET finish_done_at = finish_done_at - interval '73 hours'"
            " WHERE id = %s",
            [late.id],
        )
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            cron = self.env.ref("property_maintenance.ir_cron_auto_confirm")
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((late.step, early.step), ("confirmed", "done"))
        self.assertEqual(late.step_ids.mapped("event").count("auto_confirm"), 1)

    def test_a_return_visit_is_recorded_with_its_result(self):
        request = self.in_step("closed")
        request.with_user(self.users["service"]).action_return_visit("unsatisfied", "Too slow")
        self.assertEqual(request.return_visit_result, "unsatisfied")
        with self.assertRaisesRegex(UserError, "satisfied"):
            request.action_return_visit("whatever")

    def test_the_log_only_grows(self):
        entry = self.in_step("assigned").step_ids[0]
        for attempt in (lambda: entry.write({"reason": "x"}), entry.unlink):
            with self.assertRaisesRegex(UserError, "log"):
                attempt()

    def test_nobody_writes_a_step_by_hand(self):
        request = self.in_step("assigned").with_user(self.users["manager"])
        stage = self.env["maintenance.stage"]._of_step("closed")
        for vals in (
            {"stage_id": stage.id, "name": "x"},
            {"respond_done_at": "2026-01-01 00:00:00"},
            {"reopen_count": 0},
            {"archive": True},
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "buttons"):
                request.write(vals)
        with self.assertRaisesRegex(UserError, "starts as new"):
            request.create(
                {"name": "x", "unit_id": self.unit.id, "finish_done_at": "2026-01-01 00:00:00"}
            )

    def test_dragging_a_card_to_a_person_assigns_or_transfers(self):
        request = self.new_request().with_user(self.users["service"])
        request.write({"assignee_id": self.employee.id})
        self.assertEqual(request.step, "assigned")
        request.with_user(self.engineer).write(
            {"stage_id": self.env["maintenance.stage"]._of_step("accepted").id}
        )
        request.write({"assignee_id": self.employee_2.id})
        self.assertEqual((request.step, request.assignee_id), ("assigned", self.employee_2))
        self.assertEqual(request.step_ids[-1].event, "transfer")

    def test_a_foreign_employee_is_not_assigned(self):
        other = self.new_staff("staff.foreign", self.new_job("engineer"), self.other_site)
        request = self.new_request()
        with self.assertRaisesRegex(UserError, "does not work on"):
            request.action_assign(other.employee_ids)
        self.assertEqual(request.step, "new")

    def test_stock_requests_without_a_site_work_as_before(self):
        request = self.env["maintenance.request"].create({"name": "Printer"})
        stage = self.env.ref("maintenance.stage_1")
        request.write({"stage_id": stage.id})
        self.assertEqual((request.stage_id, request.step), (stage, False))
        with self.assertRaisesRegex(UserError, "no service request"):
            request.action_accept()

    def test_the_form_offers_what_the_workflow_allows(self):
        request = self.new_request()
        service = request.with_user(self.users["service"])
        engineer = request.with_user(self.engineer)
        self.assertTrue(service.can_assign and service.can_cancel)
        self.assertFalse(service.can_take or service.can_accept)
        self.assertTrue(engineer.can_take)
        engineer.action_take()
        self.assertTrue(engineer.can_arrive and engineer.can_pause)
        self.assertFalse(engineer.can_resume or engineer.can_take)

    def test_the_wizard_lets_its_event_happen(self):
        request = self.new_request()
        wizard = self.env["property.request.event"].with_user(self.users["service"])
        action = (
            request.with_user(self.users["service"]).with_context(event="assign").action_event()
        )
        form = wizard.with_context(**action["context"]).create({"employee_id": self.employee.id})
        self.assertIn(self.employee.id, form.candidates)
        form.action_apply()
        self.assertEqual(request.step, "assigned")
        wizard.create(
            {"request_ids": request.ids, "event": "cancel", "reason": "Twice"}
        ).action_apply()
        self.assertEqual((request.step, request.cancel_reason), ("cancelled", "Twice"))
