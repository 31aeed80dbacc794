from datetime import datetime, timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .incident_common import IncidentCommon

NOON = datetime(2026, 3, 2, 4, 0)


@tagged("post_install", "-at_install")
class TestIncidents(IncidentCommon):
    def test_a_kind_gives_severity_and_steps(self):
        one = self.new_incident()
        self.assertEqual(one.severity, "2")
        self.assertEqual(one.step_ids.mapped("name"), ["Look", "Tell"])
        self.assertEqual(one.state, "reported")
        self.assertTrue(one.code.startswith("SJ"))

    def test_numbers_differ(self):
        self.assertNotEqual(self.new_incident().code, self.new_incident().code)

    def test_deadlines_follow_from_severity_and_report(self):
        row = self.env["property.incident.deadline"].search([("severity", "=", "3")])
        row.write({"respond_minutes": 7, "close_hours": 5})
        one = self.new_incident(severity="3")
        self.assertEqual(one.respond_due_at, one.reported_at + timedelta(minutes=7))
        self.assertEqual(one.close_due_at, one.reported_at + timedelta(hours=5))

    def test_an_incident_goes_from_report_to_result(self):
        one = self.new_incident().with_user(self.users["guard"])
        one.action_start()
        self.assertEqual((one.state, one.responsible_id.user_id), ("handling", self.users["guard"]))
        with self.assertRaisesRegex(UserError, "Look"):
            one._close("Swept up")
        self.do_steps(one)
        one._close("Swept up")
        self.assertEqual((one.state, one.result), ("closed", "Swept up"))
        self.assertEqual(one.sudo().closed_uid, self.users["guard"])

    def test_the_first_step_starts_the_handling(self):
        one = self.new_incident().with_user(self.users["guard"])
        one.step_ids[0].action_done()
        self.assertEqual(one.state, "handling")
        self.assertEqual(one.step_ids[0].done_uid, self.users["guard"])

    def test_closing_needs_a_result_and_cancelling_a_reason(self):
        one = self.new_incident()
        with self.assertRaises(UserError):
            one._close("  ")
        with self.assertRaises(UserError):
            one._cancel("")
        one._cancel("A drill")
        self.assertEqual((one.state, one.cancel_reason), ("cancelled", "A drill"))

    def test_the_dialogue_closes(self):
        one = self.new_incident()
        self.do_steps(one)
        action = one.action_close()
        wizard = Form(self.env["property.incident.end"].with_context(**action["context"]))
        wizard.text = "All well"
        wizard.save().action_apply()
        self.assertEqual((one.state, one.result), ("closed", "All well"))

    def test_a_guard_neither_closes_a_serious_one_nor_cancels(self):
        one = self.new_incident(severity="3")
        self.do_steps(one)
        with self.assertRaises(AccessError):
            one.with_user(self.users["guard"])._close("Done")
        with self.assertRaises(AccessError):
            one.with_user(self.users["guard"])._cancel("None")
        one.with_user(self.users["service"])._close("Done")
        self.assertEqual(one.state, "closed")

    def test_a_guard_makes_no_incident_harmless(self):
        guard = self.new_incident(severity="3").with_user(self.users["guard"])
        guard.severity = "4"
        for record, vals in ((guard, {"severity": "1"}), (guard.step_ids, {"is_required": False})):
            with self.subTest(vals), self.assertRaises(AccessError):
                record.write(vals)
        guard.with_user(self.users["service"]).severity = "2"

    def test_only_a_manager_reopens(self):
        one = self.new_incident()
        self.do_steps(one)
        one._close("Done")
        with self.assertRaises(AccessError):
            one.with_user(self.users["service"]).action_reopen()
        one.with_user(self.users["manager"]).action_reopen()
        self.assertEqual((one.state, one.closed_at), ("handling", False))

    def test_what_is_over_is_changed_by_managers_only(self):
        one = self.new_incident()
        one._cancel("A drill")
        with self.assertRaises(UserError):
            one.with_user(self.users["guard"]).name = "Else"
        one.with_user(self.users["manager"]).name = "Else"

    def test_nobody_writes_what_the_steps_say(self):
        guard = self.new_incident().with_user(self.users["guard"])
        for vals in ({"state": "closed"}, {"closed_at": NOON}, {"result": "x"}, {"code": "1"}):
            with self.subTest(vals), self.assertRaises(UserError):
                guard.write(vals)
        with self.assertRaises(UserError):
            guard.step_ids[0].done_at = NOON
        with self.assertRaises(UserError):
            guard.create(
                {"name": "x", "type_id": self.kind.id, "site_id": self.site.id, "state": "closed"}
            )

    def test_a_step_happens_once(self):
        one = self.new_incident()
        one.action_start()
        with self.assertRaises(UserError):
            one.action_start()

    def test_somebody_elses_mark_is_taken_back_by_a_manager(self):
        step = self.new_incident().step_ids[0]
        step.with_user(self.users["guard"]).action_done()
        with self.assertRaises(UserError):
            step.with_user(self.users["service"]).action_undo()
        step.with_user(self.users["manager"]).action_undo()
        self.assertFalse(step.done_at)

    def test_overdue_ones_are_found(self):
        with freeze_time(NOON):
            one, other = self.new_incident(), self.new_incident()
            other.action_start()
        with freeze_time(NOON + timedelta(minutes=20)):
            one.invalidate_recordset()
            self.assertFalse(one.is_overdue)
            self.assertIn("10 min left", one.due_text)
        with freeze_time(NOON + timedelta(minutes=31)):
            one.invalidate_recordset()
            self.assertTrue(one.is_overdue)
            self.assertEqual(one.due_state, "late")
            mine = [("id", "in", (one | other).ids)]
            late = self.incidents.search([*mine, ("is_overdue", "=", True)])
            self.assertEqual(late, one)
            self.assertEqual(self.incidents.search([*mine, ("is_overdue", "=", False)]), other)

    def test_times_are_measured(self):
        with freeze_time(NOON):
            one = self.new_incident()
        with freeze_time(NOON + timedelta(minutes=9)):
            one.action_start()
        with freeze_time(NOON + timedelta(hours=3)):
            self.do_steps(one)
            one._close("Done")
        self.assertEqual((one.respond_minutes, one.close_hours), (9, 3))

    def test_averages_leave_out_what_has_not_happened_yet(self):
        with freeze_time(NOON):
            done, waits = self.new_incident(), self.new_incident()
        with freeze_time(NOON + timedelta(minutes=8)):
            done.action_start()
        [(answer, close)] = self.incidents._read_group(
            [("id", "in", (done | waits).ids)], [], ["respond_minutes:avg", "close_hours:avg"]
        )
        self.assertEqual((answer, close or None), (8, None))

    def test_called_police_has_a_time(self):
        one = self.new_incident(is_police_called=True)
        self.assertTrue(one.police_at)
        one.is_police_called = False
        self.assertFalse(one.police_at)

    def test_places_belong_to_the_site(self):
        for vals in ({"building_id": self.other_building.id}, {"unit_id": self.other_unit.id}):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self.new_incident(**vals)
        self.assertEqual(self.new_incident(unit_id=self.unit.id).building_id, self.building)

    def test_nothing_is_reported_before_it_happens(self):
        later = fields.Datetime.now() + timedelta(days=1)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.new_incident(occurred_at=later)

    def test_photos_chosen_before_saving_are_seen_by_others(self):
        guard = self.users["guard"]
        photo = self.env["ir.attachment"].with_user(guard).create({"name": "a", "raw": b"a"})
        photo.res_model = "property.incident"
        one = self.incidents.with_user(guard).create(
            {
                "name": "x",
                "type_id": self.kind.id,
                "site_id": self.site.id,
                "photo_ids": [(6, 0, photo.ids)],
            }
        )
        self.assertEqual(photo.res_id, one.id)
        self.assertEqual(photo.with_user(self.users["service"]).raw, b"a")

    def test_the_report_is_printed_with_what_the_reader_may_see(self):
        one = self.new_incident(amount_loss=4321, description="Two lines\nof text")
        self.env["property.incident.person"].create(
            {"incident_id": one.id, "name": "Mrs Test", "phone": "13000001234"}
        )
        pages = {}
        for role in ("guard", "manager"):
            reports = self.env["ir.actions.report"].with_user(self.users[role])
            html, _kind = reports._render_qweb_html("property_security.report_incident", one.ids)
            pages[role] = html.decode()
        self.assertIn(one.code, pages["guard"])
        self.assertIn("Mrs Test", pages["manager"])
        self.assertIn("4,321", pages["manager"])
        self.assertNotIn("13000001234", pages["manager"])
        for secret in ("Mrs Test", "4,321"):
            self.assertNotIn(secret, pages["guard"])

    def test_a_board_of_fifty_takes_the_queries_of_one(self):
        some = self.incidents.create(
            [
                {"name": f"No {n}", "type_id": self.kind.id, "site_id": self.site.id}
                for n in range(50)
            ]
        )
        names = ["name", "place_shown", "due_text", "photo_count", "severity", "responsible_id"]
        counts = []
        for records in (some[:1], some[:1], some):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.with_user(self.users["manager"]).read(names)
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 1)


@tagged("post_install", "-at_install")
class TestIncidentAlarms(IncidentCommon):
    def setUp(self):
        super().setUp()
        self.manager = self.users["manager"]
        cron = self.env.registry["ir.cron"]
        self.patch(cron, "_commit_progress", lambda *args, **kwargs: 60.0)
        self.escalate = self.env["property.incident"]._cron_escalate

    def mails(self, one):
        domain = [("model", "=", one._name), ("res_id", "=", one.id)]
        return self.env["mail.message"].search(
            [*domain, ("message_type", "=", "user_notification")]
        )

    def test_a_serious_incident_is_told_at_once_and_once(self):
        one = self.new_incident(severity="4")
        self.assertEqual(len(self.told(one, self.manager)), 1)
        self.assertIn(self.manager.partner_id, self.mails(one).notified_partner_ids)
        one.severity = "3"
        self.escalate()
        self.assertEqual(len(self.told(one, self.manager)), 1)

    def test_an_ordinary_one_is_not_told_until_it_turns_serious(self):
        one = self.new_incident()
        self.assertFalse(one.activity_ids)
        one.with_user(self.users["guard"]).severity = "3"
        self.assertEqual(len(self.told(one, self.manager)), 1)

    def test_managers_of_other_sites_are_left_alone(self):
        stranger = self.new_staff("far.manager", self.new_job("manager"), self.other_site)
        one = self.new_incident(severity="4")
        self.assertFalse(self.told(one, stranger))

    def test_the_manager_named_at_the_site_is_the_one_to_tell(self):
        boss = self.new_staff("near.manager", self.new_job("manager"), self.site)
        self.site.manager_id = boss.employee_id
        one = self.new_incident(severity="4")
        self.assertTrue(self.told(one, boss))
        self.assertFalse(self.told(one, self.manager))

    def test_a_late_one_is_told_once(self):
        with freeze_time(NOON):
            one = self.new_incident()
        for _ in range(2):
            with freeze_time(NOON + timedelta(days=9)):
                self.escalate()
        self.assertEqual(len(self.told(one, self.manager)), 1)
        self.assertTrue(one.late_told_at)

    def test_closing_ends_the_reminders(self):
        one = self.new_incident(severity="4")
        self.do_steps(one)
        one._close("Out")
        self.assertFalse(one.activity_ids)
