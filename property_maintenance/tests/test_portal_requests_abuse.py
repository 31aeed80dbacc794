from contextlib import contextmanager

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.photo import MAX_BYTES
from .desk_common import photo_bytes
from .test_portal_requests import PortalRequestsCommon

STEPS = ("confirm", "rate", "reopen", "urge", "cancel", "accept", "decline")
GOOD = {
    "speed": "5",
    "quality": "5",
    "attitude": "5",
    "reason": "Because",
    "comment": "x",
}


@tagged("post_install", "-at_install")
class TestPortalRequestsAbuse(PortalRequestsCommon):
    """Whatever a portal user sends, nothing of another household is shown or changed."""

    @contextmanager
    def unchanged(self):
        def state():
            self.env.invalidate_all()
            found = self.requests.search([("site_id", "!=", False)], order="id")
            return (
                found.mapped(lambda one: (one.id, one.step, one.urge_count, one.quotation_state)),
                self.env["property.request.step"].search_count([]),
                self.env["ir.attachment"].search_count([("res_model", "=", "maintenance.request")]),
            )

        before = state()
        with mute_logger("odoo.http", "odoo.sql_db"):
            yield
        self.assertEqual(state(), before)

    # === Who ===

    def test_visitors_reach_no_page(self):
        one = self.new_request()
        for path in ("/my/requests", "/my/requests/new", f"/my/requests/{one.id}"):
            # a visitor who reads the site's own language is not sent to /en first
            answer = self.url_open(
                path, headers={"Accept-Language": "zh-CN"}, allow_redirects=False
            )
            self.assertIn("/web/login", answer.headers["Location"], path)

    def test_no_route_shows_or_changes_a_request_of_somebody_else(self):
        photo = ("p.jpg", photo_bytes(), "image/jpeg")
        one = self.new_request()
        one.sudo()._attach_photos([photo])
        self.quote(one)
        finished = self.bring_to(self.new_request(), "done")
        self.sign_in("portal.stranger")
        with self.unchanged():
            for other in (one, finished):
                page = self.url_open(f"/my/requests/{other.id}")
                self.assertEqual(page.status_code, 404)
                self.assertNotIn("The tap drips", page.text)
                for step in STEPS:
                    values = {**GOOD, "quotation": str(one.quotation_id.id)}
                    answer = self.post(f"/my/requests/{other.id}/{step}", values)
                    self.assertEqual(answer.status_code, 404, step)
            for photo in one.photo_ids:
                self.assertEqual(
                    self.url_open(f"/my/requests/{one.id}/photo/{photo.id}").status_code, 404
                )
                answer = self.url_open(f"/web/image/{photo.id}")
                self.assertNotEqual(answer.content, photo.raw)

    def test_the_tenant_does_not_see_what_the_owner_asked_for(self):
        self.new_portal_user(self.tenant, "portal.tenant")
        one = self.new_request()
        self.sign_in("portal.tenant")
        self.assertEqual(self.url_open(f"/my/requests/{one.id}").status_code, 404)

    def test_a_photo_is_only_shown_with_its_own_request(self):
        mine = self.new_request()
        foreign = self.new_request(
            contact_id=self.other_owner.id, unit_id=self.other_unit.id, site_id=self.other_site.id
        )
        photo = foreign.sudo()._attach_photos([("p.jpg", photo_bytes(), "image/jpeg")])
        self.sign_in()
        for path in (
            f"/my/requests/{mine.id}/photo/{photo.id}",
            f"/my/requests/{foreign.id}/photo/{photo.id}",
        ):
            self.assertEqual(self.url_open(path).status_code, 404, path)

    def test_nobody_raises_a_request_for_a_home_that_is_not_his(self):
        self.sign_in()
        with self.unchanged():
            for where in (
                f"unit-{self.other_unit.id}",
                f"site-{self.other_site.id}",
                f"unit-{self.unit_2.id}",
                "unit-0",
                "unit--1",
                "unit-１",
                f"unit-{10**12}",
                "site-1; DROP TABLE",
                "",
            ):
                answer = self.send(where=where, place="Here")
                self.assertEqual(answer.status_code, 422, where)

    def test_a_former_resident_raises_nothing(self):
        self.owner_row.date_to = "2025-06-30"
        self.sign_in()
        with self.unchanged():
            page = self.url_open("/my/requests/new").text
            self.assertNotIn("3-1-1502", page)

    def test_a_token_of_somebody_else_shows_nothing_of_his(self):
        form = self.form()
        self.sign_in()
        self.post("/my/requests/new", form)
        self.sign_in("portal.stranger")
        with self.unchanged():
            answer = self.post("/my/requests/new", {**form, "where": f"unit-{self.other_unit.id}"})
        self.assertEqual(answer.status_code, 422)
        self.assertNotIn("Location", answer.headers)

    def test_forms_without_the_token_of_the_session_are_refused(self):
        one = self.new_request()
        self.sign_in()
        with self.unchanged():
            for path, values in (
                ("/my/requests/new", self.form()),
                (f"/my/requests/{one.id}/urge", {"reason": "x"}),
            ):
                answer = self.url_open(path, data=values, allow_redirects=False)
                self.assertEqual(answer.status_code, 400, path)

    # === What ===

    def test_illegal_steps_are_refused_with_a_sentence(self):
        fresh = self.new_request()
        finished = self.bring_to(self.new_request(), "done")
        self.sign_in()
        with self.unchanged():
            for one, steps in (
                (fresh, ("confirm", "rate", "reopen", "accept", "decline")),
                (finished, ("urge", "cancel", "accept")),
            ):
                for step in steps:
                    answer = self.post(f"/my/requests/{one.id}/{step}", GOOD)
                    self.assertEqual(answer.status_code, 422, step)
                    self.assertIn("op-note-due", answer.text)
                    self.assertNotIn("Traceback", answer.text)
            for step in ("assign", "done", "_happen", "unlink", "write"):
                answer = self.post(f"/my/requests/{fresh.id}/{step}", GOOD)
                self.assertEqual(answer.status_code, 404, step)

    def test_hostile_values_of_steps_are_refused(self):
        one = self.bring_to(self.new_request(), "done")
        self.sign_in()
        with self.unchanged():
            for step, values in (
                ("rate", {}),
                ("rate", {**GOOD, "speed": "6"}),
                ("rate", {**GOOD, "quality": "0"}),
                ("rate", {**GOOD, "attitude": "5.0"}),
                ("rate", {**GOOD, "comment": "x" * 501}),
                ("reopen", {}),
                ("reopen", {"reason": "   "}),
                ("reopen", {"reason": "x" * 501}),
            ):
                answer = self.post(f"/my/requests/{one.id}/{step}", values)
                self.assertEqual(answer.status_code, 422, (step, values))

    def test_an_answer_to_another_quotation_than_the_one_shown_is_refused(self):
        one = self.new_request()
        first = self.quote(one)
        one.action_withdraw_quotation()
        first.line_ids.price_unit = 500
        one.action_send_quotation()
        self.sign_in()
        with self.unchanged():
            for shown in (str(first.id), "", "0", "x", str(10**12)):
                answer = self.post(f"/my/requests/{one.id}/accept", {"quotation": shown})
                self.assertEqual(answer.status_code, 422, shown)

    def test_a_quotation_that_was_tampered_with_cannot_be_accepted(self):
        one = self.new_request()
        quotation = self.quote(one)
        self.env.cr.execute(
            "UPDATE property_request_quotation SET amount = 1 WHERE id = %s", [quotation.id]
        )
        quotation.invalidate_recordset()
        self.sign_in()
        with self.unchanged():
            answer = self.post(f"/my/requests/{one.id}/accept", {"quotation": str(quotation.id)})
            self.assertEqual(answer.status_code, 422)

    def test_hostile_values_of_the_form_are_refused(self):
        self.sign_in()
        foreign = self.env["property.request.category"].create(
            {"name": "Old", "active": False, "kind": "repair"}
        )
        with self.unchanged():
            for values in (
                {"description": ""},
                {"description": "  \x00 "},
                {"description": "x" * 2001},
                {"kind": "magic"},
                {"kind": ""},
                {"category": "abc"},
                {"category": "-1"},
                {"category": str(10**12)},
                {"category": str(foreign.id)},
                {"preferred_at": "tomorrow"},
                {"preferred_at": "9999-99-99T99:99"},
                {"token": ""},
                {"token": "x" * 32},
                {"where": f"site-{self.site.id}", "place": ""},
                {"place": "x" * 121},
            ):
                answer = self.send(**values)
                self.assertEqual(answer.status_code, 422, values)
                self.assertIn("op-note-due", answer.text)

    def test_further_values_of_the_form_are_ignored(self):
        self.sign_in()
        self.send(
            contact_id=str(self.other_owner.id),
            step="closed",
            assignee_id=str(self.engineer.id),
            site_id=str(self.other_site.id),
            quotation_state="accepted",
        )
        one = self.raised
        self.assertEqual((one.contact_id, one.site_id, one.step), (self.owner, self.site, "new"))
        self.assertFalse(one.assignee_id)

    def test_scripts_in_texts_are_shown_as_text(self):
        self.sign_in()
        self.send(description="<script>alert(1)</script> drips", place="<img src=x onerror=a>")
        page = self.url_open(f"/my/requests/{self.raised.id}").text
        self.assertNotIn("<script>alert(1)", page)
        self.assertNotIn("<img src=x", page)

    # === Uploads ===

    def test_bad_uploads_are_refused_and_leave_nothing(self):
        self.sign_in()
        with self.unchanged():
            for photos in (
                [b"MZ\x90\x00 a program"],
                [b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"],
                [b"GIF89a" + b"\0" * 100],
                [b"%PDF-1.7"],
                [b""],
                [photo_bytes()[:25]],
                [photo_bytes(), b"not a photo"],
                [photo_bytes() + b"\0" * MAX_BYTES],
                [photo_bytes()] * 10,
            ):
                answer = self.send(photos=photos)
                self.assertEqual(answer.status_code, 422, photos[0][:20])
                self.assertIn("op-note-due", answer.text)

    def test_the_name_and_the_type_that_the_telephone_says_are_ignored(self):
        self.sign_in()
        files = [("photos", ("../../evil.html", photo_bytes(kind="PNG"), "text/html"))]
        self.post("/my/requests/new", self.form(), files)
        photo = self.raised.photo_ids
        self.assertEqual((photo.name, photo.mimetype), ("photo-1.jpg", "image/jpeg"))
        self.assertFalse(photo.public)
