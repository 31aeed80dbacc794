import json
from datetime import timedelta

from odoo.tests import HttpCase, tagged

from odoo.addons.inspection_round.tests.field_common import JPEG

from ..models import property_visitor_attempt as attempts
from ..tools import visitor_token
from .visitor_common import GuardPhoneMixin, VisitorCommon, iso


@tagged("post_install", "-at_install")
class TestVisitorField(GuardPhoneMixin, VisitorCommon, HttpCase):
    """The guard's phone: codes are judged, entries are taken once and never dropped."""

    def come(self, one, at=None, **payload):
        if at:
            payload["at"] = iso(at)
        return self.send({"action": "in", "pass": one.id, "method": "list", **payload})

    # === What the phone keeps ===

    def test_the_phone_keeps_passes_without_phones_codes_and_links(self):
        one = self.new_pass(phone="13000005678", plate="浙A12345")
        text = self.ask("/field/data").text
        data = json.loads(text)["data"]["visitors"]
        self.assertEqual({p["id"] for p in data["passes"]}, {self.one.id, one.id})
        self.assertEqual([site["id"] for site in data["sites"]], self.site.ids)
        for secret in ("13000005678", one.token, one.code):
            self.assertNotIn(secret, text)

    def test_passes_of_foreign_sites_are_not_on_the_phone(self):
        foreign = self.new_pass(unit_id=self.other_unit.id)
        self.assertNotIn(foreign.id, [p["id"] for p in self.data()["passes"]])

    def data(self):
        return self.ask("/field/data").json()["data"]["visitors"]

    def test_the_phone_knows_revoked_and_banned_passes_and_the_public_key(self):
        revoked, banned = self.new_pass(), self.new_pass(phone="13000001234")
        revoked.action_revoke()
        self.new_ban()
        signed = self.one._qr_text().split("#")[1]
        data = self.data()
        verdicts = {p["id"]: p["verdict"] for p in data["passes"]}
        self.assertEqual(
            [verdicts[one.id] for one in (self.one, revoked, banned)],
            ["valid", "revoked", "banned"],
        )
        ticket = visitor_token.read(signed, data["keys"])
        self.assertEqual((ticket.number, ticket.site), (self.one.id, self.site.id))
        self.assertNotIn("PRIVATE", json.dumps(data))

    def test_who_is_no_guard_has_no_such_screen(self):
        self.sign_in("service")
        self.assertNotIn("visitors", self.ask("/field/data").json()["data"])
        self.assertEqual(self.check(self.one._qr_text()).status_code, 403)
        self.assertEqual(self.come(self.one).status_code, 403)

    # === Judging codes ===

    def test_a_scanned_code_is_judged(self):
        late = self.new_pass()
        late.sudo().write(
            {
                "valid_from": self.now - timedelta(hours=3),
                "valid_to": self.now - timedelta(hours=2),
            }
        )
        revoked = self.new_pass()
        revoked.action_revoke()
        used = self.new_pass()
        self.enter(used, minutes=-1)
        expected = {
            "valid": self.one,
            "expired": late,
            "revoked": revoked,
            "used_up": used,
            "foreign": self.new_pass(unit_id=self.other_unit.id),
        }
        for verdict, one in expected.items():
            with self.subTest(verdict):
                answer = self.check(one._qr_text()).json()
                self.assertEqual(answer["verdict"], verdict)
                self.assertEqual("pass" in answer, verdict != "foreign")
        self.assertEqual(
            self.check(f"https://x.example/v/{'a' * 22}").json(), {"verdict": "unknown"}
        )

    def test_a_typed_code_counts_at_its_site_only(self):
        code = self.one.code
        self.assertEqual(self.check(f"{code[:4]} {code[4:]}").json()["pass"]["id"], self.one.id)
        foreign = self.new_pass(unit_id=self.other_unit.id)
        self.assertEqual(self.check(foreign.code).json(), {"verdict": "unknown"})

    def test_codes_cannot_be_tried_out(self):
        wrong = [f"{number:08d}" for number in range(attempts.MOST_OF_ONE)]
        wrong = [code if code != self.one.code else "99999999" for code in wrong]
        for code in wrong:
            self.assertEqual(self.check(code).json(), {"verdict": "unknown"})
        refused = self.check(self.one.code)
        self.assertEqual(refused.status_code, 429)
        self.assertIn("wait ten minutes", refused.json()["error"])
        self.assertEqual(self.check(self.one._qr_text()).json()["verdict"], "valid")
        noted = self.env["property.visitor.attempt"].search([("site_id", "=", self.site.id)])
        self.assertEqual(len(noted), attempts.MOST_OF_ONE)
        noted.at = self.now - timedelta(minutes=20)
        self.assertEqual(self.check(self.one.code).json()["verdict"], "valid")

    def test_a_site_takes_no_more_codes_when_many_people_try(self):
        self.env["property.visitor.attempt"].create(
            [
                {"site_id": self.site.id, "user_id": self.users["manager"].id, "at": self.now}
                for _number in range(attempts.MOST_AT_SITE)
            ]
        )
        self.assertEqual(self.check(self.one.code).status_code, 429)

    def test_nonsense_is_answered_with_a_sentence(self):
        for body in (
            {},
            {"text": 1, "site": self.site.id},
            {"text": "1", "site": self.other_site.id},
            {"text": "1", "site": "1"},
            {"text": ["1"], "site": True},
        ):
            with self.subTest(body):
                answer = self.ask("/field/visitor/check", body)
                self.assertEqual(answer.status_code, 400)
                self.assertTrue(answer.json()["error"])
        for text in ("", "x" * 5000, "/v/", "１２３４５６７８"):
            self.assertEqual(self.check(text).json(), {"verdict": "unknown"})

    # === Entries ===

    def test_an_entry_is_taken_once_however_often_it_is_sent(self):
        body = self.phone.body({"action": "in", "pass": self.one.id, "method": "qr"})
        for status in ("accepted", "repeated", "repeated"):
            answer = self.ask("/field/sync/visitor", body)
            self.assertEqual(answer.json()["status"], status, answer.text)
        visit = self.one.visit_ids
        self.assertEqual(len(visit), 1)
        self.assertEqual((visit.uuid, visit.method), (body["uuid"], "qr"))
        self.assertEqual(visit.guard_id, self.guard.employee_id)

    def test_a_double_use_that_is_told_late_is_kept_and_marked(self):
        self.come(self.one)
        answer = self.come(self.one, at=self.now - timedelta(minutes=20))
        self.assertEqual(answer.status_code, 200, answer.text)
        marked = self.one.visit_ids.filtered("problem")
        self.assertEqual((len(self.one.visit_ids), marked.problem), (2, "used_up"))
        self.assertEqual(marked.entered_at, max(self.one.visit_ids.mapped("entered_at")))

    def test_an_entry_with_a_pass_that_was_revoked_meanwhile_is_kept_and_marked(self):
        self.one.action_revoke()
        answer = self.come(self.one)
        self.assertIn("revoked", answer.json()["problem"])
        self.assertEqual(self.one.visit_ids.problem, "revoked")

    def test_an_entry_that_was_valid_when_it_happened_has_no_mark(self):
        self.one.sudo().write({"valid_to": self.now - timedelta(minutes=5)})
        self.come(self.one, at=self.now - timedelta(minutes=15))
        self.assertFalse(self.one.visit_ids.problem)

    def test_a_code_that_we_did_not_sign_is_kept_and_marked(self):
        signed = self.one._qr_text().split("#")[1]
        self.come(self.new_pass(), signed=signed, method="qr")
        other = self.visits.search([("problem", "=", "forged"), ("site_id", "=", self.site.id)])
        self.assertEqual(len(other), 1)
        self.come(self.one, signed=signed, method="qr")
        self.assertFalse(self.one.visit_ids.problem)

    def test_nobody_is_let_in_with_a_pass_of_a_foreign_site(self):
        foreign = self.new_pass(unit_id=self.other_unit.id)
        for one in (foreign, foreign.browse(2**31 - 1)):
            answer = self.come(one)
            self.assertEqual(answer.status_code, 422)
            self.assertTrue(answer.json()["error"])
        self.assertFalse(foreign.visit_ids)

    def test_a_visitor_leaves_also_when_he_came_and_went_without_a_network(self):
        came = self.phone.body({"action": "in", "pass": self.one.id, "method": "list"})
        self.ask("/field/sync/visitor", came)
        answer = self.send({"action": "out", "visit": came["uuid"]})
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(self.one.visit_ids.state, "left")
        unknown = self.send({"action": "out", "visit": "0" * 8 + came["uuid"][8:]})
        self.assertEqual(unknown.status_code, 422)

    def test_a_walk_in_is_registered_with_a_photo_of_the_car(self):
        payload = {
            "action": "walk_in",
            "site": self.site.id,
            "kind": "delivery",
            "name": "Courier",
            "unit": "3-1-1502",
            "confirmed_by": "Mrs Li",
            "plate": "浙a·12345",
        }
        answer = self.send(payload, photos=[JPEG])
        self.assertEqual(answer.status_code, 200, answer.text)
        visit = self.visits.search([("name", "=", "Courier"), ("site_id", "=", self.site.id)])
        self.assertEqual((visit.unit_id, visit.plate), (self.unit, "浙A12345"))
        photo = self.env["ir.attachment"].search(
            [("res_model", "=", visit._name), ("res_id", "=", visit.id)]
        )
        self.assertEqual(photo.mimetype, "image/jpeg")

    def test_a_walk_in_to_a_unit_nobody_knows_or_of_somebody_banned_is_kept(self):
        self.new_ban(phone=False, plate="浙A66666")
        payload = {"action": "walk_in", "site": self.site.id, "kind": "visitor"}
        payload.update(name="Wang", unit="the pond", confirmed_by="Li", plate="浙A66666")
        self.send(payload)
        visit = self.visits.search([("name", "=", "Wang"), ("site_id", "=", self.site.id)])
        self.assertEqual((visit.unit_id.id, visit.unit_text), (False, "the pond"))
        self.assertEqual(visit.problem, "banned")

    def test_a_walk_in_at_a_foreign_site_is_refused(self):
        answer = self.send(
            {
                "action": "walk_in",
                "site": self.other_site.id,
                "kind": "visitor",
                "name": "Wang",
                "unit": "1",
                "confirmed_by": "Li",
            }
        )
        self.assertEqual(answer.status_code, 422)

    # === Item releases ===

    def check_out(self, release, counts, **more):
        lines = [
            {"id": line.id, "quantity": count}
            for line, count in zip(release.line_ids, counts, strict=True)
        ]
        return self.send({"release": release.id, "lines": lines, **more}, handler="item_release")

    def test_things_are_counted_out_and_the_list_is_closed(self):
        release = self.new_release()
        self.assertEqual(self.check(release._qr_text()).json()["release"]["id"], release.id)
        answer = self.check_out(release, (2, 1))
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual((release.state, release.problem), ("done", False))
        self.assertEqual(release.guard_id, self.guard.employee_id)
        self.assertEqual(self.check(release._qr_text()).json()["verdict"], "used_up")
        self.assertNotIn(release.id, [one["id"] for one in self.data()["releases"]])

    def test_other_numbers_are_marked_and_a_second_check_out_too(self):
        release = self.new_release()
        self.check_out(release, (1, 1))
        self.assertEqual(release.problem, "Other numbers than on the list")
        self.assertEqual(release.line_ids.mapped("counted"), [1, 1])
        again = self.check_out(release, (2, 1), note="second van")
        self.assertEqual(again.status_code, 200)
        self.assertEqual(release.problem, "Carried out more than once")
        self.assertTrue(any("second van" in note.body for note in release.message_ids))

    def test_things_of_a_foreign_site_are_not_let_out(self):
        release = self.new_release(unit_id=self.other_unit.id)
        self.assertEqual(self.check_out(release, (2, 1)).status_code, 422)
        self.assertFalse(release.done_at)
