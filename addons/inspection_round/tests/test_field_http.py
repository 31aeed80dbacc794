"""The doors of the field app: each entry once, and bad input changes nothing."""

import base64
import hashlib
import json
from datetime import timedelta

from odoo import Command
from odoo.exceptions import LockError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import field_payload
from .field_common import JPEG, MOMENTS, FieldCommon, Phone

OTHER_PHOTO = b"GIF89a" + b"not taken"
NAME = hashlib.sha256(JPEG).hexdigest()


def twin(model):
    """Fail as when somebody else makes at this moment what may be there once."""
    model.env.cr.execute(
        "INSERT INTO ir_config_parameter (key, value) VALUES ('twin', '1'), ('twin', '2')"
    )


def locked(_model):
    """Fail as when somebody else is at it at this moment."""
    raise LockError("Cannot grab a lock on records")


@tagged("post_install", "-at_install")
class TestFieldHttp(FieldCommon):
    def setUp(self):
        super().setUp()
        self.sign_in()

    def refused(self, status, body, **options):
        """Send something wrong: it is answered with a text for people, and nothing is written."""
        before = (self.entries.search_count([]), len(self.contacts))
        with mute_logger("odoo.http", "odoo.sql_db"):
            response = self.send(body, **options)
        self.assertEqual(response.status_code, status, response.text)
        self.assertTrue(response.json()["error"])
        self.assertEqual((self.entries.search_count([]), len(self.contacts)), before)
        return response.json()["error"]

    def test_an_entry_is_taken_once_and_answered_the_same_again(self):
        body = self.phone.body({"name": "Gate"}, [JPEG])
        first, again = self.send(body), self.send(body)
        self.assertEqual((first.status_code, again.status_code), (200, 200))
        self.assertEqual(first.json()["status"], "accepted")
        self.assertEqual(again.json(), {**first.json(), "status": "repeated"})
        entry = self.entries.search([("uuid", "=", body["uuid"])])
        self.assertEqual((entry.state, entry.signature_state), ("accepted", "valid"))
        self.assertEqual((entry.res_model, entry.res_id), ("res.partner", self.contacts.id))
        self.assertEqual((entry.employee_id, entry.user_id), (self.employee, self.user))
        self.assertEqual(entry.payload, body["payload"])
        self.assertEqual(first.json()["photos"], 1)

    def test_another_content_under_the_same_number_is_kept_for_a_person(self):
        first = self.phone.body({"name": "Gate"})
        other = self.phone.body({"name": "Roof"}, [JPEG], uuid=first["uuid"])
        self.send(first)
        for _again in range(2):
            with mute_logger("odoo.http"):
                response = self.send(other)
            self.assertEqual(response.status_code, 409)
        self.assertEqual(self.contacts.mapped("name"), ["Gate"])
        conflict = self.entries.search([("state", "=", "conflict")])
        self.assertEqual(len(conflict), 1)
        self.assertEqual(conflict.conflict_entry_id.payload, first["payload"])
        self.assertTrue(conflict.is_open)
        self.assertIn(self.manager, conflict.activity_ids.user_id)
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", "field.entry"), ("res_id", "=", conflict.id)]
        )
        self.assertEqual(attachment.raw, JPEG)
        self.assertEqual(self.send(first).json()["status"], "repeated")

    def test_a_number_of_somebody_elses_entry_tells_nothing_of_it(self):
        body = self.phone.body({"name": "Secret"})
        self.send(body)
        self.sign_in(self.other_user)
        with mute_logger("odoo.http"):
            response = self.send(body)
        self.assertEqual(response.status_code, 409)
        self.assertNotIn("Secret", response.text)

    def test_a_signature_that_is_wrong_marks_the_entry_and_drops_nothing(self):
        number = "00000000-0000-4000-8000-000000000001"
        bodies = {
            "of another key": {**self.phone.body({"name": "1"}), "signature": Phone().sign("{}")},
            "of another phone": {**self.phone.body({"name": "2"}), "device": Phone().uuid},
            "no base64": {**self.phone.body({"name": "3"}), "signature": "!"},
            "zeros": {**self.phone.body({"name": "4"}), "signature": "A" * 86},
            "not over the number": self.phone.body({"name": "5"}, uuid=number),
        }
        plain = json.loads(bodies["not over the number"]["payload"])
        del plain["uuid"]
        text = json.dumps(plain)
        bodies["not over the number"].update(payload=text, signature=self.phone.sign(text))
        for why, body in bodies.items():
            with self.subTest(why):
                self.assertEqual(self.send(body).status_code, 200)
                entry = self.entries.search([("uuid", "=", body["uuid"])])
                self.assertEqual(entry.signature_state, "invalid")
        self.assertEqual(len(self.contacts), len(bodies))

    def test_an_entry_without_a_signature_is_taken_and_marked(self):
        body = {**self.phone.body({"name": "Gate"}), "signature": None}
        self.assertEqual(self.send(body).status_code, 200)
        self.assertEqual(self.entries.search([], limit=1).signature_state, "unsigned")

    def test_a_blocked_phone_signs_nothing_that_is_believed(self):
        self.env["field.device"].search([("uuid", "=", self.phone.uuid)]).active = False
        self.send(self.phone.body({"name": "Gate"}))
        self.assertEqual(self.entries.search([], limit=1).signature_state, "invalid")

    def test_a_clock_that_is_three_days_wrong_is_measured_and_the_entry_taken(self):
        for days in (3, -3):
            body = self.phone.body({"name": f"{days}"}, skew=timedelta(days=days))
            self.assertEqual(self.send(body).status_code, 200)
            entry = self.entries.search([("uuid", "=", body["uuid"])])
            self.assertAlmostEqual(entry.clock_skew, days * 86400, delta=60)
            self.assertEqual(entry.device_at, field_payload.moment(body["sent_at"]))

    def test_what_is_no_entry_is_refused(self):
        good = self.phone.body({"name": "Gate"})
        photo = self.phone.body({"name": "Gate"}, [JPEG])
        big = base64.b64encode(JPEG + bytes(field_payload.FILE_LIMIT)).decode()
        gif = self.phone.body({"name": "Gate"}, [OTHER_PHOTO])
        many = self.phone.body({"name": "Gate"}, [JPEG + bytes([n]) for n in range(13)])
        wrong = (
            (400, b" "),
            (400, b"\xff\xfe"),
            (400, b"[]"),
            (400, b"{" * 2000),
            (400, {**good, "payload": {}}),
            (400, {**good, "payload": "no json"}),
            (400, {**good, "payload": '{"at": NaN}'}),
            (400, {**good, "payload": good["payload"].replace("Gate", "\\u0000")}),
            (400, {**good, "payload": good["payload"].replace("Gate", "\\ud800")}),
            (400, {**good, "payload": json.dumps({"at": "yesterday"})}),
            (400, {**good, "payload": json.dumps({"at": "2026-01-01T00:00:00"})}),
            (400, {**good, "sent_at": None}),
            (400, {**good, "uuid": "1"}),
            (400, {**good, "uuid": "00000000-0000-4000-8000-000000000001"}),
            (400, {**photo, "files": {}}),
            (400, {**good, "files": photo["files"]}),
            (400, {**photo, "files": {NAME: "!!!"}}),
            (400, {**photo, "files": {NAME: base64.b64encode(JPEG + b"1").decode()}}),
            (400, {**photo, "files": [1]}),
            (413, {**photo, "files": {NAME: big}}),
            (413, many),
            (413, {**good, "payload": json.dumps({"at": good["sent_at"], "note": "x" * 70000})}),
            (413, b" " * (field_payload.BODY_LIMIT + 1)),
            (422, gif),
        )
        for status, body in wrong:
            with self.subTest(status=status, body=str(body)[:80]):
                self.refused(status, body)

    def test_what_the_handler_does_not_take_is_refused_and_undone(self):
        for fail, status in (("refused", 422), ("user", 422), ("access", 403), ("data", 400)):
            with self.subTest(fail):
                self.refused(status, self.phone.body({"name": "Gate", "fail": fail}))
        self.refused(404, self.phone.body({"name": "Gate"}), handler="unknown")

    def test_after_a_refusal_the_same_entry_may_be_sent_again(self):
        body = self.phone.body({"name": "Gate"})
        self.refused(404, body, handler="unknown")
        self.assertEqual(self.send(body).json()["status"], "accepted")

    def test_only_the_apps_own_page_may_send(self):
        body = self.phone.body({"name": "Gate"})
        for status, headers in (
            (415, {"Content-Type": "text/plain"}),
            (403, {"Sec-Fetch-Site": "cross-site"}),
            (403, {"Origin": "https://evil.example"}),
        ):
            with self.subTest(headers):
                self.refused(status, body, headers=headers)

    def test_a_lapsed_session_is_told_and_nothing_is_written(self):
        self.authenticate(None, None)
        self.refused(401, self.phone.body({"name": "Gate"}))
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open("/field/data").status_code, 401)

    def test_who_is_no_employee_sends_nothing(self):
        self.employee.user_id = False
        self.assertIn("employee", self.refused(403, self.phone.body({"name": "Gate"})))

    def test_an_entry_waits_for_its_own_employee(self):
        body = self.phone.body({"name": "Gate", "employee": self.other.id})
        self.assertIn("another employee", self.refused(401, body))
        self.sign_in(self.other_user)
        self.assertEqual(self.send(body).status_code, 200)

    def test_an_entry_waits_for_its_employee_while_somebody_without_one_is_signed_in(self):
        body = self.phone.body({"name": "Gate", "employee": self.employee.id})
        portal = self.env["res.users"].create(
            {
                "name": "Owner",
                "login": "field.owner",
                "lang": "en_US",
                "password": "field.owner",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        self.sign_in(portal)
        self.assertIn("another employee", self.refused(401, body))
        self.sign_in()
        self.assertEqual(self.send(body).json()["status"], "accepted")

    def test_what_was_done_for_the_company_before_is_taken_after_the_move(self):
        body = self.phone.body({"name": "Gate", "employee": self.employee.id})
        before, company = self.user.company_id, self.env["res.company"].create({"name": "New Co"})
        self.user.write({"company_ids": [Command.link(company.id)], "company_id": company.id})
        vals = {"name": "Wang", "user_id": self.user.id, "company_id": company.id}
        now = self.env["hr.employee"].create(vals)
        self.sign_in()
        answer = self.url_open("/field/data").json()
        self.assertEqual(answer["employee"]["id"], now.id)
        self.assertEqual(answer["employee"]["ids"], [self.employee.id, now.id])
        self.assertEqual(self.send(body).json()["status"], "accepted")
        entry = self.entries.search([("uuid", "=", body["uuid"])])
        self.assertEqual((entry.employee_id, entry.company_id), (self.employee, before))
        self.assertEqual(entry.signature_state, "valid")

    def test_what_somebody_who_left_did_before_is_taken_as_long_as_he_may_sign_in(self):
        body = self.phone.body({"name": "Gate", "employee": self.employee.id})
        self.employee.active = False
        self.assertEqual(self.send(body).json()["status"], "accepted")

    def test_what_fails_for_a_moment_is_not_refused(self):
        self.addCleanup(MOMENTS.clear)
        for moment, status in ((twin, 200), (locked, 503)):
            with self.subTest(moment.__name__), mute_logger("odoo.http", "odoo.sql_db"):
                MOMENTS[:] = [moment]
                body = self.phone.body({"name": moment.__name__})
                self.assertEqual(self.send(body).status_code, status)
                self.assertFalse(MOMENTS)
                self.assertEqual(self.send(body).status_code, 200)
        self.assertEqual(sorted(self.contacts.mapped("name")), ["locked", "twin"])

    def test_a_person_is_handed_what_there_is_of_an_entry(self):
        note = "x" * field_payload.PAYLOAD_LIMIT
        for payload, photos in (({"name": "Gate"}, [JPEG]), ({"name": "Gate", "note": note}, [])):
            body = {**self.phone.body(payload, photos), "files": {}}
            self.refused(400 if photos else 413, body)
            response = self.send({**body, "reason": "I was there"}, path="handover")
            self.assertEqual(response.status_code, 200, response.text)
            entry = self.entries.search([("uuid", "=", body["uuid"])])
            self.assertEqual((entry.state, entry.payload), ("refused", body["payload"]))
        self.assertEqual(self.entries._check_chain(self.employee.company_id), [])

    def test_what_was_refused_is_handed_over_once_with_its_photos(self):
        body = {**self.phone.body({"name": "x"}, [JPEG]), "reason": "The round was cancelled"}
        for _again in range(2):
            response = self.send(body, path="handover")
            self.assertEqual(response.status_code, 200, response.text)
        entry = self.entries.search([("uuid", "=", body["uuid"])])
        self.assertEqual((entry.state, entry.message), ("refused", "The round was cancelled"))
        self.assertTrue(entry.is_open)
        self.assertFalse(self.contacts)
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", "field.entry"), ("res_id", "=", entry.id)]
        )
        self.assertEqual(attachment.mapped("raw"), [JPEG])
        entry.with_user(self.manager).action_handle()
        self.assertFalse(entry.is_open)
        self.assertFalse(entry.activity_ids)
        self.assertEqual(entry.handled_by_id, self.manager)

    def test_who_hands_over_says_why(self):
        self.refused(400, {**self.phone.body({"name": "x"}), "reason": " "}, path="handover")

    def test_people_read_what_is_wrong_in_their_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.user.lang = "zh_CN"
        self.assertIn("照片", self.refused(422, self.phone.body({"name": "x"}, [OTHER_PHOTO])))

    def test_the_work_is_that_of_who_is_signed_in(self):
        answer = self.url_open("/field/data").json()
        self.assertEqual(answer["employee"]["id"], self.employee.id)
        self.assertEqual((answer["lang"], answer["data"]), ("en_US", {}))


@tagged("post_install", "-at_install")
class TestFieldDevices(FieldCommon):
    def setUp(self):
        super().setUp()
        self.sign_in()

    def enrol_over_http(self, **values):
        phone = Phone()
        body = {"uuid": phone.uuid, "public_key": phone.public_key, "name": "Mi 14", **values}
        with mute_logger("odoo.http"):
            return self.url_open(
                "/field/device",
                data=json.dumps(body).encode(),
                headers={"Content-Type": "application/json"},
            )

    def test_a_phone_is_registered_once_for_its_employee(self):
        phone = Phone()
        for _again in range(2):
            response = self.enrol_over_http(uuid=phone.uuid, public_key=phone.public_key)
            self.assertEqual(response.status_code, 200)
        device = self.env["field.device"].search([("uuid", "=", phone.uuid)])
        self.assertEqual(
            (len(device), device.employee_id, device.name), (1, self.employee, "Mi 14")
        )

    def test_a_registered_phone_keeps_its_key_and_its_employee(self):
        self.assertEqual(self.enrol_over_http(uuid=self.phone.uuid).status_code, 409)
        self.sign_in(self.other_user)
        own = {"uuid": self.phone.uuid, "public_key": self.phone.public_key}
        self.assertEqual(self.enrol_over_http(**own).status_code, 409)
        device = self.env["field.device"].search([("uuid", "=", self.phone.uuid)])
        self.assertEqual(device.employee_id, self.employee)

    def test_a_blocked_phone_is_told(self):
        self.env["field.device"].search([]).active = False
        own = {"uuid": self.phone.uuid, "public_key": self.phone.public_key}
        self.assertEqual(self.enrol_over_http(**own).status_code, 403)

    def test_what_is_no_key_or_no_number_is_refused(self):
        for values in (
            {"uuid": "1"},
            {"uuid": None},
            {"public_key": "AAAA"},
            {"public_key": 7},
            {"public_key": "x" * 5000},
        ):
            with self.subTest(values):
                self.assertEqual(self.enrol_over_http(**values).status_code, 400)
        self.assertEqual(len(self.env["field.device"].search([])), 1)


@tagged("post_install", "-at_install")
class TestFieldShell(FieldCommon):
    def test_the_address_without_a_slash_leads_to_the_app(self):
        response = self.url_open("/field?c=AB", allow_redirects=False)
        self.assertEqual(response.status_code, 301)
        self.assertTrue(response.headers["Location"].endswith("/field/?c=AB"))

    def test_the_page_is_the_same_for_everybody(self):
        before = self.url_open("/field/").text
        self.sign_in()
        self.assertEqual(self.url_open("/field/").text, before)
        self.assertNotIn(self.user.name, before)

    def test_everything_that_the_worker_keeps_is_there(self):
        worker = self.url_open("/field/sw.js")
        self.assertIn("javascript", worker.headers["Content-Type"])
        urls = json.loads(worker.text.splitlines()[1].removeprefix("const URLS = ").rstrip(";"))
        self.assertIn("/web/static/lib/zxing-library/zxing-library.js", urls)
        self.assertTrue(any("assets_field.min.js" in url for url in urls))
        for url in urls:
            with self.subTest(url):
                self.assertEqual(self.url_open(url).status_code, 200)
        style = self.url_open(next(url for url in urls if url.endswith(".css"))).text
        self.assertIn("fontawesome-webfont.woff2?v=4.7.0", style)

    def test_the_page_and_the_worker_name_the_same_bundle(self):
        page, worker = self.url_open("/field/").text, self.url_open("/field/sw.js").text
        urls = json.loads(worker.splitlines()[1].removeprefix("const URLS = ").rstrip(";"))
        for url in urls:
            if "/web/assets/" in url:
                self.assertIn(url, page)

    def test_the_workers_version_changes_with_what_it_keeps(self):
        app = self.env["field.app"]
        before = app._worker()
        self.assertEqual(app._worker(), before)
        self.env["res.lang"]._activate_lang("fr_FR")
        self.assertNotEqual(app._worker().splitlines()[0], before.splitlines()[0])

    def test_the_manifest_makes_it_installable(self):
        manifest = self.url_open("/field/manifest.webmanifest").json()
        self.assertEqual((manifest["scope"], manifest["display"]), ("/field/", "standalone"))
        self.assertEqual({icon["sizes"] for icon in manifest["icons"]}, {"192x192", "512x512"})

    def test_words_of_a_language_that_is_not_installed_are_not_given(self):
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open("/field/words/xx_XX").status_code, 404)
