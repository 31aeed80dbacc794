from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from psycopg2 import IntegrityError

from ..tools.states import STATES
from .common import NOW, InspectionCommon

HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install")
class TestRounds(InspectionCommon):
    def at(self, moment):
        """Move the clock, and read everything anew."""
        self.clock.move_to(moment)
        self.addCleanup(self.clock.move_to, NOW)
        self.env.invalidate_all()

    def worlds(self):
        """Make a round of every state."""
        facts = {"started_at": NOW, "finished_at": NOW, "is_cancelled": True}
        return {
            "planned": self.new_round(NOW + HOUR),
            "open": self.new_round(),
            "running": self.new_round(started_at=facts["started_at"]),
            "done": self.new_round(NOW - 3 * HOUR, started_at=NOW, finished_at=NOW),
            "incomplete": self.new_round(NOW - 3 * HOUR, started_at=NOW - 3 * HOUR),
            "missed": self.new_round(NOW - 3 * HOUR),
            "cancelled": self.new_round(is_cancelled=True),
        }

    def test_the_state_is_the_same_read_searched_and_grouped(self):
        rounds = self.worlds()
        self.assertEqual(set(rounds), set(STATES))
        everything = self.env["inspection.round"].concat(*rounds.values())
        mine = [("id", "in", everything.ids)]
        for state, one in rounds.items():
            with self.subTest(state):
                self.assertEqual(one.state, state)
                self.assertEqual(everything.search([*mine, ("state", "=", state)]), one)
                self.assertEqual(
                    everything.search([*mine, ("state", "!=", state)]), everything - one
                )
        groups = everything._read_group(mine, ["state"], ["id:recordset"])
        self.assertEqual(dict(groups), rounds)

    def test_a_round_is_missed_at_its_deadline_without_any_job(self):
        one = self.new_round()
        self.at(one.deadline_at)
        self.assertEqual(one.state, "open")
        self.at(one.deadline_at + timedelta(seconds=1))
        self.assertEqual(one.state, "missed")
        found = self.env["inspection.round"].search([("state", "=", "missed")])
        self.assertIn(one, found)

    def test_followers_of_a_route_are_told_once_what_was_missed(self):
        missed, done = self.new_round(), self.new_round()
        old = self.new_round(NOW - timedelta(days=9))
        done._begin(self.inspector, NOW)
        done._finish(NOW + HOUR)
        self.at(NOW + 2 * HOUR)
        announce = self.env["inspection.round"]._cron_announce_missed
        announce()
        [message] = self.route.message_ids.filtered(lambda one: "missed" in one.body)
        self.assertIn(missed.display_name, message.body)
        self.assertEqual((missed | done | old).filtered("is_announced"), missed)
        announce()
        self.assertEqual(self.route.message_ids[0], message)

    def test_a_round_finished_offline_before_its_deadline_is_done_when_told_later(self):
        one = self.new_round()
        self.at(one.deadline_at + HOUR)
        self.assertEqual(one.state, "missed")
        one._begin(self.inspector, NOW)
        one._finish(NOW + HOUR)
        self.assertEqual(one.state, "done")

    def test_a_list_can_be_grouped_by_state_on_the_screen(self):
        self.assertTrue(self.env["inspection.round"].fields_get(["state"])["state"]["groupable"])
        groups = self.env["inspection.round"].formatted_read_group([], ["state"], ["__count"])
        self.assertIsInstance(groups, list)

    def test_an_inspector_begins_and_finishes(self):
        one = self.new_round().with_user(self.users["inspector"])
        one.action_start()
        self.assertEqual((one.state, one.employee_id), ("running", self.inspector))
        self.assertEqual(one.sudo().checkpoint_ids, self.route.checkpoint_ids)
        one.action_finish()
        self.assertEqual(one.state, "done")

    def test_a_step_that_is_not_possible_says_so(self):
        one = self.new_round().with_user(self.users["inspector"])
        with self.assertRaisesRegex(UserError, "To Do"):
            one.action_finish()
        one.action_start()
        with self.assertRaisesRegex(UserError, "Under Way"):
            one.action_start()

    def test_somebody_without_an_employee_is_told_whom_to_ask(self):
        self.people["planner"].user_id = False
        with self.assertRaisesRegex(UserError, "HR"):
            self.new_round().with_user(self.users["planner"]).action_start()

    def test_a_planner_cancels_with_a_reason_and_takes_it_back(self):
        one = self.new_round().with_user(self.users["planner"])
        wizard = self.env["inspection.round.cancel"].with_user(self.users["planner"])
        action = one.action_cancel()
        wizard.with_context(**action["context"]).create({"reason": "Holiday"}).action_cancel()
        self.assertEqual((one.state, one.cancel_reason), ("cancelled", "Holiday"))
        one.action_reinstate()
        self.assertEqual(one.state, "open")

    def test_nobody_writes_by_hand_what_happened(self):
        one = self.new_round().with_user(self.users["manager"])
        for values in ({"started_at": NOW}, {"is_cancelled": True}, {"coverage": 1.0}):
            with self.subTest(values), self.assertRaises(AccessError):
                one.write(values)
        with self.assertRaises(AccessError):
            one.create({"route_id": self.route.id, "finished_at": NOW})
        made = one.with_context(default_finished_at=NOW).create({"route_id": self.route.id})
        self.assertFalse(made.finished_at)

    def test_a_copy_is_a_round_of_its_own(self):
        plan = self.new_plan()
        one = self.env["inspection.round"].search([("plan_id", "=", plan.id)], limit=1)
        one._begin(self.inspector, NOW)
        copy = one.with_user(self.users["planner"]).copy()
        self.assertEqual(
            (copy.plan_id, copy.started_at, copy.required_count), (plan.browse(), False, 3)
        )

    def test_a_round_that_began_keeps_its_times_and_cannot_be_deleted(self):
        one = self.new_round()
        one._begin(self.inspector, NOW)
        manager = one.with_user(self.users["manager"])
        with self.assertRaises(UserError):
            manager.planned_at = NOW + HOUR
        with self.assertRaises(UserError):
            manager.unlink()

    def test_a_moved_round_keeps_the_tolerance_of_its_plan(self):
        plan = self.new_plan(early_minutes=5, late_minutes=20)
        one = self.env["inspection.round"].search([("plan_id", "=", plan.id)], limit=1)
        one.planned_at = NOW + 8 * HOUR
        self.assertEqual(one.open_at, NOW + 8 * HOUR - timedelta(minutes=5))
        self.assertEqual(one.deadline_at, NOW + 8 * HOUR + timedelta(minutes=20))

    def test_times_that_make_no_sense_are_refused(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.new_round(deadline_at=NOW - HOUR)

    def test_a_single_round_by_hand_lasts_an_hour_and_needs_all_points(self):
        one = self.env["inspection.round"].create({"route_id": self.route.id})
        self.assertEqual(one.open_at, one.planned_at)
        self.assertEqual(one.deadline_at, one.planned_at + HOUR)
        self.assertEqual((one.required_count, one.coverage), (3, 0.0))
        self.assertEqual(one.missing_ids, self.route.checkpoint_ids)
