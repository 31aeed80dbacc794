import base64
import re
from datetime import date, timedelta

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .visitor_common import VisitorCommon

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
TOKEN = "0123456789abcdef" * 2


@tagged("post_install", "-at_install")
class TestVisitorPortal(VisitorCommon, HttpCase):
    """Residents' pages: their own things only, and bad input gets a sentence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tenant_user = cls.new_portal_user(cls.tenant, "portal.tenant")
        cls.other_user = cls.new_portal_user(cls.other_owner, "portal.other")

    def setUp(self):
        super().setUp()
        self.sign_in("portal.owner")

    def sign_in(self, login):
        self.env.flush_all()
        self.authenticate(login, login)

    def page(self, path, status=200):
        self.env.flush_all()
        with mute_logger("odoo.http"):
            response = self.url_open(path)
        self.assertEqual(response.status_code, status, path)
        return response.text

    def post(self, path, files=None, **form):
        """Send a form as the page does; an answer that leads on is not followed."""
        self.env.flush_all()
        token = re.search(r'csrf_token: "([^"]+)"', self.url_open("/my/visitors").text)[1]
        with mute_logger("odoo.http"):
            response = self.url_open(
                path,
                data={"csrf_token": token, **form},
                files=files,
                allow_redirects=False,
            )
        self.env.invalidate_all()
        return response

    def make(self, **form):
        form = {"token": TOKEN, "name": "Aunt Zhao", "when": "today", "unit": self.unit.id, **form}
        return self.post("/my/visitors/new", **form)

    def mine(self, model="property.visitor.pass"):
        known = self.one if model == self.one._name else self.env[model]
        found = self.env[model].search([("partner_id", "=", self.owner.id)])
        return found - known

    # === Passes ===

    def test_a_pass_is_made_with_a_name_and_a_day(self):
        response = self.make(plate="浙a·12345")
        self.assertEqual(response.status_code, 303)
        one = self.mine()
        self.assertEqual((one.name, one.plate, one.uses_max), ("Aunt Zhao", "浙A12345", 1))
        self.assertEqual((one.state, one.unit_id), ("valid", self.unit))
        page = self.page(f"/my/visitors/{one.id}")
        for text in ("Aunt Zhao", f"/v/{one.token}", f"{one.code[:4]} {one.code[4:]}"):
            self.assertIn(text, page)
        self.assertIn("Aunt Zhao", self.page("/my/visitors"))

    def test_a_form_that_is_sent_twice_makes_one_pass(self):
        for _time in range(2):
            self.assertEqual(self.make().status_code, 303)
        self.assertEqual(len(self.mine()), 1)

    def test_what_cannot_be_taken_is_told_on_the_form(self):
        wrong = (
            {"name": ""},
            {"name": "x" * 41},
            {"when": "never"},
            {"when": "days"},
            {"when": "days", "day_from": "2020-01-01"},
            {"when": "days", "day_from": str(date.today() + timedelta(days=5)), "day_to": "x"},
            {"plate": "no plate"},
            {"phone": "call me"},
            {"kind": "burglar"},
            {"unit": self.other_unit.id},
            {"unit": self.space.id},
            {"unit": "1e9"},
            {"token": "short"},
            {"when": "days", "day_from": str(date.today() + timedelta(days=400))},
        )
        for form in wrong[:-1]:
            with self.subTest(form):
                response = self.make(**form)
                self.assertEqual(response.status_code, 200)
                self.assertIn("op-note-due", response.text)
        self.assertFalse(self.mine())

    def test_too_long_a_window_and_a_banned_visitor_are_told_on_the_form(self):
        self.new_ban()
        today = date.today()
        for form in (
            {"phone": "130-0000-1234"},
            {"when": "days", "day_from": today, "day_to": today + timedelta(days=60)},
        ):
            with self.subTest(form):
                response = self.make(**form)
                self.assertIn("op-note-due", response.text)
                self.assertIn("Aunt Zhao", response.text)
        self.assertFalse(self.mine())

    def test_a_revoked_pass_has_no_code_any_more(self):
        self.assertEqual(self.post(f"/my/visitors/{self.one.id}/revoke").status_code, 303)
        self.assertEqual(self.one.state, "revoked")
        self.assertNotIn(self.one.token, self.page(f"/my/visitors/{self.one.id}"))

    def test_arrivals_are_shown(self):
        self.enter(self.one)
        self.assertIn("fa-sign-in", self.page(f"/my/visitors/{self.one.id}"))

    # === Whose it is ===

    def test_every_page_of_somebody_elses_things_is_not_found(self):
        release = self.new_release()
        for login in ("portal.other", "portal.tenant"):
            self.sign_in(login)
            for path in (
                f"/my/visitors/{self.one.id}",
                f"/my/item-releases/{release.id}",
                "/my/visitors/999999999",
                "/my/visitors/99999999999999999999",
                "/my/item-releases/99999999999999999999",
            ):
                with self.subTest(f"{login} {path}"):
                    page = self.page(path, status=404)
                    for secret in (self.one.token, self.one.code, "Lao Wang", "Moving Co"):
                        self.assertNotIn(secret, page)
            for path in (
                f"/my/visitors/{self.one.id}/revoke",
                *(
                    f"/my/item-releases/{release.id}/{step}"
                    for step in ("revoke", "approve", "refuse", "explode")
                ),
            ):
                with self.subTest(f"{login} {path}"):
                    self.assertEqual(self.post(path).status_code, 404)
            self.assertNotIn("Lao Wang", self.page("/my/visitors"))
            self.assertNotIn("Moving Co", self.page("/my/item-releases"))
        self.assertEqual((self.one.state, release.state), ("valid", "valid"))

    def test_strangers_are_sent_to_the_login_page(self):
        self.authenticate(None, None)
        for path in (
            "/my/visitors",
            "/my/visitors/new",
            f"/my/visitors/{self.one.id}",
            "/my/item-releases",
            "/my/item-releases/new",
        ):
            with self.subTest(path):
                self.assertIn("/web/login", self.url_open(path).url)

    # === The visitor's page ===

    def test_the_link_shows_the_code_and_nothing_of_the_resident(self):
        self.authenticate(None, None)
        page = self.page(f"/v/{self.one.token}")
        for text in ("Lao Wang", "3-1-1502", "Test Garden", "data:image/png;base64,"):
            self.assertIn(text, page)
        for secret in ("Test Owner Li", "13800001111", "138****1111"):
            self.assertNotIn(secret, page)
        headers = self.url_open(f"/v/{self.one.token}").headers
        self.assertIn("noindex", headers["X-Robots-Tag"])
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.assertIn("no-store", headers["Cache-Control"])

    def test_the_link_names_the_unit_only_if_the_resident_wants_that(self):
        self.authenticate(None, None)
        page = self.page(f"/v/{self.new_pass(show_unit=False).token}")
        self.assertNotIn("3-1-1502", page)
        self.assertIn("3栋", page)

    def test_a_link_without_a_pass_or_with_one_that_is_over_shows_no_code(self):
        self.authenticate(None, None)
        revoked, draft = self.new_pass(), self.new_pass(issue=False)
        revoked.action_revoke()
        self.assertNotIn("data:image/png", self.page(f"/v/{revoked.token}"))
        for token in (draft.token, "a" * 22, "x", "%00", "a" * 500):
            with self.subTest(token):
                self.page(f"/v/{token}", status=404)

    # === Item releases ===

    def make_release(self, **form):
        form = {
            "token": TOKEN,
            "item": ["Sofa", "", "Lamp"],
            "quantity": ["2", "1", "1"],
            "carrier": "Moving Co",
            "when": "today",
            "unit": self.unit.id,
            **form,
        }
        return self.post("/my/item-releases/new", **form)

    def test_a_list_is_made_with_photos_without_metadata(self):
        response = self.make_release(files={"photos": ("a.png", PNG, "image/png")})
        self.assertEqual(response.status_code, 303)
        release = self.mine("property.item.release")
        self.assertEqual(release.summary, "Sofa×2、Lamp×1")
        self.assertEqual(release.photo_ids.mapped("mimetype"), ["image/jpeg"])
        self.assertEqual(release.state, "valid")
        self.assertIn("Sofa", self.page(f"/my/item-releases/{release.id}"))

    def test_a_list_that_cannot_be_taken_is_told_on_the_form(self):
        for form in (
            {"item": [], "quantity": []},
            {"quantity": ["2", "1"]},
            {"quantity": ["many", "1", "1"]},
            {"quantity": ["0", "1", "1"]},
            {"carrier": ""},
            {"files": {"photos": ("a.png", b"<svg/>", "image/png")}},
            {"files": {"photos": ("a.png", PNG[:20], "image/png")}},
        ):
            with self.subTest(form):
                response = self.make_release(**form)
                self.assertEqual(response.status_code, 200)
                self.assertIn("op-note-due", response.text)
        self.assertFalse(self.mine("property.item.release"))

    def test_a_tenants_list_waits_for_the_owner(self):
        self.sign_in("portal.tenant")
        self.make_release()
        release = self.releases.search([("partner_id", "=", self.tenant.id)])
        self.assertEqual((release.state, release.owner_approval), ("waiting", "waiting"))
        self.assertIn(self.owner, release.message_ids.partner_ids)
        self.assertEqual(self.post(f"/my/item-releases/{release.id}/approve").status_code, 200)
        self.assertEqual(release.owner_approval, "waiting")
        self.sign_in("portal.owner")
        page = self.page(f"/my/item-releases/{release.id}")
        self.assertIn("I agree", page)
        self.assertNotIn(release.token, page)
        self.assertEqual(self.post(f"/my/item-releases/{release.id}/revoke").status_code, 200)
        self.assertEqual(self.post(f"/my/item-releases/{release.id}/approve").status_code, 303)
        self.assertEqual((release.state, release.owner_decided_id), ("valid", self.owner))
        self.assertNotIn(release.token, self.page(f"/my/item-releases/{release.id}"))
        again = self.post(f"/my/item-releases/{release.id}/refuse")
        self.assertIn("op-note-due", again.text)

    def test_the_start_page_counts_visitors_and_lists(self):
        self.new_release()
        answer = self.make_jsonrpc_request(
            "/my/counters",
            {"counters": ["property_visitor_count", "property_item_release_count"]},
        )
        self.assertEqual(answer, {"property_visitor_count": 1, "property_item_release_count": 1})
