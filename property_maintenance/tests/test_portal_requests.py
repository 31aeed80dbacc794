import re

from odoo.tests import HttpCase, tagged

from .desk_common import DeskCommon, photo_bytes


class PortalRequestsCommon(DeskCommon, HttpCase):
    """Pages of requests as a telephone asks for them."""

    def sign_in(self, login="portal.owner"):
        self.authenticate(login, login)

    def token(self):
        """Return the CSRF token of the session, as the pages carry it."""
        page = self.url_open("/my/requests/new").text
        return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def post(self, path, values=None, files=None):
        """Send a form as a browser does."""
        return self.url_open(
            path,
            data={"csrf_token": self.token(), **(values or {})},
            files=files,
            allow_redirects=False,
        )

    def send(self, photos=(), **values):
        """Send the form of a new request."""
        files = [("photos", (f"{n}.jpg", data, "image/jpeg")) for n, data in enumerate(photos)]
        return self.post("/my/requests/new", self.form(**values), files or None)

    @property
    def raised(self):
        return self.requests.search([("contact_id", "=", self.owner.id)])


@tagged("post_install", "-at_install")
class TestPortalRequests(PortalRequestsCommon):
    def test_a_resident_raises_a_request_with_photos_for_the_own_home(self):
        self.sign_in()
        answer = self.send(
            photos=[photo_bytes(), photo_bytes(kind="PNG")],
            category=str(self.category.id),
            is_urgent="on",
            preferred_at="2026-12-01T09:30",
        )
        one = self.raised
        self.assertEqual((answer.status_code, len(one)), (303, 1))
        self.assertIn(f"/my/requests/{one.id}", answer.headers["Location"])
        self.assertEqual((one.unit_id, one.site_id), (self.unit, self.site))
        self.assertEqual((one.channel, one.kind, one.is_urgent), ("portal", "repair", True))
        self.assertEqual(str(one.preferred_at), "2026-12-01 01:30:00")
        self.assertEqual(one.photo_ids.mapped("mimetype"), ["image/jpeg"] * 2)
        page = self.url_open(f"/my/requests/{one.id}").text
        self.assertIn("Water drips from the ceiling", page)
        for photo in one.photo_ids:
            shown = self.url_open(f"/my/requests/{one.id}/photo/{photo.id}")
            self.assertEqual(shown.headers["Content-Type"], "image/jpeg")
            self.assertIn("no-store", shown.headers["Cache-Control"])

    def test_a_public_space_is_named_by_the_resident(self):
        self.sign_in()
        self.send(where=f"site-{self.site.id}", place="Gate")
        self.assertEqual((self.raised.unit_id.id, self.raised.place), (False, "Gate"))

    def test_the_same_form_sent_twice_raises_one_request(self):
        self.sign_in()
        form = self.form()
        answers = [self.post("/my/requests/new", form) for _ in range(2)]
        self.assertEqual({answer.status_code for answer in answers}, {303})
        self.assertEqual(len(self.raised), 1)

    def test_the_list_and_the_home_page_count_own_requests_only(self):
        self.new_request()
        done = self.bring_to(self.new_request(), "done")
        self.sign_in()
        page = self.url_open("/my/requests").text
        self.assertEqual(page.count("op-request-what"), 2)
        self.assertIn(done.code, page)
        counted = self.make_jsonrpc_request(
            "/my/counters",
            {"counters": ["property_request_count", "property_request_waiting_count"]},
        )
        self.assertEqual(counted["property_request_count"], 2)
        self.assertEqual(counted["property_request_waiting_count"], 1)
        self.sign_in("portal.stranger")
        self.assertEqual(self.url_open("/my/requests").text.count("op-request-what"), 0)

    def test_the_timeline_names_staff_and_role_but_no_private_data(self):
        self.engineer.write(
            {"private_phone": "13911112222", "work_phone": "13911113333", "work_email": "e@x.test"}
        )
        one = self.bring_to(self.new_request(), "done")
        one.with_user(self.users["service"]).action_return_visit("satisfied", "Secret note")
        self.sign_in()
        page = self.url_open(f"/my/requests/{one.id}").text
        self.assertIn(self.engineer.name, page)
        self.assertIn(self.engineer.job_id.name, page)
        self.assertIn("New seal", page)
        for secret in ("13911112222", "13911113333", "e@x.test", "Secret note"):
            self.assertNotIn(secret, page)

    def test_a_resident_urges_and_withdraws_an_open_request(self):
        one = self.new_request()
        self.sign_in()
        self.post(f"/my/requests/{one.id}/urge")
        self.assertEqual(one.urge_count, 1)
        self.post(f"/my/requests/{one.id}/cancel", {"reason": "It stopped"})
        self.assertEqual((one.step, one.cancel_reason), ("cancelled", "It stopped"))

    def test_a_resident_rates_finished_work(self):
        one = self.bring_to(self.new_request(), "done")
        self.sign_in()
        answer = self.post(
            f"/my/requests/{one.id}/rate",
            {"speed": "5", "quality": "4", "attitude": "3", "comment": "Thanks"},
        )
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(one.step, "closed")
        self.assertEqual((one.rating_speed, one.rating_quality, one.rating_attitude), (5, 4, 3))

    def test_a_resident_confirms_without_rating_and_rates_later(self):
        one = self.bring_to(self.new_request(), "done")
        self.sign_in()
        self.post(f"/my/requests/{one.id}/confirm")
        self.assertEqual(one.step, "confirmed")
        self.post(f"/my/requests/{one.id}/rate", {"speed": "5", "quality": "5", "attitude": "5"})
        self.assertEqual(one.step, "closed")

    def test_work_that_is_not_good_goes_back_with_the_reason(self):
        one = self.bring_to(self.new_request(), "done")
        self.sign_in()
        self.post(f"/my/requests/{one.id}/reopen", {"reason": "Drips again"})
        self.assertEqual((one.step, one.reopen_count), ("new", 1))
        self.assertIn("Drips again", self.url_open(f"/my/requests/{one.id}").text)

    def test_a_quotation_is_accepted_or_declined_on_the_page(self):
        one = self.new_request()
        first = self.quote(one)
        self.sign_in()
        page = self.url_open(f"/my/requests/{one.id}").text
        self.assertIn(first.name, page)
        self.post(
            f"/my/requests/{one.id}/decline", {"quotation": str(first.id), "reason": "Too dear"}
        )
        self.assertEqual((first.state, first.reason), ("declined", "Too dear"))
        second = self.quote(one, price=30)
        self.post(f"/my/requests/{one.id}/accept", {"quotation": str(second.id)})
        self.assertEqual((second.state, second.answered_by_id), ("accepted", self.portal_user))
        self.assertEqual(one.quotation_state, "accepted")

    def test_pages_take_no_more_queries_for_more_requests(self):
        self.new_request()
        self.sign_in()
        self.url_open("/my/requests")

        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.url_open("/my/requests")
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        for _ in range(15):
            self.new_request()
        queries()
        self.assertLessEqual(queries(), few + 5)
