import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.inspection_round.tests.field_common import JPEG, Phone

from .incident_common import IncidentCommon


class GuardPhoneCommon(IncidentCommon, HttpCase):
    """A guard whose phone speaks to the server as the app does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phone = Phone()
        cls.user = cls.users["guard"]
        cls.guard = cls.user.employee_id
        cls.env["field.device"].with_user(cls.user)._enrol(
            cls.guard.with_user(cls.user), cls.phone.uuid, cls.phone.public_key, "Test"
        )

    def setUp(self):
        super().setUp()
        self.sign_in("guard")

    def sign_in(self, role):
        self.authenticate(f"staff.{role}", f"staff.{role}")

    def ask(self, path, body=None):
        options = {}
        if body is not None:
            options["data"] = json.dumps(body).encode()
            options["headers"] = {"Content-Type": "application/json"}
        with mute_logger("odoo.http", "odoo.sql_db"):
            answer = self.url_open(path, **options)
        self.env.invalidate_all()
        return answer

    def send(self, handler, payload, photos=()):
        return self.ask(f"/field/sync/{handler}", self.phone.body(payload, photos))

    def data(self, key):
        return self.ask("/field/data").json()["data"][key]


@tagged("post_install", "-at_install")
class TestIncidentField(GuardPhoneCommon):
    def report(self, photos=(), **changes):
        payload = {
            "site": self.site.id,
            "type": self.kind.id,
            "place": "Lift lobby",
            "text": "Glass is broken\nNobody is hurt",
            **changes,
        }
        return self.send("incident", payload, photos)

    def found(self):
        return self.incidents.search([("place", "like", "Lift lobby")])

    def step(self, one, photos=(), **values):
        return self.send("incident", {"incident": one.id, **values}, photos)

    def refused(self, status, answer):
        self.assertEqual(answer.status_code, status, answer.text)
        self.assertTrue(answer.json()["error"])

    def test_a_guard_reports_with_photos_from_the_phone(self):
        answer = self.report([JPEG], severity="3", building=self.building.id, is_police_called=True)
        self.assertEqual(answer.status_code, 200, answer.text)
        one = self.found()
        self.assertEqual(answer.json()["code"], one.code)
        self.assertEqual(one.name, "Glass is broken")
        self.assertEqual((one.severity, one.building_id), ("3", self.building))
        self.assertEqual((one.reporter_id, one.source), (self.guard, "guard"))
        self.assertTrue(one.police_at)
        self.assertEqual(one.photo_ids.with_user(self.users["service"]).raw, JPEG)
        self.assertEqual(len(self.told(one, self.users["manager"])), 1)

    def test_the_same_report_sent_again_is_one_incident(self):
        payload = {"site": self.site.id, "type": self.kind.id, "place": "Lift lobby", "text": "x"}
        body = self.phone.body(payload)
        first, again = (self.ask("/field/sync/incident", body) for _ in range(2))
        self.assertEqual(first.json()["status"], "accepted")
        self.assertEqual(again.json()["status"], "repeated")
        self.assertEqual(len(self.found()), 1)

    def test_a_late_report_happened_when_the_phone_says(self):
        at = fields.Datetime.now() - timedelta(hours=2)
        self.report(at=f"{at.isoformat()}.000Z")
        one = self.found()
        self.assertLess(abs(one.occurred_at - at), timedelta(minutes=1))
        self.assertEqual(one.reported_at, one.occurred_at)

    def test_a_room_is_found_by_its_code_and_kept_in_words_otherwise(self):
        self.report(room=self.unit.code)
        self.assertEqual(self.found().unit_id, self.unit)
        self.found().place = "Elsewhere"
        self.report(room="99-9-9999")
        self.assertFalse(self.found().unit_id)
        self.assertEqual(self.found().place, "99-9-9999 Lift lobby")

    def test_what_is_done_is_sent_from_the_phone(self):
        one = self.new_incident()
        self.assertEqual(self.step(one, event="start").status_code, 200)
        self.assertEqual((one.state, one.responsible_id), ("handling", self.guard))
        look = one.step_ids[0]
        self.refused(422, self.step(one, event="close", text="Swept"))
        answer = self.step(one, [JPEG], event="done", step=look.id, text="All clear")
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual((look.note, len(look.photo_ids)), ("All clear", 1))
        self.step(one, event="note", text="Taped off")
        self.assertIn("Taped off", one.step_ids.filtered("done_at").mapped("name"))
        answer = self.step(one, event="close", text="Swept")
        self.assertEqual(answer.json()["incident"]["state"], "closed")
        self.assertEqual(one.result, "Swept")

    def test_a_serious_one_is_not_closed_from_the_phone(self):
        one = self.new_incident(severity="4")
        self.do_steps(one)
        self.refused(403, self.step(one, event="close", text="Out"))
        self.assertEqual(one.state, "handling")

    def test_the_phone_keeps_the_open_ones_of_own_sites_without_people_and_money(self):
        own = self.new_incident(amount_loss=98765432.1)
        self.env["property.incident.person"].create({"incident_id": own.id, "name": "Mrs Test"})
        self.new_incident(site_id=self.other_site.id)
        over = self.new_incident()
        over._cancel("A drill")
        over.closed_at = fields.Datetime.now() - timedelta(days=3)
        data = self.data("incidents")
        self.assertEqual([one["id"] for one in data["incidents"]], own.ids)
        self.assertEqual([site["id"] for site in data["sites"]], self.site.ids)
        text = json.dumps(data)
        self.assertNotIn("98765432.1", text)
        self.assertNotIn("Mrs Test", text)

    def test_labels_of_own_sites_say_where(self):
        routes = self.env["inspection.route"].create(
            [
                {
                    "name": site.name,
                    "site_id": site.id,
                    "checkpoint_ids": [(0, 0, {"name": f"Pump of {site.name}"})],
                }
                for site in (self.site, self.other_site)
            ]
        )
        own, foreign = (route.checkpoint_ids for route in routes)
        data = self.data("incidents")
        self.assertEqual([point["id"] for point in data["checkpoints"]], own.ids)
        self.report(checkpoint=own.id, place="")
        one = self.incidents.search([("place", "=", own.name)])
        self.assertTrue(one)
        self.refused(404, self.report(checkpoint=foreign.id, place=""))

    def test_foreign_and_senseless_reports_are_refused_and_write_nothing(self):
        before = self.incidents.search_count([])
        for status, values in (
            (404, {"site": self.other_site.id}),
            (404, {"type": 10**8}),
            (404, {"building": self.other_building.id}),
            (422, {"site": "1"}),
            (422, {"text": " "}),
            (422, {"text": 7}),
            (422, {"text": "x" * 3000}),
            (422, {"place": ""}),
            (422, {"place": ["x"]}),
            (422, {"severity": "9"}),
            (422, {"severity": ["1"]}),
            (422, {"checkpoint": -1}),
        ):
            with self.subTest(values):
                self.refused(status, self.report(**values))
        self.assertEqual(self.incidents.search_count([]), before)

    def test_foreign_and_senseless_steps_are_refused(self):
        one = self.new_incident()
        foreign = self.new_incident(site_id=self.other_site.id)
        self.refused(404, self.step(foreign, event="start"))
        for status, values in (
            (404, {"event": "done", "step": foreign.step_ids[0].id}),
            (422, {"event": "unlink"}),
            (422, {"event": ["start"]}),
            (422, {"event": "note"}),
            (422, {"event": "done"}),
            (422, {"event": "close", "text": ""}),
        ):
            with self.subTest(values):
                self.refused(status, self.step(one, **values))
        self.assertEqual(foreign.state, "reported")

    def test_the_phone_asks_no_more_queries_for_fifty(self):
        incidents = self.incidents.with_user(self.user)

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            incidents._field_data(self.guard)
            return self.env.cr.sql_log_count - before

        self.new_incident()
        count()
        few = count()
        for _ in range(40):
            self.new_incident()
        self.assertLessEqual(count(), few + 2)

    def test_engineers_have_no_screen_of_incidents(self):
        self.sign_in("engineer")
        self.assertNotIn("incidents", self.ask("/field/data").json()["data"])
