import doctest
from datetime import datetime, timedelta
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import BaseCase, tagged

from ..tools import patrol_alarm
from ..tools.patrol_alarm import ROUND, Patrol, misses
from .patrol_common import NOW, PatrolCommon

EIGHT = datetime(2026, 3, 2, 8)
MINUTES = st.integers(-30, 150)
POINTS = st.frozensets(st.integers(1, 4))


def after(minutes):
    return None if minutes is None else EIGHT + timedelta(minutes=minutes)


@tagged("post_install", "-at_install")
class TestAlarmKernel(BaseCase):
    def test_documented_examples_hold(self):
        self.assertFalse(doctest.testmod(patrol_alarm).failed)

    @given(
        st.one_of(st.none(), MINUTES), st.booleans(), POINTS, POINTS, st.integers(0, 200), MINUTES
    )
    def test_once_a_patrol_is_over_what_it_missed_is_what_was_not_visited(
        self, started, is_finished, required, visited, minutes, extra
    ):
        finished = after(200) if started is not None and is_finished else None
        patrol = Patrol(EIGHT, after(60), after(started), finished, required, visited)
        found = misses(patrol, minutes, after(61 + abs(extra)))
        is_walked = started is not None and started <= 60
        self.assertEqual(found, set(required - visited) if is_walked else {ROUND})

    @given(st.one_of(st.none(), MINUTES), POINTS, POINTS, st.integers(0, 200), MINUTES, MINUTES)
    def test_time_alone_never_takes_a_miss_back(
        self, started, required, visited, minutes, one, other
    ):
        patrol = Patrol(EIGHT, after(60), after(started), None, required, visited)
        early, late = sorted((one, other))
        self.assertLessEqual(
            misses(patrol, minutes, after(early)), misses(patrol, minutes, after(late))
        )

    @given(MINUTES, POINTS, st.integers(0, 200), MINUTES)
    def test_what_is_visited_and_cancelled_patrols_are_never_missed(
        self, started, required, minutes, now
    ):
        walked = Patrol(EIGHT, after(60), after(min(started, 60)), None, required, required)
        self.assertEqual(misses(walked, minutes, after(now)), set())
        cancelled = Patrol(EIGHT, after(60), required=required, is_cancelled=True)
        self.assertEqual(misses(cancelled, minutes, after(now)), set())


@tagged("post_install", "-at_install")
class TestPatrolAlarm(PatrolCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site.manager_id = cls.manager.employee_id
        cls.one = cls.new_round(NOW)

    def run_job(self, minutes):
        """Let the job run some minutes after the planned start.

        :return: the alarms of the patrol
        """
        self.clock.move_to(NOW + timedelta(minutes=minutes))
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_kw: 60.0):
            self.env["inspection.round"]._cron_patrol_alarm()
        return self.alarms()

    def alarms(self, one=None):
        one = one or self.one
        one.invalidate_recordset()
        return self.env["property.patrol.alarm"].search([("round_id", "=", one.id)], order="id")

    def told(self, user):
        """Return how often a user was told: reminders and messages."""
        notes = self.env["mail.notification"].search_count(
            [
                ("res_partner_id", "=", user.partner_id.id),
                ("mail_message_id.model", "=", "inspection.round"),
                ("mail_message_id.res_id", "=", self.one.id),
            ]
        )
        return len(self.one.activity_ids.filtered(lambda one: one.user_id == user)), notes

    def test_a_patrol_that_nobody_has_begun_alarms_within_its_time(self):
        self.assertFalse(self.run_job(9))
        alarm = self.run_job(10)
        self.assertEqual((alarm.kind, alarm.state), ("round", "open"))
        self.assertEqual((alarm.leader_ids, alarm.shift_id), (self.leader, self.day))
        self.assertLess(fields.Datetime.now(), self.one.deadline_at)

    def test_the_leader_is_told_once_however_often_the_job_runs(self):
        for minutes in (10, 11, 12, 65, 90):
            alarm = self.run_job(minutes)
        self.assertEqual(len(alarm), 1)
        self.assertEqual(self.told(self.leader_user), (1, 1))

    def test_a_forgotten_job_tells_what_was_missed_meanwhile(self):
        alarm = self.run_job(600)
        self.assertEqual((alarm.kind, self.told(self.leader_user)), ("round", (1, 1)))
        self.assertTrue(self.one.is_alarm_settled)

    def test_what_was_missed_days_ago_is_a_reminder_without_ringing(self):
        self.run_job(60 * 48)
        self.assertEqual(self.told(self.leader_user), (1, 0))

    def test_the_leader_has_a_pop_up_and_an_e_mail(self):
        self.leader_user.write({"notification_type": "inbox", "email": "leader@example.com"})
        with patch.object(type(self.env["res.users"]), "_bus_send", autospec=True) as sent:
            self.run_job(10)
        kinds = [call.args[1] for call in sent.call_args_list]
        self.assertEqual(kinds.count("simple_notification"), 1)
        mail = self.env["mail.mail"].search([("email_to", "ilike", "leader@example.com")])
        self.assertIn("Ground Floor", mail.subject)

    def test_points_that_are_left_alarm_before_the_deadline(self):
        self.visit(self.one, self.gate)
        self.assertFalse(self.run_job(49))
        self.assertEqual(self.run_job(50).checkpoint_id, self.pump | self.roof)
        self.assertEqual(self.told(self.leader_user), (1, 1))

    def test_a_patrol_finished_without_a_point_alarms_at_once(self):
        self.visit(self.one, self.gate)
        self.visit(self.one, self.pump, 8)
        self.clock.move_to(NOW + timedelta(minutes=20))
        self.one._finish(NOW + timedelta(minutes=15))
        self.assertEqual(self.alarms().checkpoint_id, self.roof)

    def test_a_patrol_that_is_walked_alarms_nobody(self):
        for minutes, point in enumerate(self.route.checkpoint_ids):
            self.visit(self.one, point, minutes)
        self.one._finish(NOW + timedelta(minutes=30))
        self.assertFalse(self.run_job(90))

    def test_a_route_walked_with_wands_waits_for_their_files(self):
        self.route.wand_hours = 12
        self.assertFalse(self.run_job(12 * 60 + 9))
        self.assertEqual(self.run_job(12 * 60 + 10).kind, "round")
        self.assertFalse(self.one.is_alarm_settled)
        self.run_job(13 * 60)
        self.assertTrue(self.one.is_alarm_settled)

    def test_a_phone_that_tells_late_takes_the_alarm_back(self):
        alarm = self.run_job(90)
        for minutes, point in enumerate(self.route.checkpoint_ids):
            self.visit(self.one, point, 5 + minutes, late=120)
        self.assertEqual(self.alarms(), alarm)
        self.assertEqual((alarm.state, alarm.walked_at), ("explained", NOW + timedelta(minutes=5)))
        self.assertFalse(self.one.activity_ids)

    def test_while_a_phone_tells_late_nothing_new_is_raised_and_then_what_is_left(self):
        self.run_job(90)
        self.visit(self.one, self.gate, 5, late=90)
        self.assertEqual(self.run_job(96).mapped("state"), ["explained"])
        alarms = self.run_job(101)
        self.assertEqual(alarms.mapped("state"), ["explained", "open", "open"])
        self.assertEqual(self.told(self.leader_user)[0], 1)

    def test_a_phone_that_finishes_and_has_more_to_tell_is_waited_for(self):
        self.visit(self.one, self.gate)
        self.one._finish(NOW + timedelta(minutes=20), unsent=2)
        self.assertFalse(self.run_job(49))
        self.assertEqual(len(self.run_job(50)), 2)

    def test_a_patrol_walked_after_its_deadline_stays_missed(self):
        alarm = self.run_job(90)
        self.visit(self.one, self.gate, 95)
        self.assertEqual((self.alarms(), alarm.state), (alarm, "open"))

    def test_a_rejected_check_in_opens_the_alarm_again(self):
        self.run_job(90)
        visits = [
            self.visit(self.one, point, 5 + minutes, late=120)
            for minutes, point in enumerate(self.route.checkpoint_ids)
        ]
        visits[0]._decide("rejected", "A photo of the label")
        gate = self.run_job(200).filtered(lambda alarm: alarm.checkpoint_id == self.gate)
        self.assertEqual(gate.state, "open")
        visits[0]._decide("accepted", "It was right")
        self.assertEqual(gate.state, "explained")
        visits[0]._decide("rejected", "No, it was not")
        self.assertEqual((gate.state, len(self.alarms())), ("open", 2))

    def test_a_cancelled_patrol_alarms_nobody_and_explains_what_it_told(self):
        alarm = self.run_job(10)
        self.one._cancel("Typhoon")
        self.assertEqual(alarm.state, "explained")
        self.one.action_reinstate()
        self.assertEqual(alarm.state, "open")

    def test_an_alarm_that_nobody_acknowledges_goes_to_the_manager_once(self):
        self.run_job(10)
        self.run_job(24)
        self.assertEqual(self.told(self.manager), (0, 0))
        for minutes in (25, 26, 40):
            alarm = self.run_job(minutes)
        self.assertEqual(self.told(self.manager), (1, 1))
        self.assertEqual(alarm.escalated_at, NOW + timedelta(minutes=25))

    def test_an_acknowledged_alarm_stays_with_the_leader(self):
        alarm = self.run_job(10)
        alarm.with_user(self.leader_user).action_acknowledge()
        self.assertEqual(
            (alarm.state, alarm.acknowledged_by_id), ("acknowledged", self.leader_user)
        )
        self.run_job(120)
        self.assertFalse(alarm.escalated_at)
        self.assertFalse(self.one.activity_ids)

    def test_a_site_that_never_escalates_tells_no_manager(self):
        self.site.patrol_escalate_minutes = 0
        self.run_job(10)
        self.assertFalse(self.run_job(500).escalated_at)

    def test_without_a_leader_who_has_a_user_the_manager_is_told_at_once(self):
        self.day.leader_id = self.spare
        alarm = self.run_job(10)
        self.assertEqual(alarm.leader_ids, self.spare)
        self.assertEqual(self.told(self.manager), (1, 1))

    def test_without_a_manager_of_the_site_its_managers_are_told(self):
        self.site.manager_id = False
        self.day.leader_id = False
        self.run_job(10)
        self.assertEqual(self.told(self.manager), (1, 1))

    def test_a_guard_acknowledges_no_alarm_and_a_manager_does(self):
        alarm = self.run_job(10)
        with self.assertRaises(AccessError):
            alarm.with_user(self.users["guard"]).action_acknowledge()
        with self.assertRaises(AccessError):
            alarm.with_user(self.users["engineer"]).action_acknowledge()
        alarm.with_user(self.manager).action_acknowledge()
        self.assertEqual(alarm.state, "acknowledged")

    def test_nobody_writes_an_alarm_by_hand(self):
        alarm = self.run_job(10)
        for user in (self.leader_user, self.manager, self.users["director"]):
            for operation in ("write", "create", "unlink"):
                self.assertFalse(alarm.with_user(user).has_access(operation))

    def test_an_inspection_of_equipment_is_no_matter_of_patrols(self):
        route = self.env["inspection.route"].create({"name": "Other", "site_id": self.site.id})
        other = self.new_round(NOW, route=route)
        self.run_job(90)
        self.assertFalse(self.alarms(other))

    def test_reviewing_many_patrols_needs_about_the_queries_of_one(self):
        def review(count):
            rounds = self.env["inspection.round"].concat(
                *[self.new_round(NOW - timedelta(days=3, hours=n)) for n in range(count)]
            )
            alarms = type(self.env["property.patrol.alarm"])
            with patch.object(alarms, "_alert", lambda _alarms: None):  # each has its own people
                return self.count_queries(rounds._raise_alarms)

        review(1)
        self.assertLess(review(20), review(1) + 20)
